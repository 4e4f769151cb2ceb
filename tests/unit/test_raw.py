"""`with_raw_response` and `raw`: the answer as it came, and the result inside it."""

from __future__ import annotations

import importlib
import inspect
import json
import logging
from functools import cached_property
from typing import Any, Iterator

import httpx
import pytest

import openai_assistants
from openai_assistants import (
    APIResponse,
    APIResponseValidationError,
    APITimeoutError,
    HttpxBinaryResponseContent,
    NotFoundError,
    OpenAIError,
    SyncCursorPage,
    raw,
    streaming,
)
from openai_assistants._connection import AsyncResource, Resource
from openai_assistants.types.beta import Assistant, Thread
from openai_assistants.types.beta.threads import Run

from .access import ASSISTANT, GOOD, client_over, listing
from .support import BASE_URL, FLAVOURS, KEY, Clock, Flavour, Pieces, serve

SYNC = FLAVOURS[0]


def test_a_raw_response_has_the_answer_and_the_result(flavour: Flavour) -> None:
    body = Pieces([json.dumps(ASSISTANT).encode()])
    client = client_over(flavour, serve(httpx.Response(200, headers={"x-request-id": "req_1"}, stream=body)))
    response = flavour.do(lambda: client.beta.assistants.with_raw_response.retrieve("asst_1"))
    assert type(response) is APIResponse
    assert (response.status_code, response.headers["x-request-id"], response.request_id) == (200, "req_1", "req_1")
    assert (response.method, str(response.url)) == ("GET", f"{BASE_URL}assistants/asst_1")
    assert (response.http_version, response.retries_taken, response.is_closed) == ("HTTP/1.1", 0, True)
    assert response.elapsed.total_seconds() >= 0
    assert response.content == response.read() == response.http_response.content
    assert json.loads(response.text) == response.json() == ASSISTANT
    assert repr(response) == f"<APIResponse [200] GET {BASE_URL}assistants/asst_1>"
    assistant = response.parse()
    assert type(assistant) is Assistant
    assert (assistant.name, assistant.response_record.request_id) == ("Guide", "req_1")
    assert response.parse() is assistant


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (dict[str, object], ASSISTANT),
        (dict, ASSISTANT),
        (str, json.dumps(ASSISTANT)),
        (bytes, json.dumps(ASSISTANT).encode()),
    ],
    ids=str,
)
def test_the_body_read_as_another_type(flavour: Flavour, to: Any, expected: Any) -> None:
    server = serve(httpx.Response(200, content=json.dumps(ASSISTANT)))
    client = client_over(flavour, server)
    response = flavour.do(lambda: client.beta.assistants.with_raw_response.retrieve("asst_1"))
    assert response.parse(to=to) == expected
    assert response.parse(to=httpx.Response) is response.http_response
    assert response.parse(to=Assistant | int).id == "asst_1"
    assert response.parse().id == "asst_1"
    assert len(server.requests) == 1


def test_the_body_read_as_nothing_possible() -> None:
    response = client_over(SYNC, serve(GOOD)).beta.assistants.with_raw_response.retrieve("asst_1")
    for to in (SYNC, SyncCursorPage[Assistant], "Assistant[", {}):
        with pytest.raises(TypeError, match="to must be a model class"):
            response.parse(to=to)


def test_the_request_is_shown_without_credentials(flavour: Flavour) -> None:
    server = serve(GOOD)
    client = client_over(flavour, server, default_headers={"api-key": "hidden", "x-a": "b"})
    response = flavour.do(lambda: client.beta.assistants.with_raw_response.create(model="m"))
    [sent] = server.requests
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    for request in (response.http_request, response.http_response.request):
        assert {"authorization", "api-key"}.isdisjoint(request.headers)
        assert request.headers["x-a"] == "b"
        assert json.loads(request.content) == {"model": "m"}
    assert KEY not in repr(vars(response))
    client = client_over(flavour, server, base_url="https://user:hidden@api.test/v1")
    response = flavour.do(lambda: client.beta.assistants.with_raw_response.retrieve("asst_1"))
    assert "hidden" not in f"{response!r} {response.url} {response.http_request.url}"


