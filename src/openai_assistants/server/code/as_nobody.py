"""Starts bubblewrap from a server that runs as root: as the user `nobody`, who then owns everything in the sandbox.

A script of its own. What `nobody` could not reach (an interpreter below `/root`, say) is bound into a new file system
at `/tmp` that only this process and its children see.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys

_MS_NODEV, _MS_NOSUID, _MS_BIND, _MS_REC, _MS_PRIVATE = 4, 2, 4096, 16384, 1 << 18
_CLONE_NEWNS = 0x20000
_PLACE = "/tmp"  # noqa: S108

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Become nobody and run the command; paths that are to be reachable stand in it as objects `{"path": ...}`."""
    user: int
    command: list[str | dict[str, str]]
    user, command = json.loads(sys.argv[1])
    _check(_libc.unshare(_CLONE_NEWNS), "have a mount namespace")
    _mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE)
    sources = {each["path"]: os.open(each["path"], os.O_PATH) for each in command if isinstance(each, dict)}
    _mount(b"tmpfs", _PLACE.encode(), b"tmpfs", _MS_NODEV | _MS_NOSUID, b"mode=755,size=1m")
    places: dict[str, str] = {}
    for number, (path, source) in enumerate(sources.items()):
        place = places[path] = f"{_PLACE}/{number}"
        if os.path.isdir(f"/proc/self/fd/{source}"):
            os.mkdir(place)
        else:
            os.close(os.open(place, os.O_CREAT | os.O_WRONLY, 0o644))
        _mount(f"/proc/self/fd/{source}".encode(), place.encode(), None, _MS_BIND | _MS_REC)
        os.close(source)
    os.chdir("/")
    try:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError as error:
        sys.exit(f"root could not become the user {user}: {error.strerror}")
    arguments = [places[each["path"]] + each["rest"] if isinstance(each, dict) else each for each in command]
    os.execv(arguments[0], arguments)  # noqa: S606


def _mount(source: bytes, target: bytes, kind: bytes | None, flags: int, options: bytes | None = None) -> None:
    _check(_libc.mount(source, target, kind, ctypes.c_ulong(flags), options), f"mount {target.decode()}")


def _check(answer: int, what: str) -> None:
    if answer != 0:
        sys.exit(f"root could not {what}: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    main()
