"""The processes of the sandbox, as the kernel shows them."""

from __future__ import annotations

import os
import resource

_PAGE = resource.getpagesize()


def others() -> list[int]:
    """All processes but this one and those that have ended."""
    pids = (int(name) for name in os.listdir("/proc") if name.isdigit())
    return [pid for pid in pids if pid != 1 and state(pid) not in ("Z", "X", "")]


def state(pid: int) -> str:
    """The letter for what a process does: `T` when it is stopped, nothing when it is gone."""
    return _proc(pid, "stat").rpartition(") ")[2][:1]


def resident(pid: int) -> int:
    """Bytes of memory in use, those shared with others included."""
    fields = _proc(pid, "statm").split()
    return int(fields[1]) * _PAGE if fields else 0


def proportional(pid: int) -> int:
    """Bytes of memory in use, of those shared with others its share."""
    for line in _proc(pid, "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return resident(pid)


def _proc(pid: int, name: str) -> str:
    try:
        with open(f"/proc/{pid}/{name}", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
