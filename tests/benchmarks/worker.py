"""One measurement: an adapter does a task, warm, and the CPU time that it took is printed as JSON.

python -m tests.benchmarks.worker ours page 20 http://127.0.0.1:1234/v1
"""

from __future__ import annotations

import gc
import importlib
import json
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
    """Measure what the command line says."""
    adapter, name, count, base_url = sys.argv[1:]
    warnings.simplefilter("ignore", DeprecationWarning)  # the official client says it in each call
    case = CASES[name]
    task = task_of(adapter, case.task, case.arguments, base_url, dict(case.ours) if adapter == "ours" else {})
    if case.warm:
        task(case.warm)
    gc.collect()
    memory = peak()
    started = time.process_time()
    task(int(count))
    seconds = time.process_time() - started
    print(json.dumps({"cpu": seconds, "peak": peak(), "grown": peak() - memory}))


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
