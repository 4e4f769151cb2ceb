"""Files that have no text for us."""

from __future__ import annotations

from ...processing import FileErrorCode

READ = "text in any usual encoding (txt, md, csv, json, source code ...), HTML, PDF and docx"


class Unreadable(Exception):
    """A file that has no text for us; the code and message are those of its `last_error`."""

    def __init__(self, code: FileErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def unsupported(filename: str, what: str = "is not text") -> Unreadable:
    """A file of a kind that is not read."""
    return Unreadable("unsupported_file", f"The file '{filename}' {what}. This server reads {READ}.")


def invalid(filename: str, what: str) -> Unreadable:
    """A file of a kind that is read, with something wrong."""
    return Unreadable("invalid_file", f"The file '{filename}' {what}.")
