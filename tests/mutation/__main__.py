"""Mutation testing: `python -m tests.mutation [TARGET ...] [--only PLACE] [--every N] [--again FILE] [--json FILE]`.

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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .explained import explained
from .forks import BROKE_OFF, KILLED, SURVIVED, TIMED_OUT
from .targets import TARGETS

COLUMNS = (KILLED, TIMED_OUT, BROKE_OFF, SURVIVED, "explained")
Outcomes = list[dict[str, str]]
"""Of each mutant its place, its change, what became of it, and the test that has noticed it."""


def main() -> int:
    """Try the mutants, print the figures and the survivors that nobody has explained."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"some of: {', '.join(TARGETS)}")
    parser.add_argument("--only", action="append", default=[], metavar="PLACE", help="a function or class")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="each Nth mutant only")
    parser.add_argument("--again", metavar="FILE", help="only what has survived according to FILE, written by --json")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes at a time (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write all outcomes there")
    options = parser.parse_args()
    os.nice(10)
    before: dict[str, Outcomes] | None = json.loads(Path(options.again).read_text()) if options.again else None
    settings: dict[str, Any] = {"jobs": options.jobs, "every": options.every, "only": options.only}
    known = explained()
    tried: dict[str, Outcomes] = {}
    total: Counter[str] = Counter()
    print(f"{'target':<15}{'mutants':>8}{''.join(f'{name:>10}' for name in COLUMNS)}{'s':>7}{'CPU s':>7}")
    for name in options.targets or before or TARGETS:
        if before is not None:
            settings["again"] = survivors(before.get(name, []))
        started, cpu = time.monotonic(), _cpu()
        tried[name] = []
        new = 0
        for outcome in outcomes_of(name, settings):
            tried[name].append(outcome)
            for place, change in survivors([outcome]):
                if (name, place, change) not in known:
                    new += 1
                    print(f"    unexplained: {place or 'the module'}: {change}", flush=True)
        left = survivors(tried[name])
        counts = Counter(each["outcome"] for each in tried[name])
        counts.update({"mutants": len(tried[name]), "explained": len(left) - new, "unexplained": new})
        counts.update({"seconds": round(time.monotonic() - started), "CPU": round(_cpu() - cpu)})
        total.update(counts)
        _show(name, counts)
        if options.json:
            Path(options.json).write_text(json.dumps(tried, indent=1) + "\n")
    _show("all", total)
    print(f"{total['unexplained']} survivors are unexplained.")
    return 1 if total["unexplained"] else 0


def outcomes_of(target: str, settings: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Try the mutants of a target; what becomes of each, as it comes."""
    command = [sys.executable, "-m", "tests.mutation.worker", target]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        json.dump(settings, process.stdin)
        process.stdin.close()
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode:
        raise SystemExit(f"the mutants of {target} could not be tried")


def survivors(outcomes: Outcomes) -> list[tuple[str, str]]:
    """Places and changes of those that no test has noticed, and of those of which that is not known."""
    return [(each["place"], each["change"]) for each in outcomes if each["outcome"] in (SURVIVED, BROKE_OFF)]


def _show(name: str, counts: Counter[str]) -> None:
    figures = "".join(f"{counts[column]:>10}" for column in COLUMNS)
    print(f"{name:<15}{counts['mutants']:>8}{figures}{counts['seconds']:>7}{counts['CPU']:>7}", flush=True)


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
