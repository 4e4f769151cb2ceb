"""What other tests try in one place each, in all forms and all places: error bodies, missing endpoints, warnings."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

import httpx
import pytest

from openai_assistants import (
    APIStatusError,
    AsyncOpenAI,
    InternalServerError,
    NotFoundError,
    NotSupportedByServerError,
    OpenAI,
    UnprocessableEntityError,
    WaitTimeoutError,
    _logs,
)
from openai_assistants.server import LocalServer
from openai_assistants.server.dialects import ASSISTANTS, CONVERSATIONS, Dialect, Profile
from tests.unit.support import KEY, Flavour

from .flavoured import carry_out, items, opened, settled
from .program import PARTS

TRIED = {part.name: part for part in PARTS}
WAYS = ("answered", "streamed", "listed", "downloaded")


def ways(client: Any, way: str) -> Any:
    """A call of each kind: they read the bodies of errors in different ways."""
    if way == "streamed":
        return client.beta.threads.runs.create("thread_1", assistant_id="asst_1", stream=True)
    if way == "listed":
        return client.beta.assistants.list()
    return client.files.content("file-1") if way == "downloaded" else client.beta.threads.create()


def over(flavour: Flavour, answer: Any) -> Any:
    """A client whose server answers from a function."""
    kind: Any = AsyncOpenAI if flavour.is_async else OpenAI
    return kind(base_url="https://api.test/v1", api_key=KEY, http_client=flavour.http(answer), max_retries=0)


# ---- errors ----


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("content", "media", "said"),
    [
        (b'{"error": {"message": "Too warm.", "code": "warm"}}', "application/json", "Too warm."),
        (b'{"error": {}}', "application/json", "gave no reason"),
        (b'{"error": "Too warm."}', "application/json", "Too warm."),
        (b'{"detail": "Too warm."}', "application/json", "Too warm."),
        (b'{"detail": [{"loc": ["body"], "msg": "Too warm."}]}', "application/json", "Too warm."),
        (b'{"message": "Too warm."}', "application/json", "Too warm."),
        (b"Too warm.", "text/plain", "Too warm."),
        (b"<html><body>Too warm.</body></html>", "text/html", "HTML page"),
        (b"", "", "gave no reason"),
    ],
)
def test_error_bodies_wherever_they_come(content: bytes, media: str, said: str, way: str, flavour: Flavour) -> None:
    statuses = iter((422, 503))

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(next(statuses), content=content, headers={"content-type": media})

    async def look() -> None:
        async with opened(over(flavour, answer)) as client:
            for expected in (UnprocessableEntityError, InternalServerError):
                with pytest.raises(expected, match=said) as caught:
                    await settled(ways(client, way))
                assert caught.value.code == ("warm" if b"code" in content else None)

    carry_out(flavour, look)


# ---- missing endpoints ----

MISSING = ["unknown_url", "detail", "error", "text", "html", "empty", "not_implemented"]
CALLS: dict[str, Any] = {
    "createThreadAndRun": lambda client: client.beta.threads.create_and_run(assistant_id="a", stream=True),
    "createRun": lambda client: client.beta.threads.runs.create_and_poll("t", assistant_id="a"),
    "listRuns": lambda client: client.beta.threads.runs.list("t"),
    "deleteThread": lambda client: client.beta.threads.delete("t"),
    "createFile": lambda client: client.files.create(file=b"x", purpose="assistants"),
    "downloadFile": lambda client: client.files.content("f"),
    "searchVectorStore": lambda client: client.vector_stores.search("v", query="q"),
}


@pytest.mark.parametrize("form", MISSING)
def test_missing_endpoints_of_every_kind(form: Any, flavour: Flavour) -> None:
    """Those that create, stream, poll, list, delete, upload and download."""
    dialect = Dialect(profile=Profile(operations=ASSISTANTS, missing=form))
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=dialect) as server:

        async def look() -> None:
            client: Any = server.async_client() if flavour.is_async else server.client()
            for operation, call in CALLS.items():
                with pytest.raises(NotSupportedByServerError, match=rf"\[{operation}: [A-Z]+ /") as caught:
                    await settled(call(client))
                error: APIStatusError = caught.value
                assert "The server at this base_url does not offer this operation" in error.message
                assert isinstance(error, NotFoundError) == (error.status_code == 404)

        carry_out(flavour, look)


def test_a_deadline_holds_where_runs_cannot_be_cancelled(flavour: Flavour) -> None:
    profile = Profile(operations=CONVERSATIONS - {"cancelRun"})
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=Dialect(profile=profile)) as server:
        server.runs.hold()

        async def look() -> None:
            client: Any = server.async_client() if flavour.is_async else server.client()
            assistant = await settled(client.beta.assistants.create(model="m"))
            thread = await settled(client.beta.threads.create())
            create = client.beta.threads.runs.create_and_poll
            with pytest.raises(WaitTimeoutError) as caught:
                await settled(
                    create(
                        thread.id,
                        assistant_id=assistant.id,
                        poll_interval_ms=5,
                        max_wait_seconds=0.02,
                        on_deadline="cancel",
                    )
                )
            assert caught.value.last.status in ("queued", "in_progress")

        carry_out(flavour, look)


# ---- what the client says of deviations ----


def test_one_warning_for_each_place_whatever_a_program_does(flavour: Flavour, caplog: pytest.LogCaptureFixture) -> None:
    """Answers, lists and events; each place by its path, also when the program runs again."""
    _logs._told.clear()
    parts = [TRIED[name] for name in ("conversation", "streamed")]
    with (
        LocalServer(in_process=True, drain_seconds=0.0, dialect="worst") as server,
        caplog.at_level(logging.WARNING, logger="openai_assistants"),
    ):

        async def look() -> None:
            client: Any = server.async_client() if flavour.is_async else server.client()
            async with opened(client):
                for part in [*parts, *parts]:
                    await part.do(client, server)

        carry_out(flavour, look)
    said = Counter(record.getMessage() for record in caplog.records if "deviates from the API" in record.getMessage())
    assert set(said.values()) == {1}
    for beginning in (
        "The answer of POST /threads deviates from the API at created_at: ",
        "The answer of GET /threads/{thread_id}/messages deviates from the API at data[*].created_at: ",
        "The event thread.run.created deviates from the API at data.created_at: ",
    ):
        assert any(message.startswith(beginning) for message in said)


def test_events_list_their_deviations(flavour: Flavour) -> None:
    dialect = Dialect(times="iso")
    with LocalServer(in_process=True, drain_seconds=0.0, dialect=dialect) as server:
        server.scripts.add("Hello.")

        async def look() -> list[Any]:
            client: Any = server.async_client() if flavour.is_async else server.client()
            assistant = await settled(client.beta.assistants.create(model="m"))
            thread = await settled(client.beta.threads.create())
            create = client.beta.threads.runs.create
            return await items(await settled(create(thread.id, assistant_id=assistant.id, stream=True)))

        events = carry_out(flavour, look)
    first, last = events[0], events[-1]
    assert {each.path for each in first.deviations} == {"data.created_at", "data.expires_at"}
    assert "data.completed_at" in {each.path for each in last.deviations}
    assert isinstance(first.data.created_at, int) and isinstance(first.deviations[0].got, str)
    assert [event.deviations for event in events if event.event == "thread.message.delta"] == [()]
