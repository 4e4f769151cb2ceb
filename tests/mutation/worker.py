"""Tries the mutants of one target: `python -m tests.mutation.worker TARGET`, the options as JSON on stdin.

Every mutant has a process of its own, forked off one that has imported everything before; so it costs little more than
its tests. Where a function differs, its code is exchanged in the forked process, and only the tests that go through the
changed lines are run, those first that have noticed most. Where the module itself differs, the process is forked off
one that has imported nothing of ours yet, and imports the mutant.

No library does this with our tests: mutmut (3.8) leaves alone what stands outside of functions, where our tables of
states are, negates no conditions and removes no statements; cosmic-ray (8.7) starts pytest anew for every mutant, which
takes longer than most of our tests; neither keeps a list of survivors with the reasons why they may live.
"""

from __future__ import annotations

import gc
import importlib
import importlib.machinery
import importlib.util
import json
import os
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, NoReturn

import pytest

from .forks import Forks, allow
from .mutants import Mutant, mutants
from .targets import ROOT, TARGETS, Target

OPTIONS = ("-x", "-p", "no:cacheprovider", "--capture=sys", "--assert=plain", "--tb=short")
USUALLY = 1.0
"""Seconds that a test takes, where that was not measured."""
OTHERS = ("anyio", "httpx", "hypothesis", "pydantic", "sqlalchemy", "starlette.applications", "trio", "uvicorn", "yaml")
"""What takes long to import and is not ours."""


class Trial:
    """All mutants of one target; tells of each in a line of JSON."""

    def __init__(
        self,
        target: Target,
        *,
        jobs: int = 2,
        every: int = 1,
        only: Sequence[str] = (),
        again: Collection[Sequence[str]] | None = None,
    ) -> None:
        self.module = f"openai_assistants.{target.module}"
        self.path = str(target.path)
        self._arguments = [*OPTIONS, "-k", target.flavours, *(str(ROOT / "tests" / each) for each in target.tests)]
        self.jobs = jobs
        self._every = every
        self._only = only or target.only
        self._again = None if again is None else {(place, change) for place, change in again}
        self._out, self._problem = os.fdopen(os.dup(1), "w"), os.fdopen(os.dup(2), "w")

    def run(self) -> None:
        """Try the mutants of functions first, then those that show at import only."""
        for name in OTHERS:
            importlib.import_module(name)
        with tempfile.TemporaryDirectory() as folder:
            os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
            log, left = Path(folder, "log"), Path(folder, "left")
            self._write_to(log)
            pid = os.fork()
            if not pid:
                self._exchange(left)
            _, status = os.waitpid(pid, 0)
            if status:
                self._problem.write(f"\nThe tests fail without any mutation:\n{log.read_text()[-5000:]}\n")
                raise SystemExit(1)
            remaining = json.loads(left.read_text())
            forks = Forks(self.jobs, self.report)
            for number, mutant in self.mutants():
                if mutant.function is None or number in remaining:
                    code = compile(mutant.tree, self.path, "exec")
                    forks.start(mutant, partial(self._import, code))
            forks.finish()

    def _exchange(self, left: Path) -> NoReturn:
        """Try mutants of functions in this process, write down the numbers of those that are left, and end."""
        outcome = 1
        try:
            exchange = Exchange(self)
            outcome = int(pytest.main(self._arguments, plugins=[exchange]))
            left.write_text(json.dumps(exchange.left))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(outcome)

    def mutants(self) -> Iterator[tuple[int, Mutant]]:
        """Those to try, with their numbers."""
        for number, mutant in enumerate(mutants(Path(self.path).read_text(), self._only)):
            wanted = self._again is None or (mutant.place, mutant.change) in self._again
            if number % self._every == 0 and wanted:
                yield number, mutant

    def report(self, mutant: Mutant, outcome: str, test: str) -> None:
        """Tell what became of a mutant."""
        entry = {"place": mutant.place, "change": mutant.change, "outcome": outcome, "test": test}
        print(json.dumps(entry), file=self._out, flush=True)

    def _write_to(self, log: Path) -> None:
        """What the tests print is of interest only if they fail without a mutation."""
        sys.stdout.flush()
        with log.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)

    def _import(self, code: CodeType) -> str:
        """Run the tests over a module that differs; the one that fails."""
        loader = Importing(self.module, self.path, code)
        sys.meta_path.insert(0, loader)
        failure = Failure()
        allow(USUALLY)
        outcome = pytest.main(self._arguments, plugins=[failure])
        assert loader.imported, f"{self.module} was not imported"
        return "" if outcome == pytest.ExitCode.OK else failure.test or "import"


class Importing(importlib.machinery.SourceFileLoader):
    """Imports one module as another code."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code
        self.imported = False

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        """The spec of this one module, as `sys.meta_path` asks for it."""
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        """The code, instead of that of the file."""
        self.imported = True
        return self._code


class Failure:
    """A plugin of pytest that sees which test fails, and that none takes too long."""

    test = ""

    def pytest_runtest_logstart(self) -> None:
        """A test begins."""
        allow(USUALLY)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A part of a test is over."""
        if report.failed:
            self.test = report.nodeid


