"""Work in forked processes: a mutant may hang, crash or eat memory, and nothing of it stays behind."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Callable

from .mutants import Mutant

MEMORY = 8 << 30
"""Bytes of address space that a process may have."""
SECONDS, CPU_SECONDS = 30.0, 5.0
"""What a test may take, and ten times as long as it took without a mutation; longer means that it hangs."""
KILLED, TIMED_OUT, SURVIVED, BROKE_OFF = "killed", "timed out", "survived", "broke off"


class Forks:
    """Processes, several at a time. `report` is told of each mutant what became of it and which test has noticed it."""

    def __init__(self, jobs: int, report: Callable[[Mutant, str, str], None]) -> None:
        self._jobs = jobs
        self._report = report
        self._running: dict[int, tuple[Mutant, int]] = {}

    def start(self, mutant: Mutant, work: Callable[[], str]) -> None:
        """Do the work in a process; it returns the name of the test that failed, or nothing."""
        while len(self._running) >= self._jobs:
            self._reap()
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                os.setpgid(0, 0)
                resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
                os.write(writing, b":" + work().encode()[:4000])
            finally:
                os._exit(0)
        os.close(writing)
        self._running[pid] = mutant, reading

    def finish(self) -> None:
        """Wait for all of them."""
        while self._running:
            self._reap()

    def _reap(self) -> None:
        pid, status = os.wait()
        mutant, reading = self._running.pop(pid)
        with contextlib.suppress(ProcessLookupError):  # what a test has started and not ended
            os.killpg(pid, signal.SIGKILL)
        with open(reading, "rb") as pipe:
            said = pipe.read().decode()
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGPROF):
            self._report(mutant, TIMED_OUT, "")
        elif said == ":":
            self._report(mutant, SURVIVED, "")
        else:
            self._report(mutant, KILLED if said else BROKE_OFF, said[1:])


def allow(seconds: float) -> None:
    """Let this process end by a signal unless the next thing is over soon; `seconds` is what it usually takes."""
    signal.setitimer(signal.ITIMER_REAL, SECONDS + 10 * seconds)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS + 10 * seconds)
