"""The code interpreter in runs: programs, what they print and make, and a server that runs none."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from openai_assistants.server import Call, Code, LocalServer, Search, Turn
from openai_assistants.server.code import CodeResult, InputFile, MadeFile, SandboxError
from openai_assistants.server.models import TextDelta, ToolCallDelta, Turn as ModelTurn
from openai_assistants.server.runs.turns import NO_SANDBOX

from .support import LOOKUP, Api, api_of, text_of, wait_for
from .test_runs import ENDED, path_of, submit, tool_calls

INTERPRETER: dict[str, Any] = {"type": "code_interpreter"}


def made(path: str, content: bytes, *, is_image: bool = False) -> MadeFile:
    async def read() -> AsyncIterator[bytes]:
        yield content

    return MadeFile(path.rpartition("/")[2], path, len(content), is_image, read)


class FakeSandbox:
    """Answers programs as it is told, and keeps what it was given."""

    def __init__(self, *results: CodeResult | Exception) -> None:
        self.results = list(results)
        self.codes: list[str] = []
        self.sessions: list[str] = []
        self.files: list[dict[str, bytes]] = []
        self.begun = threading.Event()
        self.cancelled = threading.Event()

    async def run(self, code: str, *, session: str, files: Sequence[InputFile] = ()) -> CodeResult:
        self.codes.append(code)
        self.sessions.append(session)
        self.files.append({file.name: b"".join([chunk async for chunk in file.read()]) for file in files})
        self.begun.set()
        if not self.results:
            try:
                await asyncio.Event().wait()
            finally:
                self.cancelled.set()
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    async def close(self, session: str) -> None:
        self.sessions.append(f"closed {session}")

    async def stop(self) -> None:
        self.codes.append("stopped")


@contextmanager
def sandboxed(*results: CodeResult | Exception, **options: Any) -> Any:
    sandbox = FakeSandbox(*results)
    with LocalServer(in_process=True, code=sandbox, drain_seconds=0.0, **options) as server, api_of(server) as api:
        yield server, api, sandbox


def the_call(api: Api, run: Any) -> Any:
    (call,) = (call for step in api.steps(run) for call in step["step_details"].get("tool_calls", ()))
    return call


def test_a_program_its_output_and_its_files() -> None:
    files = (
        made("/mnt/data/plot.png", b"\x89PNG", is_image=True),
        made("/mnt/data/out/my table.csv", b"a,b\n" * 500_000),
    )
    with sandboxed(CodeResult("7\n", files)) as (server, api, sandbox):
        text = "See [it](sandbox:/mnt/data/out/my%20table.csv), sandbox:/mnt/data/plot.png; not sandbox:/mnt/data/no."
        server.scripts.add([Turn(calls=[Code("x = 7\nprint(x)\n", pieces=["x = 7\n", "print(x)\n"])]), Turn(text)])
        thread_id = api.thread("q")
        assistant_id = api.assistant(tools=[INTERPRETER])
        events = api.stream(f"/threads/{thread_id}/runs", {"assistant_id": assistant_id})
        run = events[-2].data
        assert run["status"] == "completed"
        assert (sandbox.codes, sandbox.sessions, sandbox.files) == (["x = 7\nprint(x)\n"], [thread_id], [{}])
        call = the_call(api, run)
        image = call["code_interpreter"]["outputs"][1]["image"]["file_id"]
        outputs = [{"type": "logs", "logs": "7\n"}, {"type": "image", "image": {"file_id": image}}]
        assert call == {
            "id": call["id"],
            "type": "code_interpreter",
            "code_interpreter": {"input": "x = 7\nprint(x)\n", "outputs": outputs},
        }
        deltas = [
            event.data["delta"]["step_details"]["tool_calls"]
            for event in events
            if event.name == "thread.run.step.delta"
        ]
        kind = {"index": 0, "type": "code_interpreter"}
        assert deltas == [
            [{**kind, "id": call["id"], "code_interpreter": {"input": "", "outputs": []}}],
            [{**kind, "code_interpreter": {"input": "x = 7\n"}}],
            [{**kind, "code_interpreter": {"input": "print(x)\n"}}],
            [{**kind, "code_interpreter": {"outputs": [{"index": i, **each} for i, each in enumerate(outputs)]}}],
        ]
        listed = {file["filename"]: file for file in api.get("/files", purpose="assistants_output")["data"]}
        assert (listed["plot.png"]["id"], listed["plot.png"]["bytes"]) == (image, 4)
        table = listed["my table.csv"]
        assert server.http_client().get(f"/files/{table['id']}/content").content == b"a,b\n" * 500_000
        (block,) = api.messages(thread_id)[-1]["content"]
        assert block["text"]["value"] == text
        places = [(each["text"], each["file_path"]["file_id"]) for each in block["text"]["annotations"]]
        assert places == [
            ("sandbox:/mnt/data/out/my%20table.csv", table["id"]),
            ("sandbox:/mnt/data/plot.png", image),
        ]
        for each in block["text"]["annotations"]:
            assert each["type"] == "file_path"
            assert text[each["start_index"] : each["end_index"]] == each["text"]
    assert sandbox.codes[-1] == "stopped"


class Programmer:
    """Runs a program, then tells what it saw."""

    name = "programmer"

    def __init__(self) -> None:
        self.turns: list[ModelTurn] = []

    async def respond(self, turn: ModelTurn) -> Any:
        self.turns.append(turn)
        if not turn.rounds:
            yield ToolCallDelta(0, arguments="print(1)", kind="code_interpreter")
        else:
            yield TextDelta(turn.rounds[0].programs[0].logs)


def test_what_the_model_sees_of_a_program() -> None:
    model = Programmer()
    result = CodeResult("1\n", (made("/mnt/data/a.txt", b"a"),))
    with sandboxed(result, models={"*": model}) as (_, api, _):
        run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[INTERPRETER])), *ENDED)
        assert run["status"] == "completed"
        (program,) = model.turns[1].rounds[0].programs
        (file,) = api.get("/files")["data"]
        assert (program.code, program.logs, program.paths) == ("print(1)", "1\n", ("/mnt/data/a.txt",))
        assert program.file_ids == (file["id"],)
        assert the_call(api, run)["code_interpreter"]["outputs"] == [{"type": "logs", "logs": "1\n"}]


def test_a_server_without_a_sandbox_says_so() -> None:
    model = Programmer()
    with LocalServer(in_process=True, models={"*": model}) as server, api_of(server) as api:
        run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[INTERPRETER])), *ENDED)
        assert run["status"] == "completed"
        assert "--allow-code" in NO_SANDBOX
        assert the_call(api, run)["code_interpreter"]["outputs"] == [{"type": "logs", "logs": NO_SANDBOX}]
        assert text_of(api.messages(run["thread_id"])[-1]) == NO_SANDBOX


def test_a_sandbox_that_fails_is_told_and_the_run_goes_on() -> None:
    with sandboxed(SandboxError("lost")) as (server, api, _):
        server.scripts.add([Turn(calls=[Code("print(1)")]), Turn("Sorry.")])
        run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[INTERPRETER])), *ENDED)
        assert run["status"] == "completed"
        (output,) = the_call(api, run)["code_interpreter"]["outputs"]
        assert "the sandbox failed" in output["logs"]


def test_a_made_file_that_cannot_be_read_any_more_leaves_no_file() -> None:
    async def read() -> AsyncIterator[bytes]:
        yield b"half"
        raise SandboxError("too late")

    lost = MadeFile("a.txt", "/mnt/data/a.txt", 8, False, read)
    with sandboxed(CodeResult("1\n", (lost,))) as (server, api, _):
        server.scripts.add([Turn(calls=[Code("print(1)")]), Turn("Sorry.")])
        run = api.run_in(api.run(api.thread("q"), api.assistant(tools=[INTERPRETER])), *ENDED)
        assert run["status"] == "completed"
        assert api.get("/files")["data"] == []


def test_programs_find_the_files_of_assistant_thread_and_attachments() -> None:
    with sandboxed(CodeResult("")) as (server, api, sandbox):
        own, threads, attached, gone = (api.file(name.encode(), name) for name in ("a.csv", "b.csv", "c.csv", "d.csv"))
        resources = {"code_interpreter": {"file_ids": [own, gone]}}
        assistant_id = api.assistant(tools=[INTERPRETER], tool_resources=resources)
        message = {"role": "user", "content": "q", "attachments": [{"file_id": attached, "tools": [INTERPRETER]}]}
        thread = {"messages": [message], "tool_resources": {"code_interpreter": {"file_ids": [threads, own]}}}
        api.delete(f"/files/{gone}")
        server.scripts.add([Turn(calls=[Code("print(1)")]), Turn("ok")])
        run = api.post("/threads/runs", {"assistant_id": assistant_id, "thread": thread})
        run = api.run_in(run, *ENDED)
        assert run["status"] == "completed"
        assert sandbox.files == [{"a.csv": b"a.csv", "b.csv": b"b.csv", "c.csv": b"c.csv"}]
        assert the_call(api, run)["code_interpreter"]["outputs"] == []


def test_programs_and_functions_of_one_turn() -> None:
    with sandboxed(CodeResult("1\n"), CodeResult("2\n")) as (server, api, sandbox):
        calls = [Code("print(1)"), Call("lookup", {"query": "x"}), Code("print(2)")]
        server.scripts.add([Turn(calls=calls), Turn("ok")])
        run = api.run(api.thread("q"), api.assistant(tools=[LOOKUP, INTERPRETER]))
        run = api.run_in(run, "requires_action")
        assert [call["function"]["name"] for call in tool_calls(run)] == ["lookup"]
        assert sandbox.codes == ["print(1)", "print(2)"]
        submit(api, run, "out")
        assert api.run_in(run, *ENDED)["status"] == "completed"
        step = api.steps(run)[0]
        first, function, second = step["step_details"]["tool_calls"]
        logs = [call["code_interpreter"]["outputs"][0]["logs"] for call in (first, second)]
        assert (logs, function["function"]["output"]) == (["1\n", "2\n"], "out")


@pytest.mark.parametrize("end", ["cancelled", "expired", "deleted"])
def test_the_end_of_a_run_ends_its_program(end: str) -> None:
    with sandboxed() as (server, api, sandbox):
        server.scripts.add([Turn(calls=[Code("while True: pass")]), Turn("unsaid")])
        run = api.run(api.thread("q"), api.assistant(tools=[INTERPRETER]))
        assert sandbox.begun.wait(10)
        if end == "cancelled":
            api.post(f"{path_of(run)}/cancel")
        elif end == "expired":
            server.clock.advance(601)
        else:
            api.delete(f"/threads/{run['thread_id']}")
        assert sandbox.cancelled.wait(10)
        wait_for(lambda: dict(server.service.engine._runs), lambda running: not running)
        if end == "deleted":
            wait_for(lambda: sandbox.sessions, lambda seen: seen[-1] == f"closed {run['thread_id']}")
        else:
            assert api.run_in(run, *ENDED)["status"] == end
            (step,) = api.steps(run)
            assert step["status"] == end
            (call,) = step["step_details"]["tool_calls"]
            assert call["code_interpreter"] == {"input": "while True: pass", "outputs": []}


def test_a_program_cut_off_by_the_limit_is_not_run() -> None:
    with sandboxed() as (server, api, sandbox):
        server.scripts.add(Turn(calls=[Code("x" * 2000, pieces=["x" * 500, "x" * 1500])]))
        run = api.run(api.thread("q"), api.assistant(tools=[INTERPRETER]), max_completion_tokens=256)
        assert api.run_in(run, *ENDED)["incomplete_details"] == {"reason": "max_completion_tokens"}
        call = the_call(api, run)
        assert call["code_interpreter"] == {"input": "x" * 1024, "outputs": []}
        assert sandbox.codes == []


def test_the_client_puts_streamed_calls_together_as_the_server_has_them() -> None:
    """Searches, programs and functions of one turn, their pieces mixed."""
    with sandboxed(CodeResult("1\n", (made("/mnt/data/p.png", b"x", is_image=True),))) as (server, api, _):
        calls = [Search("x"), Code("print(1)", pieces=["print", "(1)"]), Call("lookup", {"query": "x"})]
        server.scripts.add([Turn("First.", calls=calls), Turn("Done.")])
        assistant_id = api.assistant(tools=[LOOKUP, INTERPRETER, {"type": "file_search"}])
        with server.client() as client:
            with client.beta.threads.runs.stream(api.thread("q"), assistant_id=assistant_id) as stream:
                run = stream.get_final_run()
                assert run.status == "requires_action"
                (streamed,) = [step for step in stream.get_final_run_steps() if step.type == "tool_calls"]
            step = client.beta.threads.runs.steps.retrieve(streamed.id, thread_id=run.thread_id, run_id=run.id)
            assert [call.type for call in step.step_details.tool_calls] == [
                "file_search", "code_interpreter", "function",
            ]  # fmt: skip
            ours, theirs = (each.step_details.to_dict()["tool_calls"] for each in (streamed, step))
            assert [_plain(call) for call in ours[1:]] == theirs[1:]
            assert ours[0]["id"] == theirs[0]["id"]


def _plain(call: Any) -> Any:
    """A call without the numbers that only deltas have."""
    outputs = [
        {name: value for name, value in output.items() if name != "index"}
        for output in call.get("code_interpreter", {}).get("outputs", ())
    ]
    plain = {name: value for name, value in call.items() if name != "index"}
    return plain | {"code_interpreter": plain["code_interpreter"] | {"outputs": outputs}} if outputs else plain
