"""What runs the programs of the code interpreter: the interface, its limits, what comes of a program, and the notes
with which the sandbox tells whoever reads the logs of a program, in square brackets and each on its own line.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

MEBIBYTE = 1 << 20

DATA = "/mnt/data"
"""The working directory of programs, where input files lie and made files are looked for."""

_NAME_CHARACTERS = 120

Problem = Literal["time", "memory", "files", "ended"]
"""Why a program was ended: one of the limits, or the program ended its own Python process."""

_AFTER_END = "Variables are lost; files in /mnt/data are kept."


class SandboxError(RuntimeError):
    """The sandbox itself failed: it could not be started or was lost, or a made file was read too late."""


class SandboxUnavailableError(SandboxError):
    """No sandbox can work here; the message says what is missing and what to do."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the programs of a session may use. Raises `ValueError` for a limit that is not positive."""

    seconds: float = 60.0
    """Time of one call; then all its processes are killed."""
    memory_bytes: int = 1024 * MEBIBYTE
    """Address space of each process, and memory in use by all processes of a session together."""
    output_bytes: int = 64 * 1024
    """Output of one call; what comes after is thrown away."""
    file_bytes: int = 100 * MEBIBYTE
    """Size of one file."""
    disk_bytes: int = 256 * MEBIBYTE
    """Size of all files of a session, input files and temporary files included. They lie in memory."""
    files: int = 10_000
    """Number of files and directories of a session."""
    made_files: int = 20
    """How many files one call hands out; more stay in the session."""
    processes: int = 64
    """Number of processes and threads of a session; more cannot be started."""
    sessions: int = 8
    """Sessions that are alive at once. The one that was idle longest gives way to a new one; where none is idle,
    the new one waits."""
    idle_seconds: float = 600.0
    """A session that is not used for so long is closed."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"the limit {name} must be more than 0, not {value!r}")


@dataclass(frozen=True)
class InputFile:
    """A file that programs find in `/mnt/data`."""

    name: str
    """The file's name; whatever it is, it cannot lead out of `/mnt/data`."""
    file_id: str
    read: Callable[[], AsyncIterator[bytes]]
    """Begins to read the content; called once for each session, and again when a session was lost."""


@dataclass(frozen=True)
class MadeFile:
    """A file that a call made or changed in `/mnt/data`. Names that begin with a dot, `__pycache__`, links and
    everything that is not a plain file are left out."""

    name: str
    """Its name without directories, free of control characters."""
    path: str
    """Where programs find it, such as `/mnt/data/out/plot.png`."""
    size: int
    """In bytes."""
    is_image: bool
    """Whether the content is a PNG, JPEG, GIF or WebP image."""
    read: Callable[[], AsyncIterator[bytes]]
    """Begins to read the content, in chunks of at most 64 KiB. Possible until the next call or the end of the
    session, then `SandboxError`."""


@dataclass(frozen=True)
class CodeResult:
    """What came of a call."""

    logs: str
    """Output and errors in the order of writing, the last expression's value, a traceback where there was an
    exception; after it, in square brackets, what the sandbox has to say: limits that were reached, lost variables."""
    files: tuple[MadeFile, ...] = ()
    problem: Problem | None = None
    """Set when the program was ended before it had finished; the variables of the session are lost."""
    output_cut: bool = False
    """Whether output was thrown away."""


class Sandbox(Protocol):
    """Runs programs of many sessions at once; the calls of one session run one after another. Used by one event loop
    at a time."""

    async def run(self, code: str, *, session: str, files: Sequence[InputFile] = ()) -> CodeResult:
        """Run a program. Variables and files are kept between the calls of a session. A cancelled call ends its
        session. Whatever a program does is a result; raises `SandboxError` when the sandbox itself fails."""
        ...

    async def close(self, session: str) -> None:
        """End a session, and with it its processes and files; nothing happens when there is none."""
        ...

    async def stop(self) -> None:
        """End all sessions. The next call begins anew."""
        ...


def paths_of(files: Sequence[InputFile]) -> dict[str, str]:
    """Where programs find these files, by file id: `/mnt/data` and a safe form of the name. Of files with the same
    name the later ones get a number (`data.csv`, `data-2.csv`), so the order should stay the same."""
    paths: dict[str, str] = {}
    taken: set[str] = set()
    for file in files:
        if file.file_id in paths:
            continue
        stem, extension = posixpath.splitext(safe_name(file.name))
        name, number = stem + extension, 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}{extension}"
        taken.add(name)
        paths[file.file_id] = f"{DATA}/{name}"
    return paths


def safe_name(name: str) -> str:
    """A name for one file in one directory: no directories, no control characters, no dots in front, not too long."""
    last = re.split(r"[/\\]", name)[-1]
    printable = "".join(character if character.isprintable() else "_" for character in last)
    stem, extension = posixpath.splitext(printable.strip().lstrip("."))
    extension = extension[:20]
    return (_cut(stem, _NAME_CHARACTERS - len(extension)) + extension) or "file"


def _cut(text: str, characters: int) -> str:
    # A name has at most 255 bytes on disk, which are as few as 63 characters.
    return text[:characters].encode()[:150].decode(errors="ignore")


# Notes.


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
