"""Runs all checks against a server and prints one line of JSON for each: `run_all.py BASE_URL sync|async`."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
import traceback
from pathlib import Path
from typing import Any

from peer import Peer, Strict

TOPICS = sorted(path.stem for path in Path(__file__).parent.glob("check_*.py"))


async def main(base_url: str, flavour: str) -> None:
    """All checks, one after the other."""
    strict = Strict()
    for topic in TOPICS:
        module = importlib.import_module(topic)
        for name, check in inspect.getmembers(module, inspect.iscoroutinefunction):
            if check.__module__ == topic and not name.startswith("_"):
                peer = Peer(flavour, base_url)
                report(f"{topic}.{name}", await outcome(check, peer, strict))
                await peer(peer.client.close())
    report("answers", "" if strict.checked > 100 else f"only {strict.checked} answers were checked")


async def outcome(check: Any, peer: Peer, strict: Strict) -> str:
    """What went wrong in a check; empty if nothing did."""
    trace = ""
    try:
        await check(peer)
    except Exception:
        trace = traceback.format_exc()
    problems, strict.problems = strict.problems, []
    return "\n".join([*dict.fromkeys(problems), trace]).strip()


def report(name: str, problem: str) -> None:
    """One line for the test that reads them."""
    print(json.dumps({"check": name, "problem": problem}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
