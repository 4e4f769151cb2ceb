"""The process that reads one document."""

from __future__ import annotations

import json
import logging
import sys
import warnings
from collections.abc import Iterator
from typing import BinaryIO

from . import CPU_SECONDS, MEMORY_BYTES, REFUSED, TEXT_BYTES, Refused


def main() -> int:
    """Write the text of standard input; the exit code."""
    _limit()
    logging.disable()
    warnings.simplefilter("ignore")
    written = 0
    try:
        for piece in _read(sys.argv[1], sys.stdin.buffer):
            data = piece.replace("\0", "").encode(errors="replace")
            written += len(data)
            if written > TEXT_BYTES:
                raise Refused("invalid_file", f"has more than {TEXT_BYTES >> 20} MiB of text.")
            sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except Refused as refused:
        return _refuse(refused.code, refused.reason)
    except ModuleNotFoundError as missing:
        reason = f"needs the package '{missing.name}', which is not installed: pip install 'openai-assistants[server]'"
        return _refuse("server_error", reason)
    except MemoryError:
        return _refuse("invalid_file", "takes too much memory to read.")
    except BrokenPipeError:
        return 1
    except Exception as error:  # the libraries raise all kinds
        return _refuse("invalid_file", f"is broken: {type(error).__name__}.")
    return 0


def _read(kind: str, file: BinaryIO) -> Iterator[str]:
    file.seek(0)
    if kind == "pdf":
        from . import pdf

        return pdf.read(file)
    if kind == "docx":
        from . import docx

        return docx.read(file)
    from . import html

    return html.read(file)


def _refuse(code: str, reason: str) -> int:
    print("\n" + json.dumps({"code": code, "reason": reason}), file=sys.stderr)
    return REFUSED


def _limit() -> None:
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (value, hard))


if __name__ == "__main__":
    sys.exit(main())
