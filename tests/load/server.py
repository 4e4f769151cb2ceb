"""The server of a load test, in a process of its own: prints its URL, and ends when it is told to terminate."""

from __future__ import annotations

import signal
import sys
import threading

from openai_assistants.server import LocalServer, Script, Turn

PIECES = 40
PAUSE = 0.025
TEXT = "".join(f"word{number} " for number in range(PIECES))


def main(database: str) -> None:
    """Serve; every run speaks forty words, one each 25 ms."""
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    deltas: list[str | float] = []
    for number in range(PIECES):
        deltas += [f"word{number} ", PAUSE]
    with LocalServer(database=database, record_requests=0) as server:
        server.scripts.add(Script((Turn(deltas=deltas),), times=None))
        print(server.base_url, flush=True)
        told.wait()


if __name__ == "__main__":
    main(sys.argv[1])
