"""Text out of PDF, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from . import Refused

MOST_PAGES = 10_000


def read(file: BinaryIO) -> Iterator[str]:
    """The text of each page."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    reader = PdfReader(file)
    if reader.is_encrypted:
        # Many are, without a password for reading.
        try:
            opened = reader.decrypt("")
        except (DependencyError, NotImplementedError):
            raise Refused("invalid_file", "is encrypted in a way that this server cannot read.") from None
        if not opened:
            raise Refused("invalid_file", "is encrypted with a password. Remove the password and upload it again.")
    if len(reader.pages) > MOST_PAGES:
        raise Refused("invalid_file", f"has more than {MOST_PAGES} pages.")
    found = False
    for page in reader.pages:
        text = page.extract_text().strip()
        if text:
            yield "\n\n" * found + text
            found = True
    if not found:
        raise Refused("invalid_file", "has no text; pages that are pictures must go through text recognition first.")
