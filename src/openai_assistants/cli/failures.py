"""What ends a command early."""

from __future__ import annotations


class Failure(Exception):
    """Something cannot be done; the message says what, and what to do about it."""

    def __init__(self, message: str, *, code: int = 1) -> None:
        super().__init__(message)
        self.code = code
