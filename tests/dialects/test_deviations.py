"""One deviation at a time: the program sees the same as from our own server. And what the client says of deviations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from openai_assistants import (
    ActiveRunError,
    APIResponseValidationError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    NotSupportedByServerError,
    RunStreamError,
    StreamInterruptedError,
    ToolLoopError,
    function_tool,
)
from openai_assistants.server import Call, Fail, Fault, LocalServer, Script, Turn
from openai_assistants.server.dialects import (
    CONVERSATIONS,
    FILES,
    MESSAGE_ENDS,
    NAMED,
    RUN_ENDS,
    STEPS,
    STOPS,
    Dialect,
    Events,
    Fields,
    Lists,
    Profile,
)
from tests.unit.support import FLAVOURS, Flavour

from .flavoured import carry_out, items, opened, settled
from .program import LOOKUP, PARTS, QUICK
from .test_programs import plain, run_part

# On trio the HTTP library leaves its own async generators to the garbage collector when a body is not read to its end.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'httpx\.:ResourceWarning")

WITHOUT_STEPS = Profile(operations=(CONVERSATIONS | FILES) - STEPS)
MESSAGES = frozenset(f"thread.message.{name}" for name in ("created", "in_progress", "delta", "completed"))

STREAMS: dict[str, Events] = {
    "name in data": Events(frames="data"),
    "name in data, no done": Events(frames="data", done="left_out"),
    "bare done": Events(done="bare"),
    "no done": Events(done="left_out"),
    "CRLF": Events(line_end="\r\n"),
    "CR": Events(line_end="\r"),
    "comments": Events(comments=True),
    "BOM": Events(bom=True),
    "BOM before a comment": Events(bom=True, comments=True),
    "events without data": Events(blanks=True),
    "several data lines": Events(multi_line=True),
    "cut into single bytes": Events(piece_bytes=1),
    "CRLF cut into single bytes": Events(piece_bytes=1, line_end="\r\n", bom=True),
    "created twice": Events(created_twice=True),
    "delta before created": Events(delta_before_created=True),
    "delta before created twice": Events(delta_before_created=True, created_twice=True),
    "ids on each delta": Events(repeated_call_ids=True),
    "completed after requires_action": Events(completed_after_requires_action=True),
    "completed after requires_action, no done": Events(completed_after_requires_action=True, done="left_out"),
    "no end of the run": Events(left_out=RUN_ENDS),
    "no end of the run, no done": Events(left_out=RUN_ENDS, done="left_out"),
    "no end of anything": Events(left_out=STOPS | MESSAGE_ENDS, done="left_out"),
    "no messages": Events(left_out=MESSAGES | STOPS),
    "usage in a message": Events(usage_in_message=True),
    "an unknown event": Events(unknown_event=True),
}
ANSWERS: dict[str, Dialect] = {
    "float times": Dialect(times="float"),
    "milliseconds": Dialect(times="milliseconds"),
    "ISO times": Dialect(times="iso"),
    "no nulls": Dialect(nulls="drop"),
    "opaque ids": Dialect(ids="object_id"),
    "UUIDs": Dialect(ids="uuid"),
    "ids to be quoted": Dialect(ids="odd"),
    "one id for all calls": Dialect(shared_call_ids=True),
    "extra fields": Dialect(
        fields={"thread.run": Fields(set={"mood": {"is": None}}), "thread.message": Fields(set={"x": 1})}
    ),
    "missing fields": Dialect(
        fields={
            "thread.run": Fields(left_out=frozenset({"tools", "metadata", "model", "object", "usage", "assistant_id"})),
            "thread.message": Fields(left_out=frozenset({"metadata", "attachments", "status", "object"})),
            "thread.run.step": Fields(left_out=frozenset({"object", "type", "metadata"})),
        }
    ),
    "null fields": Dialect(fields={"thread.run": Fields(null=frozenset({"tools", "model", "parallel_tool_calls"}))}),
    "bare arrays": Dialect(lists=Lists(array=True)),
    "no has_more": Dialect(lists=Lists(has_more="left_out")),
    "has_more on a full last page": Dialect(lists=Lists(has_more="full_page")),
    "none for ids": Dialect(lists=Lists(ids="none", empty_id="none")),
    "no ids": Dialect(lists=Lists(ids="left_out")),
    "lists of another name": Dialect(lists=Lists(kind="threads", extra={"next_page": None})),
    "201": Dialect(statuses={"POST": 201}),
    "202": Dialect(statuses={"POST": 202, "GET": 202}),
    "204": Dialect(statuses={"DELETE": 204}),
    "waits": Dialect(waits_for_runs=True),
    "does not stream": Dialect(ignored_fields=NAMED["openopenai"].ignored_fields),
    "no steps": Dialect(profile=WITHOUT_STEPS),
    "no steps, no end": Dialect(profile=WITHOUT_STEPS, events=Events(left_out=STOPS | MESSAGE_ENDS)),
    "no steps, no messages": Dialect(profile=WITHOUT_STEPS, events=Events(left_out=MESSAGES | STOPS)),
}
TRIED = {part.name: part for part in PARTS}
OF_STREAMS = ("streamed", "events", "tools_streamed", "tools_by_hand")
OF_ANSWERS = ("assistants", "conversation", "tools_polled", "tools_by_hand", "files")


CASES = [
    *((f"{name}-{part}", Dialect(events=events), part) for name, events in STREAMS.items() for part in OF_STREAMS),
    *((f"{name}-{part}", dialect, part) for name, dialect in ANSWERS.items() for part in OF_ANSWERS),
]


@pytest.mark.parametrize(
    ("dialect", "part", "flavour"),
    # The flavours take turns; with the dialects of real servers each of them goes through everything.
    [
        pytest.param(dialect, part, FLAVOURS[place % 3], id=f"{name}-{FLAVOURS[place % 3].name}")
        for place, (name, dialect, part) in enumerate(CASES)
        if TRIED[part].lacks(dialect) is None
    ],
)
def test_one_deviation_changes_nothing(dialect: Dialect, part: str, flavour: Flavour) -> None:
    assert run_part(TRIED[part], dialect, flavour) == plain(TRIED[part])


# ---- what the client says of it ----


TIMES = {"created_at", "started_at", "completed_at"}
PATHS: dict[str, dict[str, set[str]]] = {
    "open-assistant-api": {
        "assistant": {"created_at"},
        "message": {"created_at", "status"},
        "run": {*TIMES, "model", "parallel_tool_calls"},
        "list": {f"data[{n}].{name}" for n in (0, 1) for name in ("created_at", "status")},
        "file": {"created_at"},
    },
    "astra-assistants-api": {
        "assistant": {"created_at"},
        "message": {"created_at", "completed_at"},
        "run": TIMES,
        "list": {f"data[{n}].{name}" for n in (0, 1) for name in ("created_at", "completed_at")},
        "store": {"created_at", "last_active_at"},
        "file": {"created_at"},
    },
    "localai": {"assistant": {"created_at"}, "file": {"created_at"}},
    "worst": {
        "assistant": {"created_at", "tools"},
        "message": {"created_at", "completed_at"},
        "run": {*TIMES, "model", "tools"},
        "list": {f"data[{n}].{name}" for n in (0, 1) for name in ("created_at", "completed_at")},
        "store": {"created_at", "last_active_at"},
        "file": {"created_at", "bytes"},
    },
}
"""Where what a server answers breaks the API's documents. The other servers stay within what types allow."""