class Exchange:
    """A plugin of pytest that runs the collected tests over functions with another code, each in a forked process."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self._noticed: Counter[str] = Counter()
        """How many mutants each test has noticed."""
        self._seconds: dict[str, float] = {}
        self._lines: dict[str, frozenset[int]] = {}
        """The lines that each test goes through."""
        self.left: list[int] = []
        """The numbers of mutants that no test goes through after the import."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of running the tests."""
        if session.testsfailed or not self._measure(session.items):
            raise session.Failed
        functions = _functions(self._trial.path)
        gc.collect()
        gc.freeze()
        forks = Forks(self._trial.jobs, self._report)
        for number, mutant in self._trial.mutants():
            if mutant.function is None:
                continue
            items = [item for item in session.items if not self._lines[item.nodeid].isdisjoint(mutant.lines)]
            if not items:
                self.left.append(number)
                continue
            items.sort(key=lambda item: (-self._noticed[item.nodeid], self._seconds[item.nodeid]))
            code = _codes(compile(mutant.tree, self._trial.path, "exec"))[mutant.function]
            exchanged = functions[mutant.function]
            forks.start(mutant, partial(self._try, exchanged, code, items))
        forks.finish()
        return True

    def _report(self, mutant: Mutant, outcome: str, test: str) -> None:
        self._noticed[test] += 1
        self._trial.report(mutant, outcome, test)

    def _try(self, functions: Sequence[FunctionType], code: CodeType, items: Sequence[pytest.Item]) -> str:
        """The test that fails when functions have this code."""
        for function in functions:
            function.__code__ = code.replace(co_freevars=function.__code__.co_freevars)
        return self._first_to_fail(items)

    def _first_to_fail(self, items: Sequence[pytest.Item]) -> str:
        for item, following in zip_longest(items, items[1:]):
            allow(self._seconds[item.nodeid])
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if item.session.testsfailed:
                return item.nodeid
        return ""

    def _measure(self, items: Sequence[pytest.Item]) -> bool:
        """See where the tests go and how long they take; whether all of them pass."""
        measured = json.loads(_in_a_process(lambda: Tracer(self._trial.path).run(items)) or "{}")
        self._seconds = {name: seconds for name, (seconds, _, _) in measured.items()}
        self._lines = {name: frozenset(lines) for name, (_, lines, _) in measured.items()}
        # A few tests count bytes or references, and do not like to be watched.
        doubtful = [item for item in items if item.nodeid in measured and not measured[item.nodeid][2]]
        return len(measured) == len(items) and _in_a_process(lambda: self._first_to_fail(doubtful) or "none") == "none"


class Tracer:
    """Runs tests and notes which lines of one file each of them goes through."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lines: set[int] = set()

    def run(self, items: Sequence[pytest.Item]) -> str:
        """As JSON, how long each test takes, its lines, and whether it passes."""
        measured: dict[str, tuple[float, list[int], bool]] = {}
        threading.settrace(self._called)
        sys.settrace(self._called)
        for item, following in zip_longest(items, items[1:]):
            self._lines.clear()
            started, failed = time.perf_counter(), item.session.testsfailed
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            passes = item.session.testsfailed == failed
            measured[item.nodeid] = time.perf_counter() - started, sorted(self._lines), passes
        sys.settrace(None)
        return json.dumps(measured)

    def _called(self, frame: FrameType, event: str, argument: object) -> Any:
        return self._passed if frame.f_code.co_filename == self._path else None

    def _passed(self, frame: FrameType, event: str, argument: object) -> Any:
        self._lines.add(frame.f_lineno)
        return self._passed


def _in_a_process(work: Callable[[], str]) -> str:
    """What a function returns that is called in a process of its own; nothing if that breaks off."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            with open(writing, "w") as pipe:
                pipe.write(work())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading) as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    return said


def _functions(path: str) -> dict[tuple[str, int], list[FunctionType]]:
    """The functions that stand in a file, by name and first line."""
    found: dict[tuple[str, int], list[FunctionType]] = {}
    gc.unfreeze()
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == path:
            found.setdefault((each.__code__.co_qualname, each.__code__.co_firstlineno), []).append(each)
    return found


def _codes(module: CodeType) -> dict[tuple[str, int], CodeType]:
    """The codes of the functions in that of a module, by name and first line."""
    found: dict[tuple[str, int], CodeType] = {}
    for constant in module.co_consts:
        if isinstance(constant, CodeType):
            found[constant.co_qualname, constant.co_firstlineno] = constant
            found.update(_codes(constant))
    return found


if __name__ == "__main__":
    Trial(TARGETS[sys.argv[1]], **json.load(sys.stdin)).run()
