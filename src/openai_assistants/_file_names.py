"""Names for uploads that have none: the API tells kinds of files by their endings, and refuses unknown ones."""

from __future__ import annotations

import codecs
import mimetypes

HEAD = 1024
"""Bytes from the beginning of a file that tell its kind."""

STEM = "upload"

_LINES_OF_JSON = frozenset({"batch", "fine-tune", "evals"})
"""Purposes for which a file is one JSON object a line."""

_BEGINNINGS = (
    (b"%PDF-", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"PK\x03\x04", ".zip"),
)


def name_for(purpose: object, media_type: str | None, head: bytes) -> str:
    """A name for a file from what it is for, its type if that is known, and its first bytes."""
    if media_type is not None and (ending := mimetypes.guess_extension(media_type)):
        return STEM + ending
    if isinstance(purpose, str) and purpose in _LINES_OF_JSON:
        return STEM + ".jsonl"
    return STEM + _ending_of(head)


def _ending_of(head: bytes) -> str:
    for beginning, ending in _BEGINNINGS:
        if head.startswith(beginning):
            return ending
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ".webp"
    return ".txt" if _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)  # the last character may be cut
    except UnicodeDecodeError:
        return False
    return "\0" not in text