async def answers(client: Any, strict: Any, profile: Profile) -> dict[str, tuple[set[str], set[str]]]:
    """Deviations that a client lists, and those that a strict one refuses, by kind of answer."""
    found: dict[str, tuple[set[str], set[str]]] = {}

    async def note(name: str, call: Callable[[Any], Any]) -> Any:
        value = await settled(call(client))
        refused: set[str] = set()
        try:
            await settled(call(strict))
        except APIResponseValidationError as error:
            refused = {each.path for each in error.errors}
        found[name] = ({each.path for each in value.deviations}, refused)
        return value

    if profile.has("createAssistant"):
        assistant = await note("assistant", lambda each: each.beta.assistants.create(model="m"))
    if profile.has("createRun"):
        thread = await settled(client.beta.threads.create())
        await note("message", lambda each: each.beta.threads.messages.create(thread.id, role="user", content="x"))
        runs = client.beta.threads.runs
        run = await settled(runs.create_and_poll(thread.id, assistant_id=assistant.id, **QUICK))
        if profile.has("getRun"):
            await note("run", lambda each: each.beta.threads.runs.retrieve(run.id, thread_id=thread.id))
        await note("list", lambda each: each.beta.threads.messages.list(thread.id, limit=2))
    if profile.has("createVectorStore"):
        await note("store", lambda each: each.vector_stores.create())
    await note("file", lambda each: each.files.create(file=("a.txt", b"a"), purpose="assistants"))
    return found


