"""The command `openai-assistants`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

INSTALL = "pip install 'openai-assistants[server,cli]'"


def main(arguments: Sequence[str] | None = None, *, program: str = "openai-assistants") -> int:
    """Run the command; returns its exit code. `arguments` are those of the command line, unless given.

    Exit codes: 0 all went well, 1 something could not be done, 2 the command line is wrong or an extra is missing.
    """
    try:
        from .app import run
    except ImportError as error:
        print(f"error: the command needs {error.name}, which is not installed: {INSTALL}", file=sys.stderr)
        return 2
    return run(list(sys.argv[1:] if arguments is None else arguments), program)


def script() -> None:
    """What the installed command calls."""
    raise SystemExit(main())
