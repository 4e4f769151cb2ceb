"""Runs the load test and prints its figures."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from .measure import ROOT, many_streams, start_up
from .server import PAUSE, PIECES


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--streams", type=int, default=200, help="streams at once (%(default)s)")
    parser.add_argument("--starts", type=int, default=7, help="starts of the server (%(default)s)")
    parser.add_argument("--peer", default=str(ROOT / ".venv-peer/bin/python"), help="interpreter with `openai`")
    options = parser.parse_args()
    starts = [start_up() for _ in range(options.starts)]
    print(f"{os.cpu_count()} cores; each stream {PIECES} deltas over {PIECES * PAUSE:.1f} s")
    print(f"start to /health: median {statistics.median(starts):.2f} s of {len(starts)}, slowest {max(starts):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        clients = [(sys.executable, "openai_assistants", ":memory:")]
        clients += [(sys.executable, "openai_assistants", str(Path(folder) / "load.db"))]
        clients += [(options.peer, "openai", ":memory:")] if Path(options.peer).exists() else []
        for python, module, database in clients:
            found = many_streams(options.streams, python=python, module=module, database=database)
            print(
                f"{options.streams} streams, client {module}, database {Path(database).suffix or 'memory'}: "
                f"{found['seconds']:.1f} s, {found['at_once']} at once, first events within "
                f"{found['slowest_first_event']:.1f} s; server's peak memory {found['memory_mb']:.0f} MB "
                f"({found['memory_before_mb']:.0f} MB at rest)"
            )


if __name__ == "__main__":
    main()
