"""The fixtures for pytest, as a project uses them that has this package installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = "openai_assistants.pytest_plugin"

PROGRAM = """
import os
import pytest
from openai_assistants import OpenAI, AuthenticationError

def ask(client, question):
    assistant = client.beta.assistants.create(model="gpt-4o")
    thread = client.beta.threads.create(messages=[{"role": "user", "content": question}])
    client.beta.threads.runs.create_and_poll(thread.id, assistant_id=assistant.id, poll_interval_ms=10)
    return client.beta.threads.messages.list(thread.id).data[0].text

def test_script(assistants_server, openai_client):
    assistants_server.scripts.add("Hello!")
    assert ask(openai_client, "Hi") == "Hello!"

def test_each_test_has_a_server_of_its_own(openai_client):
    assert openai_client.beta.assistants.list().data == []

def test_clients_of_the_program_find_it(assistants_server):
    with OpenAI() as client:
        client.models.list()
    assert len(assistants_server.requests.of("listModels")) == 1

@pytest.mark.assistants_server(api_keys=("right",))
class TestMarks:
    def test_settings(self, openai_client, assistants_server):
        assert len(openai_client.models.list().data) == 1
        with pytest.raises(AuthenticationError):
            assistants_server.client(api_key="wrong").models.list()

    @pytest.mark.assistants_server(models={"gpt-*": "offline"})
    def test_nearer_marks_add(self, openai_client, assistants_server):
        assert len(openai_client.models.list().data) == 2

def test_the_environment_is_as_before():
    assert "OPENAI_BASE_URL" not in os.environ
"""

ASYNC = """
import pytest

{mark}
async def test_answer(assistants_server, async_openai_client):
    assert [each.id async for each in async_openai_client.models.list()] == ["offline"]
    assert (await async_openai_client.beta.threads.create()).id.startswith("thread_")
"""

FAILING = """
def test_that_fails(openai_client):
    openai_client.beta.threads.retrieve("thread_1")
"""


def run(folder: Path, text: str, *options: str, plugin: bool = True) -> tuple[int, str]:
    """Run a test file in a process of its own, with warnings as errors."""
    (folder / "test_it.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-c", "/dev/null"]
    command += ["--rootdir", str(folder), *(["-p", PLUGIN] if plugin else []), *options, str(folder / "test_it.py")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_fixtures(tmp_path: Path) -> None:
    code, shown = run(tmp_path, PROGRAM, "-p", "no:asyncio", "--strict-markers")
    assert code == 0, shown
    assert "6 passed" in shown


def test_under_xdist(tmp_path: Path) -> None:
    code, shown = run(tmp_path, PROGRAM, "-p", "no:asyncio", "-n", "2")
    assert code == 0, shown


@pytest.mark.parametrize(
    ("mark", "options"),
    [
        ("@pytest.mark.asyncio", ("-o", "asyncio_default_fixture_loop_scope=function")),
        ("", ("-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function")),
        ("@pytest.mark.anyio", ("-p", "no:asyncio")),
    ],
    ids=["asyncio-strict", "asyncio-auto", "anyio"],
)
def test_async_clients(tmp_path: Path, mark: str, options: tuple[str, ...]) -> None:
    code, shown = run(tmp_path, ASYNC.format(mark=mark), *options)
    assert code == 0, shown
    assert "passed" in shown and "skipped" not in shown


def test_a_failed_test_shows_what_was_received(tmp_path: Path) -> None:
    code, shown = run(tmp_path, FAILING, "-p", "no:asyncio")
    assert code == 1
    assert "Requests received by assistants_server" in shown
    assert "GET /v1/threads/thread_1 -> 404" in shown


def test_a_wrong_mark_says_so(tmp_path: Path) -> None:
    text = "import pytest\n@pytest.mark.assistants_server(modles={})\ndef test_it(openai_client): ...\n"
    code, shown = run(tmp_path, text, "-p", "no:asyncio")
    assert code == 1
    assert "modles" in shown and "the mark assistants_server" in shown


def test_it_costs_nothing_unless_it_is_used() -> None:
    program = f"import pytest, sys; before = set(sys.modules); import {PLUGIN}; print(*(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"httpx", "pydantic", "starlette", "sqlalchemy", "openai_assistants.server"} & set(loaded)