@pytest.mark.parametrize("dialect", NAMED)
def test_deviations_are_listed_and_refused_in_strict_mode(dialect: str, flavour: Flavour) -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=dialect) as server:

        async def look() -> dict[str, tuple[set[str], set[str]]]:
            make: Any = server.async_client if flavour.is_async else server.client
            async with opened(make()) as client, opened(make(strict=True)) as strict:
                return await answers(client, strict, NAMED[dialect].profile)

        expected = PATHS.get(dialect, {})
        for name, (listed, refused) in carry_out(flavour, look).items():
            assert (name, listed, refused) == (name, expected.get(name, set()), expected.get(name, set()))


def test_an_event_that_deviates_is_refused_in_strict_mode(flavour: Flavour) -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=Dialect(times="iso")) as server:

        async def look() -> None:
            plain_client = server.async_client() if flavour.is_async else server.client()
            assistant = await settled(plain_client.beta.assistants.create(model="m"))
            thread = await settled(plain_client.beta.threads.create())
            strict: Any = (server.async_client if flavour.is_async else server.client)(strict=True)
            stream = await settled(strict.beta.threads.runs.create(thread.id, assistant_id=assistant.id, stream=True))
            with pytest.raises(APIResponseValidationError, match="created_at"):
                await items(stream)

        carry_out(flavour, look)


# ---- failures in streams ----


@pytest.mark.parametrize(
    ("failure", "resume", "ends"),
    [
        ("event", False, "failed"),
        ("silent", False, "failed"),
        ("text", False, RunStreamError),
        ("cut", False, StreamInterruptedError),
        ("cut", True, "failed"),
    ],
)
@pytest.mark.parametrize("frames", ["events", "data"])
def test_a_run_that_fails_in_a_stream(failure: Any, frames: Any, resume: bool, ends: Any, flavour: Flavour) -> None:
    dialect = Dialect(events=Events(failure=failure, frames=frames, done="left_out"))
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=dialect) as server:
        server.scripts.add([Turn("Well", fail=Fail("Too much."))])

        async def look() -> Any:
            client: Any = server.async_client() if flavour.is_async else server.client()
            assistant = await settled(client.beta.assistants.create(model="m"))
            thread = await settled(client.beta.threads.create())
            manager = client.beta.threads.runs.stream(thread.id, assistant_id=assistant.id, resume=resume)
            async with opened(manager) as stream:
                await settled(stream.until_done())
                return await settled(stream.get_final_run())

        if isinstance(ends, str):
            run = carry_out(flavour, look)
            assert (run.status, run.last_error.message) == (ends, "Too much.")
        else:
            with pytest.raises(ends, match="Too much" if failure == "text" else "in_progress"):
                carry_out(flavour, look)


# ---- errors ----


ERRORS = ["openai", "string", "detail", "details", "message", "text", "html", "empty"]


@pytest.mark.parametrize("form", ERRORS)
def test_errors_in_every_form(form: Any, flavour: Flavour) -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=Dialect(errors=form)) as server:

        async def look() -> None:
            client: Any = server.async_client() if flavour.is_async else server.client()
            with pytest.raises(BadRequestError) as bad:
                await settled(client.beta.assistants.create(model="m", temperature=7))
            assert ("temperature" in str(bad.value)) == (form not in ("html", "empty"))
            with pytest.raises(NotFoundError) as missing:
                await settled(client.beta.threads.retrieve("thread_none"))
            assert isinstance(missing.value, NotSupportedByServerError) == (form in ("text", "html", "empty"))

        carry_out(flavour, look)


MISSING = ["unknown_url", "detail", "error", "text", "html", "empty", "not_implemented"]


@pytest.mark.parametrize("form", MISSING)
def test_endpoints_that_are_missing_in_every_form(form: Any, flavour: Flavour) -> None:
    profile = Profile(operations=CONVERSATIONS - {"getThread", "listMessages", "createThreadAndRun"}, missing=form)
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=Dialect(profile=profile)) as server:

        async def look() -> None:
            client: Any = server.async_client() if flavour.is_async else server.client()
            for operation, call in (
                ("listFiles", lambda: client.files.list()),
                ("getThread", lambda: client.beta.threads.retrieve("t")),
                ("listMessages", lambda: client.beta.threads.messages.list("t")),
            ):
                with pytest.raises(NotSupportedByServerError, match=operation) as caught:
                    await settled(call())
                assert isinstance(caught.value, NotFoundError) == (caught.value.status_code == 404)

        carry_out(flavour, look)


def test_on_a_host_that_was_switched_off_the_error_shows_the_ways_on(flavour: Flavour) -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, dialect="openai-after-shutdown") as server:

        async def look() -> None:
            make: Any = server.async_client if flavour.is_async else server.client
            client = make(base_url="https://api.openai.com/v1")
            with pytest.raises(NotSupportedByServerError, match="2026-08-26"):
                await settled(client.beta.assistants.list())
            assert await items(client.files.list()) == []

        carry_out(flavour, look)