def test_the_retries_that_were_taken(flavour: Flavour, clock: Clock) -> None:
    client = client_over(flavour, serve(httpx.Response(429, headers={"retry-after": "3"}), httpx.Response(500), GOOD))
    response = flavour.do(lambda: client.beta.assistants.with_raw_response.retrieve("asst_1"))
    assert response.retries_taken == 2
    assert clock.sleeps[0] == 3.0


def test_an_error_raises_as_it_does_without_raw_access(flavour: Flavour) -> None:
    error = {"error": {"message": "No such assistant", "type": "invalid_request_error"}}
    client = client_over(flavour, serve(httpx.Response(404, json=error)))
    with pytest.raises(NotFoundError, match="No such assistant") as caught:
        flavour.do(lambda: client.beta.assistants.with_raw_response.retrieve("asst_1"))
    assert caught.value.type == "invalid_request_error"


def test_a_page_goes_on(flavour: Flavour) -> None:
    server = serve(
        httpx.Response(200, json=listing("a", "b", more=True)), httpx.Response(200, json=listing("c", more=False))
    )
    client = client_over(flavour, server)
    page = flavour.do(lambda: client.beta.assistants.with_raw_response.list(limit=2)).parse()
    assert [each.id for each in page.data] == ["a", "b"]
    following = flavour.do(page.get_next_page)
    assert [type(each) for each in following.data] == [Assistant]
    assert server.requests[1].url.params["after"] == "b"
    assert [each.id for each in flavour.collect(lambda: page)] == ["a", "b", "c"]


def test_a_list_that_comes_whole(flavour: Flavour) -> None:
    model = {"id": "m", "object": "model", "created": 1, "owned_by": "me"}
    client = client_over(flavour, serve(httpx.Response(200, json={"object": "list", "data": [model]})))
    response = flavour.do(lambda: client.models.with_raw_response.list())
    assert [each.id for each in flavour.collect(lambda: response.parse())] == ["m"]


def test_a_file(flavour: Flavour) -> None:
    client = client_over(flavour, serve(httpx.Response(200, content=b"\x00\xff")))
    response = flavour.do(lambda: client.files.with_raw_response.content("file_1"))
    assert response.content == b"\x00\xff"
    assert type(response.parse()) is HttpxBinaryResponseContent
    assert response.parse().read() == b"\x00\xff"


def test_the_older_twin_of_a_file(flavour: Flavour) -> None:
    server = serve(
        httpx.Response(200, content="Zürich".encode("latin-1"), headers={"content-type": "text/plain; charset=latin-1"})
    )
    client = client_over(flavour, server)
    response = flavour.do(lambda: client.files.with_raw_response.retrieve_content("file_1"))
    assert (response.text, response.parse()) == ("Zürich", "Zürich")
    assert flavour.do(lambda: client.files.retrieve_content("file_1")) == "Zürich"
    assert server.sent("accept") == ["application/octet-stream"] * 2


RUN = {"id": "run_1", "object": "thread.run", "thread_id": "thread_1", "status": "completed", "created_at": 1}
EVENTS = f"event: thread.run.completed\ndata: {json.dumps(RUN)}\n\nevent: done\ndata: [DONE]\n\n".encode()


def test_a_stream(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, stream=Pieces([EVENTS])))
    client = client_over(flavour, server)
    seen: list[Any] = []

    def check(response: Any) -> Any:
        assert (response.is_closed, response.status_code) == (False, 200)
        with pytest.raises(OpenAIError, match=r"GET|POST.*parse\(\)"):
            _ = response.content
        with pytest.raises(OpenAIError, match="parse"):
            _ = response.text
        with pytest.raises(OpenAIError, match="elapsed"):
            _ = response.elapsed
        with pytest.raises(TypeError, match="stream of events"):
            response.parse(to=dict)
        seen.append(response)
        assert response.parse() is response.parse()
        return response.parse()

    def create() -> Any:
        return client.beta.threads.runs.with_raw_response.create("thread_1", assistant_id="asst_1", stream=True)

    async def awaiting() -> Any:
        return check(await create())

    events = flavour.collect(awaiting if flavour.is_async else lambda: check(create()))
    assert [(each.event, each.data.id) for each in events] == [("thread.run.completed", "run_1")]
    assert seen[0].is_closed
    assert "authorization" not in seen[0].http_request.headers


