"""The command `openai-assistants doctor` as a program: what it prints, its exit codes, what it keeps to itself."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from openai_assistants.cli import main
from openai_assistants.cli.doctor import without_key
from openai_assistants.server import Fault, LocalServer
from tests.cli.support import COMMAND, run
from tests.soak import SOAKING

from .support import KEY


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer(drain_seconds=0.0, poll_after_ms=1, api_keys=(KEY,)) as running:
        yield running


def test_as_a_program(server: LocalServer) -> None:
    ended = run("doctor", "--base-url", server.base_url, OPENAI_API_KEY=KEY)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"{server.base_url}/, version 2 of the API, read-only\n")
    assert re.search(r"^answers  listAssistants +GET /assistants +200$", ended.stdout, re.M)
    assert ended.stdout.endswith("Everything is fine.\n")
    assert KEY not in ended.stdout


def test_what_is_done_can_be_logged_without_the_key(server: LocalServer) -> None:
    ended = run("doctor", "--base-url", server.base_url, OPENAI_API_KEY=KEY, OPENAI_LOG="debug")
    assert ended.returncode == 0 and ended.stdout.endswith("Everything is fine.\n")
    assert "/assistants" in ended.stderr and KEY not in ended.stderr


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The command in this process: its exit code and what it printed."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        code = main(["doctor", *arguments])
    finally:
        signal.signal(signal.SIGTERM, before)
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    return code, shown.out + shown.err


def on_one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)


def test_the_server_and_the_key_come_from_the_environment(
    server: LocalServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    code, out = printed(capsys)
    assert code == 0 and "23 of 23 operations that were tried answer" in out


def test_the_key_comes_from_a_file(server: LocalServer, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    code, out = printed(capsys, "--base-url", server.base_url, "--api-key-file", str(file), "--json")
    assert code == 0 and KEY not in out
    assert json.loads(out)["summary"].endswith("Everything is fine.")


def test_no_key_or_a_wrong_one(
    server: LocalServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out = printed(capsys, "--base-url", server.base_url)
    assert code == 2
    assert "the server wants another key: set OPENAI_API_KEY, or name a file with --api-key-file" in on_one_line(out)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong-0123456789")
    code, out = printed(capsys, "--base-url", server.base_url, "--write")
    assert code == 2 and "wants another key" in out and "sk-wrong" not in out
    assert not any(each.method == "POST" for each in server.requests)


def test_a_server_that_repeats_the_key(
    server: LocalServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole, or cut off where the table ends."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    said = {"error": {"message": f"Not with {KEY}! {'x' * 24}{KEY}"}}
    server.faults.add(Fault("status", status=400, body=said, times=None))
    for form in ((), ("--json",)):
        code, out = printed(capsys, "--base-url", server.base_url, *form)
        assert code == 1 and "Not with ***!" in out
        assert KEY[:10] not in out


def test_what_the_client_warns_of_is_good_to_know(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with LocalServer(drain_seconds=0.0) as other:
        code, out = printed(capsys, "--base-url", other.base_url.replace("127.0.0.1", "0.0.0.0"))
    assert code == 0
    assert "Good to know\n- The API key is sent to 0.0.0.0 over plain http, readable on the way; use https.\n" in out


def test_what_is_among_the_findings_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    with LocalServer(drain_seconds=0.0) as other, other.client() as client:
        made = client.beta.assistants.create(model="m").to_dict()
        page = {"object": "list", "data": [made], "first_id": made["id"], "last_id": made["id"], "has_more": True}
        other.faults.add(Fault("status", operation="listAssistants", status=200, body=page, times=None))
        code, out = printed(capsys, "--base-url", other.base_url)
    assert code == 1 and "the first one again" in out and "iteration ends there with a warning" in on_one_line(out)
    assert "Good to know" not in out


def test_without_key() -> None:
    assert without_key(f"a {KEY} b {KEY[:15]}… c", KEY) == "a *** b ***… c"
    assert without_key("any key of many", "any") == "any key of many"
    assert without_key("secret", "secret") == "***"
    assert without_key('{"a": "k\\"ey-0123456789"}', 'k"ey-0123456789') == '{"a": "***"}'
    assert without_key("nothing", "") == "nothing"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "which server? Name it with --base-url or OPENAI_BASE_URL"),
        (["--base-url", "localhost:8000"], "base_url must begin with http:// or https://"),
        (["--base-url", "http://localhost/v1?a=b"], "base_url must have no query"),
        (["--base-url", "http://localhost/v1", "--write", "--thread", "thread_1"], "--thread is for looking only"),
        (["--base-url", "http://localhost/v1", "--query", "x"], "--query takes NAME=VALUE"),
        (["--base-url", "http://localhost/v1", "--api-key-file", "/no/such/file"], "cannot be read"),
        (["--base-url", "http://localhost/v1", "--api-key-file", "/dev/null"], "there is no key in"),
        (["--base-url", "http://localhost/v1", "--api-version", "v3"], "api-version"),
        (["--base-url", "http://localhost/v1", "--timeout", "0"], "timeout"),
    ],
)
def test_a_wrong_command_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = printed(capsys, *arguments)
    assert code == 2 and said in out


def test_nobody_listens(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = printed(capsys, "--base-url", "http://127.0.0.1:1/v1")
    assert code == 2 and "Connection refused" in out and "does-not-exist" not in out
    assert out.count("The server cannot be examined: No answer from GET") == 1 and "can be reached" not in out


def test_what_is_added_to_each_request_and_the_model(server: LocalServer, capsys: pytest.CaptureFixture[str]) -> None:
    with LocalServer(drain_seconds=0.0, poll_after_ms=1) as other:
        code, _ = printed(
            capsys, "--base-url", other.base_url, "--query", "api-version=v1", "--write", "--model", "gpt-odd"
        )
        assert code == 0
        assert all("api-version=v1" in each.query for each in other.requests)
        [made] = other.requests.of("createAssistant")
        assert made.json()["model"] == "gpt-odd"


def test_a_thread_to_look_at(capsys: pytest.CaptureFixture[str]) -> None:
    with LocalServer(drain_seconds=0.0) as other, other.client() as client:
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
        code, out = printed(capsys, "--base-url", other.base_url, "--thread", thread.id)
        assert code == 0 and "answers  getMessage                      GET /threads" in out
        assert other.requests.of("getMessage")[-1].status == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT] if SOAKING else [signal.SIGTERM])
def test_a_signal_ends_it_and_nothing_stays_behind(number: int) -> None:
    with LocalServer(drain_seconds=0.0, poll_after_ms=1) as server:
        hold = server.runs.hold(status="queued")
        process = subprocess.Popen(
            [*COMMAND, "doctor", "--base-url", server.base_url, "--write", "--timeout", "600"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not server.requests.of("createRun"):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        out, err = process.communicate(timeout=120)
        hold.open()
        with server.client() as client:
            left = [list(client.beta.assistants.list()), list(client.files.list()), list(client.vector_stores.list())]
    assert (process.returncode, err) == (130, "")
    assert "Interrupted.\n" in out and left == [[], [], []]


def test_help_says_what_it_does_and_how_it_ends(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = printed(capsys, "--help")
    text = " ".join(out.replace("│", " ").split())
    for words in (
        "Nothing is made or changed unless --write says so",
        "Exit codes: 0 all is fine, 1 something is missing",
        "--timeout",
    ):
        assert words in text
