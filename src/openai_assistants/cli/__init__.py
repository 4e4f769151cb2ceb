"""The command `openai-assistants`, and what its commands have in common. It loads nothing that an extra brings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

INSTALL = "pip install 'openai-assistants[server,cli]'"


class Failure(Exception):
    """Something cannot be done; the message says what, and what to do about it."""

    def __init__(self, message: str, *, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def main(arguments: Sequence[str] | None = None, *, program: str = "openai-assistants") -> int:
    """Run the command; returns its exit code. `arguments` are those of the command line, unless given.

    Exit codes: 0 all went well, 1 something could not be done, 2 the command line is wrong or an extra is missing.
    """
    try:
        from .serve import run_command
    except ImportError as error:
        print(f"error: the command needs {error.name}, which is not installed: {INSTALL}", file=sys.stderr)
        return 2
    return run_command(list(sys.argv[1:] if arguments is None else arguments), program)


def script() -> None:
    """What the installed command calls."""
    raise SystemExit(main())


def read_text(file: Path, what: str, *, code: int = 2) -> str:
    """What is in a file that an option names.

    Raises:
        Failure: It cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise Failure(f"{what} in {file} cannot be read: {reason}", code=code) from None


def lines_in(text: str) -> list[str]:
    """The lines that say something, which empty ones and comments do not."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def printable(text: str) -> str:
    """A text without control characters: what a server says must not steer a terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
