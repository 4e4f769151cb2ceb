"""The fixtures for pytest, as a project uses them that has this package installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = "openai_assistants.pytest_plugin"

PROGRAM = """
import os
import subprocess
import sys
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

    @pytest.mark.assistants_server(models={"gpt-4o": "offline"})
    def test_nearer_marks_add(self, openai_client, assistants_server):
        assert len(openai_client.models.list().data) == 2

def test_the_environment_is_as_before():
    assert "OPENAI_BASE_URL" not in os.environ

def test_programs_of_their_own_processes_and_proxies(assistants_server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    program = "from openai_assistants import OpenAI; print(len(OpenAI(max_retries=0).models.list().data))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "1\\n"
    assert len(OpenAI(max_retries=0).models.list().data) == 1
"""

ASYNC = """
import gc
import pytest
{head}
@pytest.mark.parametrize("number", range(4))
async def test_answer(assistants_server, async_openai_client, number):
    client = async_openai_client
    assert [each.id async for each in client.models.list()] == ["offline"]
    assistant = await client.beta.assistants.create(model="m")
    stream = await client.beta.threads.create_and_run(assistant_id=assistant.id, stream=True)
    assert [event.event async for event in stream][-1] == "thread.run.completed"
    gc.collect()

def test_nothing_is_left_open():
    gc.collect()
"""

FAILING = """
def test_that_fails(openai_client):
    openai_client.beta.threads.retrieve("thread_1")
"""


ASYNCIO = ("-p", "pytest_asyncio.plugin", "-o", "asyncio_default_fixture_loop_scope=function")


def run(folder: Path, text: str, *options: str) -> tuple[int, str]:
    """Run a test file in a process of its own, with warnings as errors and no plugins but ours and those of options."""
    (folder / "test_it.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-c", "/dev/null"]
    command += ["--rootdir", str(folder), "-p", PLUGIN, *options, str(folder / "test_it.py")]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_fixtures(tmp_path: Path) -> None:
    code, shown = run(tmp_path, PROGRAM, "--strict-markers")
    assert code == 0, shown
    assert "7 passed" in shown


def test_under_xdist(tmp_path: Path) -> None:
    code, shown = run(tmp_path, PROGRAM, "-p", "xdist", "-n", "2")
    assert code == 0, shown


BACKEND = """
@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    return request.param

@pytest.mark.anyio"""


@pytest.mark.parametrize(
    ("head", "passed", "options"),
    [
        ("@pytest.mark.asyncio", 5, ASYNCIO),
        ('@pytest.mark.asyncio(loop_scope="session")', 5, ASYNCIO),
        ("", 5, (*ASYNCIO, "-o", "asyncio_mode=auto")),
        (BACKEND, 9, ("-p", "anyio")),
    ],
    ids=["asyncio-strict", "asyncio-one-loop", "asyncio-auto", "anyio"],
)
def test_async_clients(tmp_path: Path, head: str, passed: int, options: tuple[str, ...]) -> None:
    """Warnings are errors here, those of connections that were not closed among them."""
    code, shown = run(tmp_path, ASYNC.format(head=head), *options)
    assert code == 0, shown
    assert f"{passed} passed in" in shown


def test_a_failed_test_shows_what_was_received(tmp_path: Path) -> None:
    code, shown = run(tmp_path, FAILING)
    assert code == 1
    assert "Requests received by assistants_server" in shown
    assert "GET /v1/threads/thread_1 -> 404" in shown


def test_what_was_prepared_and_did_not_happen_is_shown_too(tmp_path: Path) -> None:
    text = (
        "from openai_assistants.server import Fault\n"
        "def test_it(assistants_server, openai_client):\n"
        "    assistants_server.scripts.add('Hello!')\n"
        "    assistants_server.faults.add(Fault('reset_after', operation='createRun'))\n"
        "    for _ in range(60): openai_client.models.list()\n"
        "    assert False\n"
    )
    _, shown = run(tmp_path, text)
    assert "(10 earlier ones)" in shown and shown.count("GET /v1/models -> 200") == 50
    assert "(1 of the scripts not taken by any run)" in shown
    assert "(faults that did not happen: reset_after)" in shown


_FORBIDDING = """
import sys
from importlib.abc import MetaPathFinder
class Forbids(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == 'uvicorn':
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
sys.meta_path.insert(0, Forbids())
"""


@pytest.mark.parametrize("how", ["import sys\nsys.modules['uvicorn'] = None\n", _FORBIDDING], ids=["none", "finder"])
def test_without_the_extra_it_says_what_to_install(tmp_path: Path, how: str) -> None:
    (tmp_path / "conftest.py").write_text(how)
    text = "def test_other(): ...\ndef test_it(openai_client): ...\n"
    code, shown = run(tmp_path, text)
    assert code == 1
    assert "1 passed, 1 error" in shown
    assert 'needs uvicorn. Install them together: pip install "openai-assistants[server]"' in shown
    assert "Traceback" not in shown and "ImportError" not in shown


def test_a_model_that_there_is_not_says_so(tmp_path: Path) -> None:
    text = "import pytest\n@pytest.mark.assistants_server(models={'a': 'b'})\ndef test_it(openai_client): ...\n"
    _, shown = run(tmp_path, text)
    assert "the mark assistants_server: route 'a': there is no model 'b'" in shown


def test_a_wrong_mark_says_so(tmp_path: Path) -> None:
    text = "import pytest\n@pytest.mark.assistants_server(modles={})\ndef test_it(openai_client): ...\n"
    code, shown = run(tmp_path, text)
    assert code == 1
    assert "modles" in shown and "the mark assistants_server" in shown


def test_it_costs_nothing_unless_it_is_used() -> None:
    program = f"import pytest, sys; before = set(sys.modules); import {PLUGIN}; print(*(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert {each for each in loaded if each.startswith("openai_assistants")} == {
        "openai_assistants",
        "openai_assistants._lazy",
        PLUGIN,
    }
    assert not {"httpx", "pydantic", "anyio", "starlette", "sqlalchemy", "asyncio"} & set(loaded)


def test_a_failed_test_that_asked_nothing(tmp_path: Path) -> None:
    _, shown = run(tmp_path, "def test_it(assistants_server): assert False")
    assert "Requests received by assistants_server ---" in shown and "\nnone\n" in shown


def test_a_mark_takes_names_only(tmp_path: Path) -> None:
    text = "import pytest\n@pytest.mark.assistants_server(5)\ndef test_it(assistants_server): ...\n"
    code, shown = run(tmp_path, text)
    assert (code, "1 error in" in shown) == (1, True)
    assert "the mark assistants_server takes keyword arguments only: those of Settings" in shown
