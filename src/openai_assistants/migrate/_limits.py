"""Limits of version 2 of the API."""

from __future__ import annotations

from typing import Final

NAME: Final = 256
"""Characters of an assistant's name."""
DESCRIPTION: Final = 512
INSTRUCTIONS: Final = 256_000
TEXT: Final = 256_000
"""Characters of a text part of a message."""
TOOLS: Final = 128
CODE_FILES: Final = 20
"""Files that the code interpreter of an assistant or a thread has."""
STORE_FILES: Final = 500
"""Files that are put into a vector store at once; every server takes so many."""
PAIRS: Final = 16
"""Entries of metadata."""
KEY: Final = 64
VALUE: Final = 512

UNSEARCHABLE: Final = frozenset(
    {
        *("7z", "avi", "bin", "bmp", "exe", "gif", "gz", "heic", "ico", "jpeg", "jpg", "mkv", "mov", "mp3", "mp4"),
        *("ogg", "pickle", "pkl", "png", "rar", "sqlite", "tar", "tgz", "tif", "tiff", "wav", "webm", "webp"),
        *("xls", "xlsb", "xlsx", "zip"),
    }
)
"""Endings of names of files that have no text which file search could find."""


def is_searchable(name: str | None) -> bool:
    """Whether file search can have use for a file of this name; a file without a known name may be anything."""
    return name is None or name.rpartition(".")[2].lower() not in UNSEARCHABLE
