"""Each script of the cookbook runs as a program of its own, and shows what a user would want to see."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from openai_assistants.server import Call, Gate, LocalServer, Script, Turn

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
HANDBOOK = EXAMPLES / "handbook.md"
PATIENCE = 60

INHERITED = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}


def run(*arguments: str, **environment: str) -> str:
    """Run Python with warnings as errors; what it printed."""
    ended = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=ROOT,
        env={**INHERITED, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout + ended.stderr
    return ended.stdout


def example(name: str) -> str:
    return run(str(EXAMPLES / name))


@contextmanager
def running(name: str, server: LocalServer) -> Iterator[subprocess.Popen[str]]:
    """An example at work against a server of ours; killed if it takes too long."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", str(EXAMPLES / name)],
        cwd=ROOT,
        env={**INHERITED, "PYTHONUTF8": "1", "OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "any"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    killer = threading.Timer(PATIENCE, process.kill)
    killer.start()
    try:
        yield process
    finally:
        killer.cancel()
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """What a program prints, up to and with a text; fails if it ends before."""
    assert process.stdout is not None
    printed = ""
    while not printed.endswith(text):
        character = process.stdout.read(1)
        assert character, f"ended without {text!r}: {printed}"
        printed += character
    return printed


def handbook_text() -> str:
    return " ".join(HANDBOOK.read_text(encoding="utf-8").split())


def quoted(line: str) -> str:
    """The sentence that a line of the offline model quotes, without the heading that the tool put before it."""
    sentence = line.partition("> ")[2].removesuffix(" (look_up)")
    headings = re.findall(r"^#+ (.+)$", HANDBOOK.read_text(encoding="utf-8"), re.M)
    return next((sentence.removeprefix(f"{each}: ") for each in headings if sentence.startswith(f"{each}: ")), sentence)


def test_quickstart_answers_with_passages_of_the_handbook() -> None:
    printed = example("quickstart.py")
    assert f"uploaded:  handbook.md, {HANDBOOK.stat().st_size} bytes, as file-" in printed
    _, *answers, messages = printed.split("\n=== ")
    assert len(answers) == 3
    for answer in answers:
        question, _, rest = answer.partition("\n")
        assert question.endswith("?")
        called = re.search(r"^\[tool call: look_up\((.*)\)\]$", rest, re.M)
        assert called is not None, answer
        assert json.loads(called[1]).keys() == {"query"}
        quotes = [quoted(line) for line in rest.splitlines() if line.startswith("> ")]
        assert quotes, answer
        assert all(quote in handbook_text() for quote in quotes), quotes
        assert rest.rstrip().endswith("[completed]")
    listed = [line.split(":")[0].strip() for line in messages.splitlines()[1:]]
    assert listed == ["user", "assistant"] * 3


def test_quickstart_finds_the_passages_that_answer_its_questions() -> None:
    printed = example("quickstart.py")
    assert "A run expires ten minutes after it was created" in printed
    assert "While a run is active, the thread is locked" in printed
    assert "The limits of metadata are 16 entries, 64 characters for a key and 512 characters for a value." in printed


def test_quickstart_prints_an_answer_while_it_comes() -> None:
    gate = Gate()
    with LocalServer() as server:
        server.scripts.add(
            [Turn(calls=[Call("look_up", {"query": "expiry"})]), Turn(deltas=["First half, ", gate, "second half."])]
        )
        server.scripts.add("Second answer.")
        server.scripts.add("Third answer.")
        with running("quickstart.py", server) as process:
            read_until(process, "First half, ")
            assert gate.reached.wait(PATIENCE)
            with server.client() as client:
                [run] = [each for each in server.requests.of("createRun") if each.status == 200]
                thread_id = run.path.split("/")[-2]
                assert client.beta.threads.runs.list(thread_id).data[0].status == "in_progress"
            gate.open()
            rest = read_until(process, "[completed]\n")
            assert rest.startswith("second half.")
            out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, err) == (0, ""), err
        assert "Second answer." in out
        assert "assistant: First half, second half." in out
        [submitted] = server.requests.of("submitToolOuputsToRun")
        [output] = submitted.json()["tool_outputs"]
        heading, _, passage = output["output"].split("\n\n")[0].partition(": ")
        assert heading == "Expiry after ten minutes"
        assert passage in handbook_text()
        with server.client() as client:
            assert client.beta.assistants.list().data == []
            assert client.files.list().data == []