# ---- lists ----


def test_a_server_that_ignores_cursors_ends_the_list_with_a_warning(flavour: Flavour) -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, dialect="astra") as server:

        async def look() -> list[str]:
            client: Any = server.async_client() if flavour.is_async else server.client()
            with pytest.raises(InternalServerError, match="list index out of range"):
                await settled(client.with_options(max_retries=0).vector_stores.list())
            for name in "abc":
                await settled(client.vector_stores.create(name=name))
            with pytest.warns(UserWarning, match="the same page again"):
                return [each.name for each in await items(client.vector_stores.list(limit=2, order="asc"))]

        assert carry_out(flavour, look) == ["a", "b"]


# ---- what only one server does ----


def mcp_call(q: int) -> str:
    """Ask another server."""
    raise AssertionError("only the server itself calls it")


def test_calls_that_wait_for_an_approval_end_a_tool_loop(flavour: Flavour) -> None:
    """Foundry: a type of `required_action` that older clients cannot answer."""
    with LocalServer(in_process=True, drain_seconds=0.0, dialect="foundry-classic") as server:
        server.scripts.add(Script([Turn(calls=[Call("mcp_call", {"q": 1})]), Turn("Done.")]))

        async def look() -> Any:
            client: Any = server.async_client() if flavour.is_async else server.client()
            assistant = await settled(client.beta.assistants.create(model="m", tools=[function_tool(mcp_call)]))
            assert {each.type for each in assistant.tools} >= {"function", "bing_grounding", "mcp"}
            again = await settled(client.beta.assistants.update(assistant.id, tools=assistant.tools))
            assert again.tools == assistant.tools
            thread = await settled(client.beta.threads.create())
            runs = client.beta.threads.runs
            with pytest.raises(ToolLoopError, match="submit_tool_approval") as caught:
                await settled(
                    runs.run_tools_and_poll(
                        thread.id, assistant_id=assistant.id, tools=[mcp_call], on_failure="leave", **QUICK
                    )
                )
            run = caught.value.run
            asked = run.required_action.submit_tool_approval["tool_calls"]
            answer = {"tool_approvals": [{"tool_call_id": each["id"], "approve": True} for each in asked]}
            await settled(runs.submit_tool_outputs(run.id, thread_id=thread.id, tool_outputs=[], extra_body=answer))
            return await settled(runs.poll(run.id, thread_id=thread.id, **QUICK))

        assert carry_out(flavour, look).status == "completed"


def test_a_file_goes_through_states_of_its_own(flavour: Flavour) -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, dialect="foundry-classic") as server:

        async def look() -> list[str]:
            client: Any = server.async_client() if flavour.is_async else server.client()
            file = await settled(client.files.create(file=("a", b"a"), purpose="assistants"))
            later = [(await settled(client.files.retrieve(file.id))).status for _ in range(2)]
            return [file.status, *later]

        assert carry_out(flavour, look) == ["pending", "running", "processed"]


def test_messages_of_other_roles(flavour: Flavour) -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, dialect="open-assistant-api") as server:

        async def look() -> list[Any]:
            client: Any = server.async_client() if flavour.is_async else server.client()
            thread = await settled(client.beta.threads.create())
            messages = client.beta.threads.messages
            made = [await settled(messages.create(thread.id, role=role, content="x")) for role in ("tool", "user")]
            with pytest.raises(APIStatusError, match="nobody"):
                await settled(messages.create(thread.id, role="nobody", content="x"))
            got = await settled(messages.retrieve(made[0].id, thread_id=thread.id))
            assert "role" not in {each.path for each in got.deviations}
            return [message.role for message in [*made, got, *await items(messages.list(thread.id))]]

        assert carry_out(flavour, look) == ["tool", "user", "tool", "user", "tool"]


def test_threads_can_be_listed(flavour: Flavour) -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, dialect="foundry-classic", api_keys=("k",)) as server:

        async def look() -> None:
            make: Any = server.async_client if flavour.is_async else server.client
            client = make()
            made = [(await settled(client.beta.threads.create())).id for _ in range(3)]
            page: Any = await settled(client.get("/threads?limit=2&order=asc"))
            assert ([each["id"] for each in page["data"]], page["has_more"]) == (made[:2], True)
            with pytest.raises(BadRequestError, match="limit"):
                await settled(client.get("/threads?limit=x"))
            with pytest.raises(AuthenticationError):
                await settled(make(api_key="wrong").get("/threads"))

        carry_out(flavour, look)


