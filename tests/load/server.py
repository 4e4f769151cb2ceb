"""The server of a load test, in a process of its own: prints its URL, ends with its standard input."""

from __future__ import annotations

import sys

from openai_assistants.server import LocalServer, Script, Turn

PIECES = 40
PAUSE = 0.025
TEXT = "".join(f"word{number} " for number in range(PIECES))


def main(database: str) -> None:
    """Serve; every run speaks forty words, one each 25 ms."""
    deltas: list[str | float] = []
    for number in range(PIECES):
        deltas += [f"word{number} ", PAUSE]
    with LocalServer(database=database, record_requests=0) as server:
        server.scripts.add(Script((Turn(deltas=deltas),), times=None))
        print(server.base_url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
