"""The programs of the cookbook that stream, unchanged, against every server that can be imitated.

They start servers of their own, which speak the dialect that the environment names. They print the same as ever, or
end with the error that names what the server lacks. They run in this process, as the programs that they are.
"""

from __future__ import annotations

import contextlib
import io
import re
import runpy
import sys
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from openai_assistants import NotSupportedByServerError, _polling
from openai_assistants.server import LocalServer
from openai_assistants.server.dialects import NAMED, VARIABLE

EXAMPLES = Path(__file__).parents[2] / "examples"

NEEDS: dict[str, tuple[str, ...]] = {
    "quickstart": (
        *("createFile", "createAssistant", "createThread", "createMessage", "createRun", "submitToolOuputsToRun"),
        *("listMessages", "deleteThread", "deleteAssistant", "deleteFile"),
    ),
    "quickstart_async": (
        *("createFile", "createAssistant", "createThreadAndRun", "submitToolOuputsToRun", "listMessages"),
        *("deleteThread", "deleteAssistant", "deleteFile"),
    ),
    "event_handler": ("createAssistant", "createThread", "createRun", "submitToolOuputsToRun"),
    "event_handler_async": ("createAssistant", "createThreadAndRun", "createThread", "createRun"),
    "broken_connections": (
        *("createAssistant", "createThread", "createRun", "createMessage", "listMessages"),
        *("listRuns", "getRun", "cancelRun"),
    ),
    "chat_model": ("createAssistant", "createThread", "createRun", "submitToolOuputsToRun"),
    "tools": ("createAssistant", "createThread", "createRun", "submitToolOuputsToRun", "getRun", "listMessages"),
}
"""The operations that each program needs, in the order in which it first uses them."""

PLACES = re.compile(r"(?m)(?<=^server:    )\S+|(?<= bytes, as )\S.*$|(?<=^assistant: )\S.*$")
"""Addresses and ids, which are others each time."""

DIFFERS: dict[tuple[str, str], dict[str, str]] = {
    ("quickstart", "worst"): {"23014 bytes": "many bytes"},
    # Its streams end a message with the object that they began it with.
    ("event_handler", "open-assistant-api"): {"[completed, 21": "[in_progress, 21"},
    ("event_handler_async", "open-assistant-api"): {
        "Ada: completed": "Ada: in_progress",
        "Ben: completed": "Ben: in_progress",
    },
    # Where nothing is streamed, a text comes in one piece.
    ("event_handler_async", "astra-assistants-api"): {"Ada: Hello\n": "", "Ben: Hello\n": ""},
    ("event_handler_async", "openopenai"): {
        "Ada: Hello\n": "",
        "Ben: Hello\n": "",
        "'Hello', ', you!'": "'Hello, you!'",
    },
    ("chat_model", "openopenai"): {"Lisbon| and| Oslo| have| 21| 9| degrees.|": "Lisbon and Oslo have 21 9 degrees.|"},
    ("broken_connections", "openopenai"): {"after 'The office is open '": "after ''"},
    ("broken_connections", "worst"): {"after 'The office is open '": "after ''"},  # it says each thing twice
}
"""What a program prints otherwise, because the server says otherwise."""


@dataclass(frozen=True)
class Outcome:
    """What a program printed, and the error that it ended with."""

    printed: str
    error: BaseException | None


def outcome(program: str) -> Outcome:
    """Run an example to its end."""
    printed = io.StringIO()
    error: BaseException | None = None
    try:
        with contextlib.redirect_stdout(printed):
            runpy.run_path(str(EXAMPLES / f"{program}.py"), run_name="__main__")
    except Exception as raised:
        error = raised
        while isinstance(error, ExceptionGroup):  # of the program's own task group
            error = error.exceptions[0]
    lines = PLACES.sub("...", printed.getvalue())
    # Three conversations at once: whose line comes first is another matter each time.
    return Outcome("\n".join(sorted(lines.split("\n"))) if program == "quickstart_async" else lines, error)


@cache
def plain(program: str) -> str:
    """What it prints on a server without a dialect."""
    ended = outcome(program)
    assert ended.error is None
    return ended.printed


def lacks(program: str, dialect: str) -> str | None:
    """The operation at which a program must end."""
    return next((each for each in NEEDS[program] if not NAMED[dialect].profile.has(each)), None)


@pytest.fixture(autouse=True)
def as_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """No arguments, no settings of whoever runs the tests, and no long waits between two looks at a run."""
    monkeypatch.setattr(sys, "argv", ["example"])
    monkeypatch.setattr(_polling, "DEFAULT_INTERVAL", 0.01)
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", VARIABLE):
        monkeypatch.delenv(name, raising=False)


def test_all_programs_that_stream_are_here() -> None:
    streaming = re.compile(r"stream=True|\.stream\(|_stream\(|run_tools\(")
    assert {each.stem for each in EXAMPLES.glob("*.py") if streaming.search(each.read_text("utf-8"))} == NEEDS.keys()


@pytest.mark.parametrize("dialect", NAMED)
@pytest.mark.parametrize("program", NEEDS)
def test_a_program_runs_unchanged(program: str, dialect: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = plain(program)
    for here, there in DIFFERS.get((program, dialect), {}).items():
        assert here in expected
        expected = expected.replace(here, there)
    missing = lacks(program, dialect)
    monkeypatch.setenv(VARIABLE, dialect)
    if (program, dialect) == ("broken_connections", "litellm"):
        monkeypatch.setattr(LocalServer, "start", started_and_hurried(LocalServer.start))
    ended = outcome(program)
    if missing is None:
        assert (ended.printed, ended.error) == (expected, None)
        return
    assert isinstance(ended.error, NotSupportedByServerError)
    assert f"[{missing}: " in str(ended.error)
    assert "The server at this base_url does not offer this operation" in str(ended.error)


def started_and_hurried(start: Any) -> Any:
    """LiteLLM answers when a run has ended, and this program has one that never does: let it expire."""

    def started(server: LocalServer) -> LocalServer:
        start(server)

        def hurry() -> None:
            while server._running is not None:
                with contextlib.suppress(RuntimeError):  # it was stopped just now
                    if len(server.requests.of("createRun")) == 3:
                        server.clock.advance(3600)
                time.sleep(0.02)

        threading.Thread(target=hurry, daemon=True).start()
        return server

    return started


def test_a_wrong_name_is_refused_and_says_where_it_is_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "liteLLM")
    with pytest.raises(ValueError, match=f"{VARIABLE}: there is no dialect 'liteLLM'; known are "):
        LocalServer()


def test_what_is_said_in_the_program_counts_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "litellm")
    assert LocalServer().settings.dialect is NAMED["litellm"]
    assert LocalServer(dialect=None).settings.dialect is None
    assert LocalServer(dialect="ogx").settings.dialect is NAMED["ogx"]
    monkeypatch.setenv(VARIABLE, "")
    assert LocalServer().settings.dialect is None