def test_a_dialect_may_be_put_together_from_others() -> None:
    dialect = replace(NAMED["litellm"], errors="text", profile=Profile())
    with LocalServer(in_process=True, dialect=dialect) as server:
        assert server.client().vector_stores.create(name="x").name == "x"
    with pytest.raises(ValueError, match="no dialect 'liteLLM'; known are open-assistant-api, "):
        LocalServer(dialect="liteLLM")


# ---- a run in the way ----


def _busy(server: LocalServer, choice: str, **options: Any) -> Callable[[Any], Any]:
    """A program that finds a run on its thread that never ends, and wants it waited for or cancelled."""
    server.scripts.add(Turn(calls=[Call("lookup", {"word": "sun"})]))

    async def look(client: Any) -> Any:
        assistant = await settled(client.beta.assistants.create(model="m", tools=[LOOKUP]))
        thread = await settled(client.beta.threads.create())
        runs = client.beta.threads.runs
        stream = await settled(runs.create(thread.id, assistant_id=assistant.id, stream=True))
        assert [event.event for event in await items(stream)][-1] == "thread.run.requires_action"
        create = client.beta.threads.messages.create
        return await settled(create(thread.id, role="user", content="Stop.", on_active_run=choice, **options))

    return look


@pytest.mark.parametrize(
    ("choice", "lacks", "flavour"),
    [
        *(("cancel", "cancelRun", flavour) for flavour in FLAVOURS),
        ("cancel", "getRun", FLAVOURS[0]),
        ("wait", "getRun", FLAVOURS[1]),
    ],
    ids=str,
)
def test_a_run_in_the_way_that_the_server_cannot_get_out_of_it(choice: str, lacks: str, flavour: Flavour) -> None:
    """The program hears of it at once, instead of waiting until the run expires, or for ever."""
    profile = Profile(operations=CONVERSATIONS - {lacks})
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=Dialect(profile=profile)) as server:
        look = _busy(server, choice)

        async def program() -> None:
            client: Any = server.async_client() if flavour.is_async else server.client()
            with pytest.raises(NotSupportedByServerError, match=lacks):
                await look(client)

        carry_out(flavour, program)


@pytest.mark.parametrize(("errors", "flavour"), [*zip(("openai", "text", "text"), FLAVOURS, strict=True)], ids=str)
def test_a_run_in_the_way_whose_id_cannot_be_read_from_the_refusal(errors: Any, flavour: Flavour) -> None:
    """It has blanks in it, so it is looked for in the list of runs."""
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=Dialect(ids="odd", errors=errors)) as server:
        look = _busy(server, "cancel", deadline=60)

        async def program() -> Any:
            client: Any = server.async_client() if flavour.is_async else server.client()
            return await look(client)

        assert carry_out(flavour, program).text == "Stop."
        assert len(server.requests.of("createMessage")) == 2


def test_a_server_that_speaks_of_a_run_that_it_does_not_have(flavour: Flavour, monkeypatch: Any) -> None:
    """It is asked a few times, with pauses, not for ever."""
    monkeypatch.setattr("openai_assistants._http.INITIAL_DELAY", 0.001)
    with LocalServer(in_process=True, drain_seconds=0.0) as server:
        said = {"error": {"message": "Thread thread_1 already has an active run run_00000000000000000000."}}
        server.faults.add(Fault("status", operation="createMessage", status=400, body=said, times=100))

        async def look() -> None:
            client: Any = server.async_client() if flavour.is_async else server.client()
            thread = await settled(client.beta.threads.create())
            create = client.beta.threads.messages.create
            with pytest.raises(ActiveRunError, match="run_0000"):
                await settled(create(thread.id, role="user", content="x", on_active_run="wait"))
            assert len(server.requests.of("createMessage")) == 4
            for name in ("INITIAL_DELAY", "MAX_DELAY"):
                monkeypatch.setattr(f"openai_assistants._http.{name}", 1000.0)
            with pytest.raises(ActiveRunError):  # the pause would be longer than the call may take
                await settled(create(thread.id, role="user", content="x", on_active_run="cancel", deadline=60))

        carry_out(flavour, look)


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"times": "bogus"}, ValueError, "takes 'seconds', 'float', 'milliseconds', or 'iso', not 'bogus'"),
        ({"times_of": {"file": "isoo"}}, ValueError, r"Dialect\(times_of={'file': ...}\) .*; did you mean 'iso'"),
        ({"events": "data"}, TypeError, r"Dialect\(events=...\) takes Events, not 'data'"),
        ({"approvals": "mcp_call"}, TypeError, "takes a sequence of text, not 'mcp_call'"),
    ],
)
def test_a_dialect_of_your_own_is_checked(fields: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Dialect(**fields)