def test_a_method_that_could_stream_but_does_not(flavour: Flavour) -> None:
    client = client_over(flavour, serve(httpx.Response(200, json=RUN)))
    create = client.beta.threads.runs.with_raw_response.create
    response = flavour.do(lambda: create("thread_1", assistant_id="asst_1", stream=False))
    assert response.is_closed
    assert type(response.parse()) is Run


def test_a_deviating_answer(flavour: Flavour, caplog: pytest.LogCaptureFixture) -> None:
    answer = httpx.Response(200, json={**ASSISTANT, "created_at": "soon"})
    client = client_over(flavour, serve(answer))
    response = flavour.do(lambda: client.beta.assistants.with_raw_response.retrieve("asst_1"))
    assert caplog.records == []
    with caplog.at_level(logging.WARNING):
        assistant = response.parse()
    assert (assistant.created_at, [each.path for each in assistant.deviations]) == ("soon", ["created_at"])
    assert "created_at" in caplog.text
    strict = client_over(flavour, serve(answer), strict=True)
    response = flavour.do(lambda: strict.beta.assistants.with_raw_response.retrieve("asst_1"))
    assert response.json()["created_at"] == "soon"
    with pytest.raises(APIResponseValidationError, match="created_at"):
        response.parse()


def test_an_answer_that_cannot_be_read(flavour: Flavour) -> None:
    client = client_over(flavour, serve(httpx.Response(200, text="<html>", headers={"content-type": "text/html"})))
    response = flavour.do(lambda: client.beta.assistants.with_raw_response.retrieve("asst_1"))
    assert response.text == "<html>"
    with pytest.raises(APIResponseValidationError, match="HTML page"):
        response.parse()


def test_a_deadline_holds_for_the_body(clock: Clock) -> None:
    body = Pieces([b"{", lambda: clock.advance(60.0), b"}"])
    client = client_over(SYNC, serve(httpx.Response(200, stream=body)))
    with pytest.raises(APITimeoutError, match="deadline of 10 s"):
        client.beta.assistants.with_raw_response.retrieve("asst_1", deadline=10)


def test_arguments_are_checked_as_without_raw_access(flavour: Flavour) -> None:
    server = serve(GOOD)
    retrieve = client_over(flavour, server).beta.assistants.with_raw_response.retrieve
    with pytest.raises(ValueError, match="assistant_id is empty"):
        flavour.do(lambda: retrieve(""))
    with pytest.raises(TypeError, match="timeuot"):
        flavour.do(lambda: retrieve("asst_1", timeuot=5))
    assert server.requests == []


# From the client, and as functions


def test_from_the_client_down(flavour: Flavour) -> None:
    server = serve(GOOD)
    client = client_over(flavour, server)
    response = flavour.do(lambda: client.with_raw_response.beta.assistants.retrieve("asst_1"))
    assert response.parse().name == "Guide"
    step = flavour.do(lambda: client.beta.threads.with_raw_response.runs.steps.retrieve("s", run_id="r", thread_id="t"))
    assert step.url.path == "/v1/threads/t/runs/r/steps/s"
    changed = client.with_options(default_headers={"x-a": "b"})
    assert flavour.do(lambda: changed.with_raw_response.beta.assistants.retrieve("asst_1")).status_code == 200
    assert server.sent("x-a") == [None, None, "b"]
    assert flavour.do(lambda: client.beta.assistants.retrieve("asst_1")).name == "Guide"


def test_raw_is_the_same_as_a_function(flavour: Flavour) -> None:
    server = serve(GOOD)
    client = client_over(flavour, server)
    response = flavour.do(lambda: raw(client.beta.assistants.retrieve)("asst_1"))
    assert (type(response), response.parse().name) == (APIResponse, "Guide")
    assert flavour.do(lambda: raw(client.get)("/assistants/asst_1", into=Assistant)).parse().name == "Guide"


@pytest.mark.parametrize("function", [raw, streaming])
def test_raw_takes_methods_of_resources(function: Any) -> None:
    client = client_over(SYNC, serve(GOOD))
    for other in (len, "retrieve", client.beta.assistants, client.close, Assistant.model_validate, None):
        with pytest.raises(TypeError, match="takes a method of a resource"):
            function(other)


