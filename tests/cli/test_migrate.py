"""The command `openai-assistants migrate v1-to-v2`: what it prints, what it does, how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openai_assistants import _http, _requests, migrate
from openai_assistants.cli import main
from openai_assistants.server import Fault, LocalServer
from tests.migrate.objects import NOW, assistant, cited, message, run as run_object, thread

from .support import COMMAND, wait_for

NAME = "migrate", "v1-to-v2"
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder to be in, a wide terminal, no keys, no long waits."""
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_ASSISTANTS_FROM_API_KEY", "OPENAI_ASSISTANTS_TO_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr(_http, "INITIAL_DELAY", 0.001)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command in this process: its exit code, what it printed, and its errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main([*NAME, *map(str, arguments)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def server() -> Iterator[LocalServer]:
    """A server on a loopback port."""
    with LocalServer(drain_seconds=0.0, poll_after_ms=1) as running:
        yield running


@pytest.fixture
def export(tmp_path: Path) -> list[object]:
    """Options for an export with two assistants, a thread and a file."""
    odd = assistant(
        id="asst_2", name="Odd \x1b[31m[red]\nname", tools=[{"type": "browser"}], zork={"a": 1}, metadata={"d": None}
    )
    objects = [
        assistant(tools=[{"type": "retrieval"}], file_ids=["file-1"]),
        odd,
        thread(),
        message(file_ids=["file-1"]),
        *(cited(id=f"msg_{number}", created_at=NOW + number) for number in range(2, 5)),
        run_object(),
    ]
    (tmp_path / "export.jsonl").write_text("".join(json.dumps(each) + "\n" for each in objects))
    (tmp_path / "contents").mkdir()
    (tmp_path / "contents" / "file-1.md").write_text("Tulips flower in April.")
    return ["--export", "export.jsonl", "--files", "contents"]


def names_of(server: LocalServer) -> list[str | None]:
    with server.client() as client:
        return [each.name for each in client.beta.assistants.list(order="asc")]


def test_a_plan_and_then_the_work(command: Command, server: LocalServer, export: list[object]) -> None:
    before = sorted(Path().rglob("*"))
    code, plan, errors = command(*export, "--to", server.base_url)
    assert (code, errors) == (0, "")
    assert plan.startswith(f"from     export.jsonl (version 1)\nto       {server.base_url} (version 2)\n")
    assert "assistant asst_1   Gardener" in plan and "new assistant, new vector store, 1 file" in plan
    assert "new thread, 4 messages, new vector store, 1 file" in plan
    assert "file-1   file-1.md" in plan and "is copied" in plan
    assert '  tools[0] dropped: version 2 has no such tool ({"type": "browser"})' in plan
    assert "  metadata.d dropped: version 2 takes texts only\n" in plan
    assert '  zork dropped: neither version of the API has this field ({"a": 1})' in plan
    assert "  messages[...].content[...].text.annotations[...] dropped 3 times: version 2 takes no annotations" in plan
    assert "Of the kind 'thread.run' the export has 1; these are not migrated." in plan
    assert plan.endswith("Nothing was written. To do it, call this again with --apply.\n")
    assert "\x1b" not in plan and "Odd \N{REPLACEMENT CHARACTER}[31m[red]\N{REPLACEMENT CHARACTER}name" in plan
    assert {each.method for each in server.requests} == {"GET"} and sorted(Path().rglob("*")) == before

    code, done, errors = command(*export, "--to", server.base_url, "--apply")
    assert (code, errors) == (0, "")
    assert "journal  v1-to-v2.journal" in done
    with server.client() as client:
        first = client.beta.assistants.list(order="asc").data[0]
        (file,) = client.files.list().data
    assert f"copied        file file-1 -> {file.id}\n" in done
    assert f"made          assistant asst_1 -> {first.id}\n" in done
    assert f"{first.id}, vs_" in done
    assert done.endswith("Objects: 3 made; files: 1 copied.\n")

    code, again, _ = command(*export, "--to", server.base_url, "--apply")
    assert code == 0 and f"{first.id}, made before" in again
    assert again.endswith("Objects: 3 made before.\n")
    assert len(names_of(server)) == 2


def test_json(command: Command, server: LocalServer, export: list[object]) -> None:
    for apply, status in (([], "planned"), (["--apply"], "made")):
        code, printed, errors = command(*export, "--to", server.base_url, "--json", "--journal", "j", *apply)
        report = json.loads(printed)
        assert (code, errors) == (0, "")
        assert {name: report[name] for name in ("source", "export", "target", "journal", "ok", "applied")} == {
            "source": None,
            "export": ["export.jsonl"],
            "target": server.base_url,
            "journal": "j",
            "ok": True,
            "applied": bool(apply),
        }
        assert [each["status"] for each in report["objects"]] == [status] * 3
        assert report["objects"][1]["notes"][0] == {
            "path": "tools[0]",
            "effect": "dropped",
            "reason": "version 2 has no such tool",
            "value": {"type": "browser"},
        }


def test_from_one_server_to_another_and_on_the_same(
    command: Command, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalServer(drain_seconds=0.0, api_keys=("right",)) as other, server.client() as client:
        uploaded = client.files.create(file=("tulips.md", b"Tulips."), purpose="assistants")
        old = client.beta.v1.assistants.create(
            model="gpt-4", name="Old", tools=[{"type": "retrieval"}], file_ids=[uploaded.id]
        )
        said = [client.beta.v1.threads.create(messages=[{"role": "user", "content": text}]).id for text in "abc"]
        Path("threads").write_text(f"# all\n{said[1]}\n\n{said[2]}\n")
        wanted = ["--thread", said[0], "--threads-file", "threads", "--apply"]
        to_other = ["--from", server.base_url, "--to", other.base_url]
        monkeypatch.setenv("OPENAI_API_KEY", "right")
        code, _, _ = command(*to_other, *wanted)
        assert code == 1, "with two servers the key could be meant for either"
        monkeypatch.setenv("OPENAI_ASSISTANTS_TO_API_KEY", "right")
        code, done, errors = command(*to_other, *wanted)
        assert (code, errors) == (0, "") and done.endswith("Objects: 4 made; files: 1 copied.\n")
        with other.client() as its:
            (made,) = its.beta.assistants.list()
            assert (made.name, [each.filename for each in its.files.list()]) == ("Old", ["tulips.md"])
        code, done, errors = command("--from", server.base_url, "--assistant", old.id, "--apply", "--journal", "same")
        assert (code, errors) == (0, "") and done.endswith("Objects: 1 made; files: 1 kept.\n")
        assert "stays as it is" in done and names_of(server) == ["Old", "Old"]
        code, done, _ = command("--from", f"{server.base_url}/", "--no-assistants", "--thread", said[0])
        assert code == 1, "the usual journal is that of the first migration"
        plan = ["--from", f"{server.base_url}/", "--no-assistants", "--thread", said[0], "--journal", "same"]
        code, done, _ = command(*plan)
        assert code == 0 and "assistant" not in done.partition("Objects")[2].partition("Runs")[0]


SECRET = "sk-marked-0123456789-secret"


def test_keys_are_taken_from_variables_and_files_and_never_shown(
    command: Command, export: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("key").write_text(f"# ours\n{SECRET}\n")
    with LocalServer(drain_seconds=0.0, api_keys=(SECRET,)) as server:
        to = ["--to", server.base_url, "--apply"]
        seen = ""
        code, printed, errors = command(*export, "--to", server.base_url.replace("//", "//user:hidden@"), "--apply")
        seen += printed + errors
        assert code == 1 and "Stopped: 401 Unauthorized" in printed
        for number, variable in enumerate(("OPENAI_API_KEY", "OPENAI_ASSISTANTS_TO_API_KEY")):
            monkeypatch.setenv(variable, SECRET)
            code, printed, errors = command(*export, *to, "--json", "--journal", f"journal-{number}")
            seen += printed + errors
            assert code == 0, printed
            monkeypatch.delenv(variable)
        server.faults.add(Fault("status", status=418, times=None))
        code, printed, errors = command(*export, *to, "--to-key-file", "key", "--journal", "journal-3")
        seen += printed + errors
        assert code == 1 and "418" in printed
    journals = "".join(each.read_text() for each in Path().glob("*journal*"))
    for hidden in (SECRET, "hidden"):
        assert hidden not in seen + journals


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "name a server with --from, an export with --export, or both"),
        (["--export", "export.jsonl"], 2, "name one with --to"),
        (["--export", "x.json", "--to", "http://127.0.0.1:9/v1"], 2, "x.json cannot be read: No such file"),
        (["--export", "contents/file-1.md", "--to", "http://127.0.0.1:9/v1"], 2, "file-1.md is no JSON"),
        (["--from", "ftp://user:hidden@host"], 2, "the URL of a server must begin with http"),
        (["--from", "http://127.0.0.1:9/v1", "--assistant", "a", "--no-assistants"], 2, "exclude each other"),
        (["--from", "http://127.0.0.1:9/v1", "--threads-file", "nothing"], 2, "threads in nothing cannot be read"),
        (["--from", "http://127.0.0.1:9/v1", "--threads-file", "empty"], 2, "there is no thread in empty"),
        (["--from", "http://127.0.0.1:9/v1", "--from-key-file", "two"], 2, "there are 2 keys in two"),
        (["--from", "http://127.0.0.1:9/v1", "--from-key-file", "two", "--to-key-file", "two"], 2, "only one server"),
        (["--from", "http://127.0.0.1:9/v1", "--from-key-file", "odd"], 2, "the key in odd cannot be sent"),
        (["--from", "http://127.0.0.1:9/v1", "--from-key-file", "nothing"], 2, "the key in nothing cannot be read"),
        (["--from", "http://127.0.0.1:9/v1", "--files", "nowhere"], 2, "nowhere"),
        (["--from", "http://127.0.0.1:9/v1"], 1, "No answer from GET http://127.0.0.1:9/v1/assistants"),
        (["--from", "http://127.0.0.1:9/v1", "--apply", "--journal", "x/y"], 1, "x/y: No such file or directory"),
        (["--from", "http://127.0.0.1:9/v1", "--journal", "export.jsonl"], 1, "export.jsonl is no journal"),
        (["--frm", "x"], 2, "No such option"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    command: Command, export: list[object], arguments: list[str], code: int, said: str
) -> None:
    Path("empty").write_text("# none\n")
    Path("two").write_text("one\ntwo\n")
    Path("odd").write_text("hidden\N{EM DASH}\n", encoding="utf-8")
    found, printed, errors = command(*arguments)
    assert (found, printed.partition("\n")[0][:4]) in ((code, ""), (code, "from"))
    assert said in errors and "Traceback" not in errors and "hidden" not in errors


def test_what_fails_is_told_and_tried_again(command: Command, server: LocalServer, export: list[object]) -> None:
    bad = {"error": {"message": "Too much."}}
    server.faults.add(Fault("status", operation="createMessage", status=400, skip=2, body=bad))
    code, printed, _ = command(*export, "--to", server.base_url, "--apply")
    assert code == 1
    assert "failed        thread thread_1 -> thread_" in printed
    assert "message msg_3 (3 of 4): 400 Bad Request: Too much." in printed
    assert "2 messages)" in printed and "Call this again to try what failed once more" in printed
    code, printed, _ = command(*export, "--to", server.base_url, "--apply")
    assert code == 0 and "Objects: 2 made before, 1 made" in printed
    with server.client() as client:
        thread_id = printed.partition("thread thread_1 -> ")[2].partition("\n")[0]
        assert len(list(client.beta.threads.messages.list(thread_id))) == 4


@pytest.mark.filterwarnings("default")  # as for programs
def test_a_warning_is_a_line(
    command: Command, export: list[object], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ASSISTANTS_TO_API_KEY", "hidden")
    monkeypatch.setattr(_requests, "_warned_hosts", set())
    with LocalServer(drain_seconds=0.0) as other:
        code, _, errors = command(*export, "--to", other.base_url.replace("127.0.0.1", "0.0.0.0"), "--apply")
    said = "warning: The API key is sent to 0.0.0.0 over plain http, readable on the way; use https.\n"
    assert (code, errors) == (0, said)


def test_a_plan_that_is_interrupted(
    command: Command, server: LocalServer, export: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --apply: see the test of a program that is stopped."""

    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(migrate, "v1_to_v2", interrupted)
    code, _, errors = command(*export, "--to", server.base_url)
    assert (code, errors) == (130, "error: interrupted\n")


def test_help(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    _, shown, _ = command("--help")
    for text in ("--from", "--export", "--to", "--apply", "--journal", "--json", "--threads-file", "Exit codes: 0"):
        assert text in shown
    assert "OPENAI_ASSISTANTS_FROM_API_KEY" in shown
    main(["--help"])
    assert "migrate" in capsys.readouterr().out


# ---- as a program ---------------------------------------------------------------------------------------------------


def start(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    """The command as a program."""
    settings = {**os.environ, "COLUMNS": "160", "NO_COLOR": "1", **environment}
    command = [*COMMAND, *NAME, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=settings)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_program_that_is_stopped_goes_on_when_it_is_called_again(
    command: Command, server: LocalServer, export: list[object], number: int
) -> None:
    server.faults.add(Fault("slow_first_byte", operation="createMessage", skip=1, seconds=300))
    process = start(*export, "--to", server.base_url, "--apply")
    wait_for(lambda: len(server.requests.of("createMessage")) == 2 or process.poll() is not None)
    process.send_signal(number)
    printed, errors = process.communicate(timeout=30)
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert errors == "error: interrupted; call it again with --journal v1-to-v2.journal to go on\n"
    assert "made          assistant asst_1" in printed
    server.faults.clear()
    code, printed, _ = command(*export, "--to", server.base_url, "--apply")
    assert code == 0 and "Objects: 2 made before, 1 made" in printed
    thread_id = printed.partition("thread thread_1 -> ")[2].partition("\n")[0]
    with server.client() as client:
        said = [(each.metadata or {})["v1_id"] for each in client.beta.threads.messages.list(thread_id, order="asc")]
        assert said == ["msg_1", "msg_2", "msg_3", "msg_4"]
        assert len(list(client.vector_stores.list())) == 2
    assert len(names_of(server)) == 2


def test_nobody_reads_and_nothing_can_be_shown(command: Command, server: LocalServer, export: list[object]) -> None:
    """It is done all the same."""
    process = start(*export, "--to", server.base_url, "--apply", PYTHONIOENCODING="ascii")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    with process.stderr as errors:
        assert (errors.read(), process.wait(30)) == ("", 0)
    code, printed, _ = command(*export, "--to", server.base_url, "--apply")
    assert code == 0 and "Objects: 3 made before." in printed


def test_it_needs_no_server_of_ours(server: LocalServer, export: list[object], tmp_path: Path) -> None:
    blocked = "".join(f"sys.modules[{name!r}] = None\n" for name in ("uvicorn", "starlette", "sqlalchemy"))
    (tmp_path / "sitecustomize.py").write_text(f"import sys\n{blocked}")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    process = start(*export, "--to", server.base_url, PYTHONPATH=path, PYTHONIOENCODING="ascii")
    printed, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert "Odd ?[31m[red]?name" in printed and "Nothing was written." in printed, "shown as far as it can be"
