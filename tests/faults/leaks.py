"""What is left of connections, tasks, threads and files: nothing that nobody uses."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import anyio

from .proxy import Proxy

PATIENCE = 30.0
"""Seconds within which what was let go of must be gone, on however busy a machine."""


def pools_of(http: Any) -> list[Any]:
    """The pools of an HTTP client that was made by one of our clients."""
    transport = http._transport
    found = [pool.transport for pool in transport._pools] if hasattr(transport, "_pools") else [transport]
    return [each._pool for each in found]


def used(client: Any) -> tuple[int, int, int]:
    """Of a client's own connections: those in use, those kept for later; and the requests counted as under way."""
    http = client._core.http()
    # Where two close a connection at once, the pool forgets it with its next request.
    connections = [each for pool in pools_of(http) for each in pool.connections if not each.is_closed()]
    waiting = sum(len(pool._requests) for pool in pools_of(http))
    idle = sum(connection.is_idle() for connection in connections)
    return (
        len(connections) - idle + waiting,
        idle,
        sum(pool.under_way for pool in getattr(http._transport, "_pools", ())),
    )


def sockets() -> int:
    """Open sockets of this process."""
    found = 0
    for each in os.listdir("/proc/self/fd"):
        try:
            found += os.readlink(f"/proc/self/fd/{each}").startswith("socket:")
        except OSError:
            continue
    return found


def threads() -> set[str]:
    """Threads that carry out something of ours."""
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("together")}


def tasks() -> int:
    """Tasks of this event loop, apart from those of its own."""
    if type_of_loop() == "trio":
        import trio

        root = trio.lowlevel.current_root_task()
        assert root is not None
        return _tasks_below(root.child_nurseries[0].child_tasks) if root.child_nurseries else 0
    return len(asyncio.all_tasks())


def _tasks_below(found: Any) -> int:
    return sum(1 + sum(_tasks_below(nursery.child_tasks) for nursery in task.child_nurseries) for task in found)


def type_of_loop() -> str:
    """`asyncio` or `trio`."""
    import sniffio

    return sniffio.current_async_library()


def temporary_files() -> list[Path]:
    """What lies in the folder for temporary files."""
    return sorted(Path(tempfile.gettempdir()).iterdir())


def assert_settled(client: Any, proxy: Proxy) -> None:
    """The client uses no connection, and all that it has let go of are closed."""
    end = time.monotonic() + PATIENCE
    while True:
        in_use, idle, under_way = used(client)
        if (in_use, under_way) == (0, 0) and proxy.open <= idle:
            return
        assert time.monotonic() < end, f"{in_use} in use, {idle} kept, {under_way} under way, {proxy.open} open"
        time.sleep(0.005)


async def assert_settled_async(client: Any, proxy: Proxy, running: int) -> None:
    """The same, awaiting; and no more tasks than the `running` ones are left."""
    end = time.monotonic() + PATIENCE
    while True:
        in_use, idle, under_way = used(client)
        if (in_use, under_way) == (0, 0) and proxy.open <= idle and tasks() <= running:
            return
        state = f"{in_use} in use, {idle} kept, {under_way} under way, {proxy.open} open, {tasks()} tasks"
        assert time.monotonic() < end, state
        await anyio.sleep(0.005)