# All methods


def views(resource: Any, stub: str, view: Any, attribute: str) -> Iterator[tuple[str, Any, Any]]:
    """The view of a resource and of all below it, with the resource and the class that type checkers see."""
    yield stub, resource, view
    suffix = "WithRawResponse" if attribute == "with_raw_response" else "WithStreamingResponse"
    for cls in type(resource).__mro__:
        for name, item in vars(cls).items():
            if type(item) is cached_property:
                child = getattr(resource, name)
                yield from views(child, type(child).__name__ + suffix, getattr(view, name), attribute)


def all_views(client: Any, attribute: str) -> list[tuple[str, Any, Any]]:
    prefix = "Async" if isinstance(client, AsyncResource) else ""
    suffix = "WithRawResponse" if attribute == "with_raw_response" else "WithStreamingResponse"
    return list(views(client, f"{prefix}ClientResources{suffix}", getattr(client, attribute), attribute))


def dummy_arguments(method: Any) -> dict[str, Any]:
    """Something for each argument that is needed."""
    needed = [each for each in inspect.signature(method).parameters.values() if each.default is each.empty]
    return {each.name: b"x" if each.name in ("file", "data") else "x" for each in needed if each.name != "options"}


@pytest.mark.parametrize("attribute", ["with_raw_response", "with_streaming_response"])
def test_type_checkers_see_what_is_there(flavour: Flavour, attribute: str) -> None:
    found = all_views(client_over(flavour, serve(GOOD)), attribute)
    assert len(found) > 10
    for stub, resource, view in found:
        modules = [cls.__module__ for cls in type(resource).__mro__ if ".resources" in cls.__module__]
        cls = getattr(importlib.import_module(f"{importlib.import_module(modules[0]).__package__}._raw"), stub)
        described = {name for each in cls.__mro__ for name in (*vars(each), *vars(each).get("__annotations__", ()))}
        assert {name for name in described if not name.startswith("_")} == set(dir(view)), stub


def test_every_method_with_one_request_gives_a_raw_response(flavour: Flavour) -> None:
    server = serve(httpx.Response(200, json={}))
    called = 0
    for stub, _, view in all_views(client_over(flavour, server), "with_raw_response"):
        for name in dir(view):
            method = getattr(view, name)
            if inspect.ismethod(method):
                arguments = dummy_arguments(method)
                response = flavour.do(lambda method=method, arguments=arguments: method(**arguments))
                assert type(response) is APIResponse, f"{stub}.{name}"
                called += 1
    assert called == len(server.requests) > 55


def test_helpers_with_several_requests_say_so(flavour: Flavour) -> None:
    server = serve(GOOD)
    refused = []
    for attribute in ("with_raw_response", "with_streaming_response"):
        for _, resource, view in all_views(client_over(flavour, server), attribute):
            for name in dir(type(resource)):
                if not name.startswith("_") and inspect.isfunction(getattr(type(resource), name)):
                    if name in dir(view) or not isinstance(resource, (Resource, AsyncResource)):
                        continue
                    if isinstance(resource, (openai_assistants.OpenAI, openai_assistants.AsyncOpenAI)):
                        continue
                    with pytest.raises(TypeError, match=f"{name} makes several requests.*response_record"):
                        flavour.do(lambda name=name, view=view: getattr(view, name)("x"))
                    refused.append(name)
    assert {"create_and_poll", "poll", "submit_tool_outputs_and_poll", "create_and_run_poll"} <= set(refused)
    assert server.requests == []


def test_what_a_view_does_not_have() -> None:
    client = client_over(SYNC, serve(GOOD))
    view = client.beta.assistants.with_raw_response
    for name in ("retreive", "with_raw_response", "with_streaming_response", "_connection"):
        assert not hasattr(view, name)
    for name in ("close", "copy", "with_options", "api_key"):
        assert not hasattr(client.with_raw_response, name)
    assert repr(view) == "<Assistants with raw responses>"
    with pytest.raises(TypeError):
        client.beta.threads.with_raw_response.create(thread=Thread)
