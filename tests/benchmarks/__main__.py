"""Runs the benchmarks and prints their table: `python -m tests.benchmarks [--rounds N] [--json FILE] [CASE ...]`."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .cases import CASES, PROGRAMS, Program

_ADAPTERS = ("raw", "ours", "openai")
Samples = dict[str, list[float]]


def main() -> int:
    """Measure, print, and tell whether the budgets are met."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"some of: {', '.join([*PROGRAMS, *CASES])}")
    parser.add_argument("--rounds", type=int, default=7, help="measurements of each adapter (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    options = parser.parse_args()
    wanted = options.cases or [*PROGRAMS, *CASES]
    adapters = [each for each in _ADAPTERS if each != "openai" or importlib.util.find_spec("openai") is not None]
    found: dict[str, Any] = {"machine": _machine(), "rounds": options.rounds, "cases": {}}
    print(f"{found['machine']}\nCPU time of the client's process, median of {options.rounds} rounds (least - most)\n")
    print(f"{'case':38}{'raw':>10}{'ours':>22}{'openai':>22}  {'budget':>7}  {'aim':>5}")
    raw: dict[str, float] = {}
    met = True
    with _server() as base_url:
        for name in wanted:
            samples = _samples(name, base_url, adapters, options.rounds)
            line, good, entry = _judge(name, samples, raw)
            print(line, flush=True)
            met = met and good
            found["cases"][name] = entry
    if options.json:
        Path(options.json).write_text(json.dumps(found, indent=1) + "\n")
    return 0 if met else 1


def _samples(name: str, base_url: str, adapters: list[str], rounds: int) -> Samples:
    """Measurements of each adapter, taken in turns."""
    samples: Samples = {}
    for _ in range(rounds):
        for adapter in adapters:
            if name in PROGRAMS:
                figure = _program(PROGRAMS[name], adapter, base_url)
            elif adapter in CASES[name].adapters:
                count = CASES[name].count
                figure = _run(adapter, name, count, base_url)["cpu"] / count
            else:
                continue
            samples.setdefault(adapter, []).append(figure)
    return samples


def _run(adapter: str, name: str, count: int, base_url: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.worker", adapter, name, str(count), base_url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _program(program: Program, adapter: str, base_url: str) -> float:
    """Seconds of CPU, or megabytes at the peak, of a whole process."""
    code = program.code[adapter].replace("BASE_URL", base_url)
    process = subprocess.Popen([sys.executable, "-c", code])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the program of {adapter} failed")
    return usage.ru_maxrss / 1024 if program.memory else usage.ru_utime + usage.ru_stime


def _judge(name: str, samples: Samples, raw: dict[str, float]) -> tuple[str, bool, dict[str, Any]]:
    """The line of a case, whether its budget is met, and all its figures."""
    case = PROGRAMS.get(name) or CASES[name]
    absolute = isinstance(case, Program) and case.memory
    if "raw" in samples:
        raw[name] = statistics.median(samples["raw"])
    base = 1.0 if absolute else raw.get(getattr(case, "against", "") or name)
    entry: dict[str, Any] = {"samples": samples, "budget": case.budget, "aim": case.aim, "ratios": {}}
    columns: list[str] = []
    for adapter in ("ours", "openai"):
        if adapter not in samples or base is None:
            columns.append("")
            continue
        low, middle, high = (pick(samples[adapter]) / base for pick in (min, statistics.median, max))
        entry["ratios"][adapter] = middle
        columns.append(f"{middle:.2f} ({low:.2f} - {high:.2f})")
    shown = f"{raw[name]:.0f} MB" if absolute else _duration(raw.get(name))
    good = case.budget is None or "ours" not in entry["ratios"] or entry["ratios"]["ours"] <= case.budget
    mark = "" if good else "  OVER"
    budget = "" if case.budget is None else f"{case.budget:g}"
    aim = "" if case.aim is None else f"{case.aim:g}"
    return f"{case.title:38}{shown:>10}{columns[0]:>22}{columns[1]:>22}  {budget:>7}  {aim:>5}{mark}", good, entry


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds * 1e3:.1f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} us"


@contextlib.contextmanager
def _server() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.benchmarks.canned"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        port = json.loads(process.stdout.readline())["port"]
        yield f"http://127.0.0.1:{port}/v1"
        process.stdin.close()
        process.kill()


def _machine() -> str:
    versions = [f"{name} {_version(name)}" for name in ("httpx", "pydantic", "openai") if _version(name)]
    cores = os.cpu_count()
    return f"Python {platform.python_version()}, {', '.join(versions)}; {platform.machine()}, {cores} cores"


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    raise SystemExit(main())