def test_quickstart_tells_the_model_of_calls_that_fail() -> None:
    bad = [Call("look_up", "no JSON", id="a"), Call("look_up", {"q": 1}, id="b"), Call("look_up", {"query": 5}, id="c")]
    with LocalServer() as server:
        server.scripts.add([Turn(calls=bad), Turn("Sorry.")])
        server.scripts.add("Second.")
        server.scripts.add("Third.")
        out = run(str(EXAMPLES / "quickstart.py"), OPENAI_BASE_URL=server.base_url, OPENAI_API_KEY="any")
        [submitted] = server.requests.of("submitToolOuputsToRun")
        outputs = {each["tool_call_id"]: each["output"] for each in submitted.json()["tool_outputs"]}
    assert all(outputs[each].startswith("The call failed: ") for each in "abc"), outputs
    assert "Sorry." in out


def test_quickstart_says_how_a_run_failed() -> None:
    with LocalServer() as server:
        server.scripts.add(Script([Turn(calls=[Call("unknown")])], times=3))
        out = run(str(EXAMPLES / "quickstart.py"), OPENAI_BASE_URL=server.base_url, OPENAI_API_KEY="any")
    assert out.count("[failed: the script calls 'unknown'") == 3


def test_async_quickstart_labels_every_line() -> None:
    lines = example("quickstart_async.py").splitlines()
    for label in ("Ada", "Ben", "Cleo"):
        mine = [line.partition("| ")[2] for line in lines if line.strip().startswith(f"{label} |")]
        assert mine[0].startswith("asks: ")
        assert mine[1].startswith("[tool call: look_up(")
        quotes = [quoted(line) for line in mine if line.startswith("> ")]
        assert quotes
        assert all(quote in handbook_text() for quote in quotes), quotes
        assert mine[-1] == "[completed; the thread has 2 messages: user, assistant]"
    assert all(re.match(r" *(Ada|Ben|Cleo) \| ", line) for line in lines)


def test_async_quickstart_holds_its_conversations_at_once() -> None:
    gates = [Gate() for _ in range(3)]
    with LocalServer() as server:
        for number, gate in enumerate(gates):
            server.scripts.add(Turn(deltas=[gate, f"Answer {number}."]))
        with running("quickstart_async.py", server) as process:
            assert all(gate.reached.wait(PATIENCE) for gate in gates)  # none is answered, yet all are under way
            for gate in gates:
                gate.open()
            out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, ""), err
    assert sorted(re.findall(r"\| (Answer \d\.)$", out, re.M)) == ["Answer 0.", "Answer 1.", "Answer 2."]


def test_polling() -> None:
    printed = example("polling.py")
    assert 'requires_action: {"city": "Lisbon"}' in printed
    assert "get_temperature returned: celsius: 21" in printed
    assert "after 0.5 s" in printed
    assert printed.rstrip().endswith("Cancelled: cancelled")


def test_event_handler() -> None:
    assert example("event_handler.py").splitlines() == [
        '[get_temperature {"city": "Lisbon"}]',
        '[get_temperature {"city": "Oslo"}]',
        "Lisbon: 21, Oslo: 19. [completed, 21 characters]",
    ]


def test_async_event_handler() -> None:
    *answers, pieces = example("event_handler_async.py").splitlines()
    told = ["Hello", "Hello, you!", "completed", "end"]
    assert answers == [f"{name}: {text}" for name in ("Ada", "Ben") for text in told]
    assert pieces == "pieces: ['Hello', ', you!']"


def test_pagination() -> None:
    assert example("pagination.py").splitlines() == [
        "all 25: m1 to m25",
        "newest three: m25 m24 m23",
        "first page: 10 has more: True",
        "pages: 10 10 5",
        "before m5: m4 m3 m2 m1",
        "async: a page of 10, all 25, first m25",
    ]


