"""What is measured, and how much the budgets allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """A task that the adapters do in processes that are warm."""

    title: str
    task: str
    count: int
    """How often it is done in one turn, or how many items are asked for."""
    budget: float | None = None
    """CPU time at most, as a multiple of bare httpx."""
    aim: float | None = None
    arguments: dict[str, Any] = field(default_factory=dict[str, Any])
    warm: int = 1
    """How often it is done before."""
    ours: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Options of our client."""
    memory: bool = False
    """The peak of memory of the process counts (MB), and not the time."""
    flat_from: str = ""
    """The memory may be that of this case, times the budget, however many items there are."""
    turns: int = 8
    """Turns of a round: the processes of the adapters live as long as a round, and work in turns."""
    rounds: int = 1000
    """Rounds at most."""
    adapters: tuple[str, ...] = ("raw", "ours", "openai")

    @property
    def unit(self) -> str:
        """Of its figures."""
        return "MB" if self.memory else "s"


def _memory(
    count: int,
    budget: float | None = None,
    flat_from: str = "",
    adapters: tuple[str, ...] = ("raw", "ours", "openai"),
    rounds: int = 3,
) -> Case:
    return Case(
        f"peak memory, iterating {count:,}, MB",
        "iterate",
        count,
        budget,
        memory=True,
        flat_from=flat_from,
        adapters=adapters,
        warm=200,
        turns=1,
        rounds=rounds,
    )


CASES: dict[str, Case] = {
    "retrieve": Case("retrieve one", "retrieve", 100, 1.25, 1.0, warm=20),
    "create": Case("create one", "create", 100, 1.25, 1.0, warm=20),
    "page": Case("page of 100 messages", "page", 25, 2.0, 1.6, warm=5),
    "deviating": Case("the same page, deviating", "page", 20, 4.0, 3.0, {"thread": "deviating"}, warm=5),
    "unknown": Case("the same page, unknown kinds in it", "page", 20, None, None, {"thread": "unknown"}, warm=5),
    "strict": Case("page of 100 messages, strict", "page", 25, ours={"strict": True}, adapters=("raw", "ours"), warm=5),
    "large": Case("a message of 1 MB", "page", 10, None, None, {"thread": "large"}, warm=3),
    "iterate": Case("iterate 10,000 messages", "iterate", 10_000, 2.0, 1.6, warm=1000, turns=3),
    "stream": Case("stream of 2,000 events", "stream", 2, 1.5, 1.0, warm=1),
    "numbered": Case("stream of 2,000 numbered events", "stream", 2, None, None, {"thread": "numbered"}, warm=1),
    "async_stream": Case("stream of 2,000 events, async", "async_stream", 2, 1.5, 1.0, warm=1),
    "streams": Case(
        "async streams, 100 at once", "async_stream", 100, None, None, {"thread": "short", "at_once": 100}, 10, turns=3
    ),
    "snapshots": Case("stream with handler and snapshots", "snapshots", 2, 4.0, None),
    "async_snapshots": Case("the same, async", "async_snapshots", 2, 4.0, None),
    "tools": Case("tool loop of 5 rounds", "tools", 5, None, None, warm=2),
    "async_calls": Case("1,000 async calls, 50 at a time", "async_calls", 1000, 0.40, 0.30, warm=100, turns=1),
    "memory_1000": _memory(1000),
    "memory_10000": _memory(10_000),
    "memory_100000": _memory(100_000, 1.05, "memory_10000", ("raw", "ours"), 2),
}


@dataclass(frozen=True)
class Program:
    """A whole process, from its start to its end."""

    title: str
    code: Mapping[str, str]
    """For each adapter; `BASE_URL` stands for the server's."""
    budget: float | None = None
    aim: float | None = None
    memory: bool = False
    """The peak of memory counts (MB at most), and not the time."""
    printed: str = ""
    """What it prints counts, in this unit, and not the time."""

    @property
    def unit(self) -> str:
        """Of its figures."""
        return self.printed or ("MB" if self.memory else "s")


_FIRST = """
import warnings; warnings.simplefilter("ignore")
from {package} import OpenAI
client = OpenAI(base_url="BASE_URL", api_key="key")
assert client.beta.assistants.retrieve("asst_1").id
"""
_RAW_FIRST = """
import httpx, json
client = httpx.Client(base_url="BASE_URL", headers={"authorization": "Bearer key"})
assert json.loads(client.get("/assistants/asst_1").content)["id"]
"""
_FIRSTS = {
    "raw": _RAW_FIRST,
    "ours": _FIRST.format(package="openai_assistants"),
    "openai": _FIRST.format(package="openai"),
}

_INSTALLED = """
import importlib.util, pathlib
[folder] = importlib.util.find_spec("{package}").submodule_search_locations
sizes = [each.stat().st_size for each in pathlib.Path(folder).rglob("{files}") if "__pycache__" not in each.parts]
print({figure})
"""


def _installed(files: str, figure: str) -> dict[str, str]:
    packages = {"ours": "openai_assistants", "openai": "openai"}
    return {
        adapter: _INSTALLED.format(package=package, files=files, figure=figure) for adapter, package in packages.items()
    }


PROGRAMS: dict[str, Program] = {
    "import": Program(
        "import (beside `import httpx`)",
        {"raw": "import httpx", "ours": "import openai_assistants", "openai": "import openai"},
        0.3,
        0.2,
    ),
    "first": Program("process start to first answer", _FIRSTS, 2.5, 2.0),
    "memory": Program("peak memory after the first answer, MB", _FIRSTS, 48.0, 40.0, memory=True),
    "size": Program("installed, without bytecode, MB", _installed("*", "sum(sizes) / 2**20"), 3.0, printed="MB"),
    "files": Program("installed .py files", _installed("*.py", "len(sizes)"), 150, printed="files"),
}
