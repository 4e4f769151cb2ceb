"""Mutation testing: `python -m tests.mutation [TARGET ...] [--only PLACE] [--every N] [--jobs N] [--json FILE]`.

Ends with 0 if every mutant that survives is one that somebody has looked at: `explained.toml` has the reasons.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from .explained import Key, explained
from .forks import BROKE_OFF, KILLED, SURVIVED, TIMED_OUT
from .targets import TARGETS

COLUMNS = (KILLED, TIMED_OUT, BROKE_OFF, SURVIVED)


def main() -> int:
    """Try the mutants, print the figures and the survivors nobody has explained."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"some of: {', '.join(TARGETS)}")
    parser.add_argument("--only", action="append", default=[], metavar="PLACE", help="a function or class")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each Nth mutant only")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes at a time (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write all outcomes there")
    options = parser.parse_args()
    os.nice(10)
    reasons = explained()
    print(
        f"{'target':<15}{'mutants':>8}{''.join(f'{name:>10}' for name in COLUMNS)}{'explained':>10}{'s':>7}{'CPU s':>7}"
    )
    tried: dict[str, Tried] = {}
    unexplained = 0
    for name in options.targets or TARGETS:
        tried[name] = Tried(name, options.jobs, options.every, options.only)
        print(tried[name].line(reasons), flush=True)
        for key in tried[name].survivors:
            if key not in reasons:
                unexplained += 1
                print(f"    unexplained: {key[1] or 'the module'}: {key[2]}", flush=True)
        if options.json:
            Path(options.json).write_text(json.dumps({k: v.outcomes for k, v in tried.items()}, indent=1) + "\n")
    print(f"{unexplained} unexplained")
    return 1 if unexplained else 0


class Tried:
    """The mutants of a target and what became of them."""

    def __init__(self, target: str, jobs: int, every: int, only: Sequence[str]) -> None:
        self.target = target
        started, cpu = time.monotonic(), _cpu()
        command = [sys.executable, "-m", "tests.mutation.worker", target, str(jobs), str(every), *only]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            self.outcomes = [json.loads(line) for line in process.stdout]
        if process.returncode:
            raise SystemExit(f"the mutants of {target} could not be tried")
        self.seconds, self.cpu = time.monotonic() - started, _cpu() - cpu

    @property
    def survivors(self) -> list[Key]:
        """Those that no test has noticed, and those of which that is not known."""
        return [
            (self.target, each["place"], each["change"])
            for each in self.outcomes
            if each["outcome"] in (SURVIVED, BROKE_OFF)
        ]

    def line(self, reasons: Collection[Key]) -> str:
        """A line of the table."""
        counts = Counter(each["outcome"] for each in self.outcomes)
        known = sum(key in reasons for key in self.survivors)
        figures = "".join(f"{counts[name]:>10}" for name in COLUMNS)
        return f"{self.target:<15}{counts.total():>8}{figures}{known:>10}{self.seconds:>7.0f}{self.cpu:>7.0f}"


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