def test_errors() -> None:
    printed = example("errors.py")
    told = dict(line.split(": ", 1) for line in printed.splitlines())
    expected = {
        "no such assistant": "NotFoundError, status 404, code None | 404 Not Found: No assistant found with id",
        "wrong key": "AuthenticationError, status 401, code invalid_api_key | 401 Unauthorized: Incorrect API key",
        "wrong argument": "BadRequestError, param temperature | 400 Bad Request: Invalid 'temperature'",
        "429 twice": "fine, Guide",
        "429 for an hour": "RateLimitError, come back in 3600 s | 429 Too Many Requests",
        "read timeout": "APITimeoutError | Timed out while waiting for the answer: GET http://127.0.0.1:",
        "deadline": "APITimeoutError | The deadline of 0.3 s passed in attempt 1 of GET http://127.0.0.1:",
        "refused": "APIConnectionError | No answer from GET http://127.0.0.1:",
        "no key": "OpenAIError | No API key: pass api_key= to the client or set",
    }
    assert told.keys() == expected.keys()
    for what, beginning in expected.items():
        assert told[what].startswith(beginning)
    assert "wrong-key" not in printed
    assert "right-key" not in printed


def test_files() -> None:
    printed = example("files.py")
    assert f"handbook.md: {HANDBOOK.stat().st_size} bytes, assistants, expires at None" in printed
    assert re.search(r"^notes\.txt: 10 bytes, user_data, expires at \d{10}$", printed, re.M)
    assert "notes: Buy milk.\ncopy is the same: True\ndeleted handbook.md: True\ngone: 404\n" in printed


def test_bulk_upload() -> None:
    assert example("bulk_upload.py").splitlines() == [
        "12 of 13 are there, 1 failed",
        "13 files: 11 stored, 1 failed, 1 duplicate",
        "  chapter-07.md: invalid_file: It cannot be read.",
        "14 of 14 are there, 0 failed",
        "14 files: 11 unchanged, 2 stored, 1 duplicate",
        "uploads: 14",
        "in the store: 13",
        "attributes: project, sha256",
    ]


def test_vector_store_files() -> None:
    assert example("vector_store_files.py").splitlines() == [
        "one file: completed {'year': 2026}",
        "a batch: completed 2",
        "a batch with a gap: ['bread.txt stored', 'eggs.txt stored', 'missing.txt failed']",
        "too slow: in_progress",
        "later: completed",
        "a large file: completed, 2200000 bytes in 3 parts",
        "async: completed completed completed",
    ]


def test_raw_responses() -> None:
    lines = example("raw_responses.py").splitlines()
    assert re.fullmatch(r"status 200 after 1 retry; request req_\w+", lines[0])
    assert lines[1:] == [
        "named in the JSON: Guide",
        "media type: application/json key shown: False",
        "bytes on disk: 588889",
        "lines that end in 99: 1000",
        "by path: Guide",
        "as plain JSON: True",
    ]


def test_structured_output() -> None:
    ticket = "Ticket(topic='delivery', urgency=4, order='A-17')"
    assert example("structured_output.py").splitlines() == [
        ticket,
        ticket,
        "told to the model: urgency: Input should be a valid integer, unable to parse string as an integer",
        ticket,
        "sent: Ticket strict: True fields: topic urgency order",
    ]


def test_citations() -> None:
    assert example("citations.py").splitlines() == [
        "as it came: Runs expire【0:0†source】, threads do not【0:1†source】. Ask Ada【0:2†source】",
        "Runs expire[1], threads do not[1]. Ask Ada[2]",
        "",
        "[1] rules.txt",
        "[2] notes.txt",
        'Runs expire ([rules.txt](# "Runs expire")), threads do not ([rules.txt](# "threads do not")). '
        'Ask Ada ([deleted](# "Ask Ada"))',
        "just now: True",
    ]


