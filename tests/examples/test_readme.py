"""Every Python block of the README runs, against a server in the box, and prints what the README says of it."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from openai_assistants import AuthenticationError, OpenAI, UnknownValue
from openai_assistants.server import Call, Fail, Fault, Gate, LocalServer, Turn

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8000/v1"

Names = dict[str, Any]


@dataclass(frozen=True)
class Block:
    """A fenced block: what it stands under, and which it is there."""

    heading: str
    number: int
    language: str
    source: str

    @property
    def name(self) -> str:
        return f"{self.heading} {self.number}"


def blocks() -> Iterator[Block]:
    heading, number = "", 0
    for found in re.finditer(
        r"^##? (?P<heading>[^\n]+)$|^```(?P<language>\w+)\n(?P<source>.*?)^```$", README, re.M | re.S
    ):
        if found["heading"]:
            heading, number = found["heading"], 0
        else:
            number += 1
            yield Block(heading, number, found["language"], found["source"])


PYTHON = {block.name: block for block in blocks() if block.language == "python"}


def conversation(server: LocalServer, client: OpenAI) -> Names:
    """What most blocks go on from: the objects that the first one made."""
    assistant = client.beta.assistants.create(model="gpt-4o", instructions="The office is open from nine to five.")
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "When is the office open?"}])
    return {"OpenAI": OpenAI, "client": client, "assistant": assistant, "thread": thread}


def nothing(server: LocalServer, client: OpenAI) -> Names:
    """For blocks that are whole programs."""
    return {}


def many_messages(server: LocalServer, client: OpenAI) -> Names:
    names = conversation(server, client)
    for number in range(30):
        client.beta.threads.messages.create(names["thread"].id, role="user", content=f"message {number}")
    return names


def deviating(server: LocalServer, client: OpenAI) -> Names:
    names = conversation(server, client)
    body = {**names["assistant"].to_dict(), "created_at": 1700000000.5, "tools": "none"}
    server.faults.add(Fault("status", operation="getAssistant", status=200, body=body))
    return names


def forecast(server: LocalServer, client: OpenAI) -> Names:
    """After the first block on tools; the model answers as it was asked to."""
    names = conversation(server, client)
    exec(compile(PYTHON["Tools 1"].source, "README.md: Tools 1", "exec"), names)
    turns = [Turn(calls=[Call("get_temperature", {"city": "Lisbon"})]), Turn('{"city": "Lisbon", "celsius": 21}')]
    server.scripts.add(turns)
    return names


SET_UP: dict[str, Callable[[LocalServer, OpenAI], Names]] = {
    "First call 2": nothing,
    "First call 3": nothing,
    "Polling 1": conversation,
    "Streaming 1": conversation,
    "Streaming 2": conversation,
    "Tools 1": conversation,
    "Tools 2": forecast,
    "Files and vector stores 1": conversation,
    "Pagination 1": many_messages,
    "Errors, retries and deadlines 1": conversation,
    "Errors, retries and deadlines 2": conversation,
    "The server in the box 2": nothing,
    "The server in the box 3": nothing,
    "Switching an existing program 1": nothing,
    "Servers that deviate 1": deviating,
    "Servers that deviate 2": conversation,
}


def run_block(name: str, server: LocalServer, client: OpenAI, names: Names | None = None) -> tuple[str, Names]:
    """Run a block with its set-up; what it printed and the names it leaves behind."""
    names = SET_UP[name](server, client) if names is None else names
    source = PYTHON[name].source.replace(ADDRESS, server.base_url)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, f"README.md: {name}", "exec"), names)
    return printed.getvalue(), names


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer(drain_seconds=0.0) as running:
        yield running


@pytest.fixture
def client(server: LocalServer) -> Iterator[OpenAI]:
    with server.client() as made:
        yield made


def test_every_python_block_is_known_here() -> None:
    assert PYTHON.keys() == SET_UP.keys()


@pytest.mark.parametrize("name", PYTHON)
def test_block_runs(name: str, server: LocalServer, client: OpenAI) -> None:
    _, names = run_block(name, server, client)
    for left in names.values():
        if isinstance(left, OpenAI):
            left.close()


def test_first_call_quotes_the_instructions_and_says_what_answers(server: LocalServer, client: OpenAI) -> None:
    printed, names = run_block("First call 2", server, client)
    assert printed.startswith("user: When is the office open?\nassistant: I am the offline stand-in of this server")
    assert "> The office is open from nine to five. (instructions)" in printed
    assert len(PYTHON["First call 2"].source.splitlines()) < 25
    names["client"].close()


def test_async_call_prints_the_message(server: LocalServer, client: OpenAI) -> None:
    printed, _ = run_block("First call 3", server, client)
    assert re.fullmatch(r"user msg_\w+\n", printed)


def test_polling_gives_the_answer(server: LocalServer, client: OpenAI) -> None:
    printed, names = run_block("Polling 1", server, client)
    assert printed == ""
    assert "open from nine to five" in names["answer"].content[0].text.value


def test_polling_tells_of_runs_that_did_not_complete(server: LocalServer, client: OpenAI) -> None:
    names = conversation(server, client)
    server.scripts.add(Turn(fail=Fail()))
    printed, _ = run_block("Polling 1", server, client, names)
    assert printed.startswith("failed None None code='server_error'")


def test_streaming_prints_the_text(server: LocalServer, client: OpenAI) -> None:
    printed, _ = run_block("Streaming 1", server, client)
    assert "> The office is open from nine to five. (instructions)" in printed


def test_streaming_prints_why_a_run_failed(server: LocalServer, client: OpenAI) -> None:
    names = conversation(server, client)
    server.scripts.add(Turn(fail=Fail()))
    printed, _ = run_block("Streaming 1", server, client, names)
    assert printed.startswith("failed: code='server_error'")


def test_a_handler_prints_the_text(server: LocalServer, client: OpenAI) -> None:
    printed, _ = run_block("Streaming 2", server, client)
    assert "> The office is open from nine to five. (instructions)" in printed
    assert printed.endswith(" [completed]\n")


def test_tools_are_answered(server: LocalServer, client: OpenAI) -> None:
    printed, _ = run_block("Tools 1", server, client)
    assert "Lisbon" in printed
    [submitted] = server.requests.of("submitToolOuputsToRun")
    assert submitted.json()["tool_outputs"][0]["output"] == '{"city":"Lisbon","celsius":21}'


def test_an_answer_is_read_as_a_type(server: LocalServer, client: OpenAI) -> None:
    names = forecast(server, client)
    printed, _ = run_block("Tools 2", server, client, names)
    assert printed == "21\n"


def test_files_are_uploaded(server: LocalServer, client: OpenAI) -> None:
    names = conversation(server, client)
    assert run_block("Files and vector stores 1", server, client, names)[0] == "examples/handbook.md stored \n"
    source = PYTHON["Files and vector stores 1"].source.replace("client.vector_stores.create(name=", "store or (")
    with contextlib.redirect_stdout(io.StringIO()) as again:
        exec(compile(source, "README.md", "exec"), names)
    assert again.getvalue() == "examples/handbook.md unchanged \n"


def test_pagination_goes_through_all(server: LocalServer, client: OpenAI) -> None:
    printed, names = run_block("Pagination 1", server, client)
    assert len(printed.splitlines()) == 31
    assert [each.content[0].text.value for each in names["newest"]] == ["message 29", "message 28", "message 27"]
    assert (len(names["page"].data), names["page"].has_next_page()) == (11, False)


def test_errors_are_printed(server: LocalServer, client: OpenAI) -> None:
    printed, _ = run_block("Errors, retries and deadlines 1", server, client)
    assert printed.startswith("404 None req_")
    names = conversation(server, client)
    server.faults.add(Fault("status", operation="getAssistant", status=429, retry_after=3600))
    assert run_block("Errors, retries and deadlines 1", server, client, names)[0] == "later: 3600\n"
    with server.client(timeout=0.1, max_retries=0) as impatient:
        server.faults.add(Fault("delay", operation="getAssistant", seconds=30))
        printed, _ = run_block("Errors, retries and deadlines 1", server, client, {**names, "client": impatient})
    assert printed.startswith("no answer: Timed out")


def test_deviations_are_listed(server: LocalServer, client: OpenAI, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="openai_assistants"):
        printed, names = run_block("Servers that deviate 1", server, client)
    paths = [line.split()[0] for line in printed.splitlines()]
    assert paths == ["created_at", "tools"]
    assert names["assistant"].tools == "none"


def test_strict_client_is_strict(server: LocalServer, client: OpenAI) -> None:
    _, names = run_block("Servers that deviate 2", server, client)
    assert names["client"].strict
    names["client"].close()


def test_newer_values_are_plain_strings(server: LocalServer, client: OpenAI) -> None:
    names = conversation(server, client)
    run = client.beta.threads.runs.create_and_poll(names["thread"].id, assistant_id=names["assistant"].id)
    server.faults.add(Fault("status", operation="getRun", status=200, body={**run.to_dict(), "status": "resting"}))
    status = client.beta.threads.runs.retrieve(run.id, thread_id=run.thread_id).status
    assert (status, type(status)) == ("resting", UnknownValue)


def test_clock_lets_a_run_expire(server: LocalServer, client: OpenAI) -> None:
    names = conversation(server, client)
    server.scripts.add(Turn(before=Gate()))
    run = client.beta.threads.runs.create(names["thread"].id, assistant_id=names["assistant"].id)
    server.clock.advance(601)
    assert client.beta.threads.runs.poll(run.id, run.thread_id, poll_interval_ms=20).status == "expired"


def test_commands_take_the_options_that_are_named() -> None:
    shown = "".join(
        subprocess.run(
            [sys.executable, "-W", "error", "-m", *command, "--help"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout
        for command in (
            ["openai_assistants.server"],
            ["openai_assistants.cli", "doctor"],
            ["openai_assistants.cli", "migrate", "v1-to-v2"],
        )
    )
    commands = " ".join(block.source for block in blocks() if block.language == "sh") + README
    named = set(re.findall(r"(?<=[ `])--[a-z-]+", commands))
    assert {"--port", "--database", "--host", "--api-key", "--model"} <= named
    assert all(option in shown for option in named)


def test_the_test_for_pytest_passes(server: LocalServer, client: OpenAI) -> None:
    _, names = run_block("The server in the box 2", server, client)
    names["test_greeting"](server, client)


def test_api_keys_are_checked_when_named() -> None:
    with (
        LocalServer(api_keys=("right",)) as server,
        server.client(api_key="wrong") as client,
        pytest.raises(AuthenticationError),
    ):
        client.models.list()


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("https://"):
            assert (ROOT / target).exists(), target


def test_heading_that_error_messages_point_to_exists() -> None:
    assert "\n## Where to run it\n" in README
