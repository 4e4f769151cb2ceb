"""What the sandbox has to say to whoever reads the logs of a program, each note in square brackets on its own line."""

from __future__ import annotations

from .base import Limits, Problem

_AFTER_END = "Variables are lost; files in /mnt/data are kept."


def problem_note(problem: Problem, limits: Limits) -> str:
    """Why a program was ended."""
    mebibytes = limits.memory_bytes >> 20
    match problem:
        case "time":
            return f"[The program was ended: it ran longer than {limits.seconds:g} s. {_AFTER_END}]"
        case "memory":
            return f"[The program was ended: it used more than {mebibytes} MiB of memory. {_AFTER_END}]"
        case "ended":
            return f"[The program ended its own Python process. {_AFTER_END}]"
        case "files":
            return (
                f"[The program was ended: it made more than {limits.files} files and directories. "
                "Variables and all files are lost.]"
            )


def cut_note(dropped: int, limits: Limits) -> str:
    """What became of output beyond the limit."""
    return f"[Output is limited to {limits.output_bytes} bytes; {dropped} more were thrown away.]"


def files_note(left_out: int) -> str:
    """That more files were made than are handed out."""
    return f"[{left_out} more files were made; they stay in /mnt/data and are not handed out.]"


def input_note(path: str, error: str) -> str:
    """That an input file could not be written."""
    return f"[The input file {path} is missing: {error}.]"


def lost_note() -> str:
    """That this is not the process that earlier calls ran in."""
    return "[This is a new sandbox: variables and files of earlier programs are gone, input files are there again.]"
