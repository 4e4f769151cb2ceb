"""One adapter in its own process: it does a task, warm, as often as each line of the standard input says.

For each line it prints the CPU time that this took, and the peak of memory, as JSON.

    echo 20 | python -m tests.benchmarks.worker ours page http://127.0.0.1:1234/v1
"""

from __future__ import annotations

import gc
import importlib
import json
import logging
import resource
import sys
import time
import warnings
from functools import partial
from typing import Any

from .adapters import Raw, Task, Typed
from .cases import CASES

PACKAGES = {"ours": "openai_assistants", "openai": "openai"}


def main() -> None:
    """Measure what the command line and the standard input say."""
    adapter, name, base_url = sys.argv[1:]
    warnings.simplefilter("ignore", DeprecationWarning)  # the official client says it in each call
    logging.getLogger("openai_assistants").addHandler(logging.NullHandler())
    case = CASES[name]
    task = task_of(adapter, case.task, case.arguments, base_url, dict(case.ours) if adapter == "ours" else {})
    if case.warm:
        task(case.warm)
    gc.collect()
    for line in sys.stdin:
        started = time.process_time()
        task(int(line))
        seconds = time.process_time() - started
        print(json.dumps({"cpu": seconds, "peak": peak()}), flush=True)


def task_of(adapter: str, task: str, arguments: dict[str, Any], base_url: str, options: dict[str, Any]) -> Task:
    """A task of an adapter over a client that is open."""
    client = (
        Raw(base_url) if adapter == "raw" else Typed(base_url, importlib.import_module(PACKAGES[adapter]), **options)
    )
    return partial(getattr(client, task), **arguments)


def peak() -> int:
    """The most memory that this process had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