def test_migrating() -> None:
    lost = [f"note: dropped content[0].text.annotations[{place}]" for place in (0, 1)]
    assert example("migrating.py").splitlines() == [
        "before: tulips.md roses.md",
        "tools: [{'type': 'file_search'}]",
        "vector store of: 3 files",
        "plan: assistant planned, thread planned",
        "done: assistant made, thread made True",
        *lost,
        "again: assistant made before, thread made before",
        "after: roses.md tulips.md",
    ]


def test_both_versions_answer_from_the_files_of_one_assistant() -> None:
    printed = example("both_versions.py")
    first, newer, older, second, left = re.fullmatch(
        r"(called: retrieval\n.+)(version 2: .+\n)(version 1: .+\n)(called: retrieval\n.+)(left .+\n)",
        printed,
        re.DOTALL,
    ).groups()  # type: ignore[union-attr]
    assert "> Late books cost ten cents a day. [1]" in first
    assert first.endswith("\n[1] rules.txt\n    Books are lent for three weeks. Late books cost ten cents a day.\n")
    assert newer == "version 2: ['file_search'] 1\n"
    assert older == "version 1: Head librarian True\n"
    assert "> It is closed on Mondays. [1]" in second
    assert "\n[1] hours.txt\n" in second
    assert "    The library opens at nine in the morning. It is closed on Mondays.\n" in second
    assert left == "left in the vector store: True\n"


def test_file_search_answers_with_passages_and_says_where_they_are_from() -> None:
    printed = example("file_search.py")
    assert printed.startswith("uploaded: handbook.md stored\nsearched, and found passages of: handbook.md note.txt\n")
    sources = dict(re.findall(r"^\[(\d)\] (\S+)$", printed, re.M))
    assert set(sources.values()) == {"handbook.md", "note.txt"}
    texts = {"handbook.md": handbook_text(), "note.txt": "Our own runs expire after three minutes."}
    quotes = re.findall(r"^> (.+) \[(\d)\]$", printed, re.M)
    assert len(quotes) == 3
    assert all(quote in texts[sources[number]] for quote, number in quotes), quotes
    assert any("A run expires ten minutes after it was created" in quote for quote, _ in quotes)
    assert re.search(r"^【\d+:\d+†note.txt】 is a passage of 40 characters in note.txt$", printed, re.M)


def test_tools() -> None:
    assert example("tools.py").splitlines() == [
        'get_weather {"city": "Lisbon"} -> {"city":"Lisbon","celsius":21}',
        'get_weather {"city": "Oslo"} -> {"city":"Oslo","celsius":9}',
        "In Lisbon, with 21 degrees.",
        "completed after 1 call: Weather(city='Oslo', celsius=9)",
    ]


def test_chat_model() -> None:
    *calls, answer = example("chat_model.py").splitlines()
    assert sorted(calls) == ["[get_temperature of Lisbon]", "[get_temperature of Oslo]"]
    assert answer == "Lisbon| and| Oslo| have| 21| 9| degrees.| [completed]"


def test_broken_connections() -> None:
    assert example("broken_connections.py").splitlines() == [
        "interrupted after 'The office is open '; its run is known",
        "The office is open from nine to five.",
        "1 message in the thread",
        "still in_progress",
        "the run is cancelled, the message says 'Stop.'",
    ]


def test_testing_offline_is_a_script_and_a_test_module() -> None:
    assert example("testing_offline.py") == "2 tests passed\n"
    printed = run("-m", "pytest", "-q", "-p", "no:cacheprovider", str(EXAMPLES / "testing_offline.py"))
    assert re.search(r"^2 passed", printed, re.M)


def test_testing_a_program_is_a_test_module_with_our_fixtures() -> None:
    module = str(EXAMPLES / "testing_a_program.py")
    printed = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "openai_assistants.pytest_plugin", module)
    assert re.search(r"^5 passed", printed, re.M)  # the asynchronous one on asyncio and on trio


SHORT = sorted(script.name for script in EXAMPLES.glob("*.py") if not script.name.startswith("quickstart"))


@pytest.mark.parametrize("script", SHORT)
def test_cookbook_scripts_stay_short(script: str) -> None:
    assert len((EXAMPLES / script).read_text(encoding="utf-8").splitlines()) < 60
