"""Runs the benchmarks and prints their table: `python -m tests.benchmarks [--rounds N] [--json FILE] [CASE ...]`."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from .cases import CASES, PROGRAMS, Program
from .judging import HEAD, Judged, Samples, judge

_ADAPTERS = ("raw", "ours", "openai")


def main() -> int:
    """Measure, print, and tell whether the budgets are met."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"some of: {', '.join([*PROGRAMS, *CASES])}")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each adapter (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    options = parser.parse_args()
    wanted = options.cases or [*PROGRAMS, *CASES]
    adapters = [each for each in _ADAPTERS if each != "openai" or importlib.util.find_spec("openai") is not None]
    judged: dict[str, Judged] = {}
    print(_machine())
    print(f"CPU time of the client's process; multiples are medians of {options.rounds} rounds (least - most)\n")
    print(HEAD)
    with _server() as base_url:
        for name in wanted:
            judged[name] = judge(name, _samples(name, base_url, adapters, options.rounds), judged)
            print(judged[name].line(), flush=True)
    print()
    print(_summary("over their budget", [each for each in judged.values() if not each.good]))
    print(_summary("short of what we aim for", [each for each in judged.values() if each.good and not each.aimed]))
    if options.json:
        found = {
            "machine": _machine(),
            "load": os.getloadavg()[0],
            "rounds": options.rounds,
            "cases": {name: each.entry() for name, each in judged.items()},
        }
        Path(options.json).write_text(json.dumps(found, indent=1) + "\n")
    return 0 if all(each.good for each in judged.values()) else 1


def _summary(what: str, found: list[Judged]) -> str:
    return f"{what}: {', '.join(each.name for each in found) or 'none'}"


def _samples(name: str, base_url: str, adapters: list[str], rounds: int) -> Samples:
    """Measurements of each adapter, a figure for each round."""
    samples: Samples = {}
    for _ in range(min(rounds, CASES[name].rounds) if name in CASES else rounds):
        if name in PROGRAMS:
            program = PROGRAMS[name]
            figures = {each: _program(program, each, base_url) for each in adapters if each in program.code}
        else:
            figures = _round(name, base_url, [each for each in adapters if each in CASES[name].adapters])
        for adapter, figure in figures.items():
            samples.setdefault(adapter, []).append(figure)
    return samples


def _round(name: str, base_url: str, adapters: list[str]) -> dict[str, float]:
    """Processes of the adapters work in turns, so that what else the machine does strikes them alike."""
    case = CASES[name]
    spent = dict.fromkeys(adapters, 0.0)
    peaks = dict.fromkeys(adapters, 0.0)
    with contextlib.ExitStack() as stack:
        workers = {each: stack.enter_context(_worker(each, name, base_url)) for each in adapters}
        for _ in range(case.turns):
            for adapter, work in workers.items():
                found = work(case.count)
                spent[adapter] += found["cpu"]
                peaks[adapter] = found["peak"]
    if case.memory:
        return {adapter: peak / 2**20 for adapter, peak in peaks.items()}
    return {adapter: seconds / (case.count * case.turns) for adapter, seconds in spent.items()}


@contextlib.contextmanager
def _worker(adapter: str, name: str, base_url: str) -> Iterator[Callable[[int], dict[str, float]]]:
    """A process of an adapter, as a function that lets it work."""
    command = [sys.executable, "-m", "tests.benchmarks.worker", adapter, name, base_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        asked, answers = process.stdin, process.stdout

        def work(count: int) -> dict[str, float]:
            print(count, file=asked, flush=True)
            answer = answers.readline()
            if not answer:
                raise RuntimeError(f"the worker of {adapter} failed")
            found: dict[str, float] = json.loads(answer)
            return found

        yield work
        asked.close()


def _program(program: Program, adapter: str, base_url: str) -> float:
    """Seconds of CPU, or megabytes at the peak, of a whole process; or what it prints."""
    code = program.code[adapter].replace("BASE_URL", base_url)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the program of {adapter} failed")
    if program.printed:
        return float(printed)
    return usage.ru_maxrss / 1024 if program.memory else usage.ru_utime + usage.ru_stime


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
