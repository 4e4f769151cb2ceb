"""Runs programs one after another in one namespace, as a notebook does. A process of its own inside the sandbox.

Each program comes over a pipe, its length in front. Its number on another pipe says that it has ended; before, 0 says
that this process is ready. What programs print goes where this process prints.
"""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import os
import struct
import sys
import traceback
import types


def main() -> None:
    """Serve programs until the pipe ends."""
    commands, done = int(sys.argv[1]), int(sys.argv[2])
    for stream in (sys.stdout, sys.stderr):
        assert isinstance(stream, io.TextIOWrapper)
        stream.reconfigure(errors="backslashreplace")
    sys.path[:0] = ["", sys.argv[3]]
    sys.argv[:] = [""]
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    own = os.getpid()
    output = os.dup(1)
    number = 0
    os.write(done, struct.pack(">I", number))
    while (code := _receive(commands)) is not None:
        number += 1
        for each in (1, 2):
            os.dup2(output, each)  # an earlier program may have closed it
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass  # what an earlier program left running was killed at its end
        _run(code, f"<program {number}>", module)
        if os.getpid() != own:
            os._exit(0)  # a fork of the program that ran on to its end
        os.write(done, struct.pack(">I", number))


def _receive(pipe: int) -> str | None:
    header = _exactly(pipe, 4)
    if len(header) < 4:
        return None
    return _exactly(pipe, struct.unpack(">I", header)[0]).decode()


def _exactly(pipe: int, size: int) -> bytes:
    content = b""
    while len(content) < size and (chunk := os.read(pipe, size - len(content))):
        content += chunk
    return content


def _run(code: str, name: str, module: types.ModuleType) -> None:
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)  # tracebacks show the lines
    try:
        tree = ast.parse(code, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), module.__dict__)  # noqa: S102
        if isinstance(last, ast.Expr):
            sys.displayhook(eval(compile(ast.Expression(last.value), name, "eval"), module.__dict__))  # noqa: S307
    except SystemExit:
        pass  # the program ends, its variables stay
    except BaseException as error:
        _show(error)
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        if stream is not None:
            with contextlib.suppress(Exception):
                stream.flush()


def _show(error: BaseException) -> None:
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename in (__file__, ast.__file__):
        trace = trace.tb_next
    with contextlib.suppress(Exception):
        traceback.print_exception(type(error), error, trace)


if __name__ == "__main__":
    main()
