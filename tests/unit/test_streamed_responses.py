"""`with_streaming_response` and `streaming`: a body that is read when it is asked for."""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path
from typing import Any, AsyncIterator, Iterator

import anyio
import httpx
import pytest

from openai_assistants import (
    APIConnectionError,
    APITimeoutError,
    AsyncAPIResponse,
    HttpxBinaryResponseContent,
    NotFoundError,
    OpenAIError,
    StreamedAPIResponse,
    streaming,
)
from openai_assistants.types.beta import Assistant

from .access import ASSISTANT, GOOD, client_over, listing, within
from .support import FLAVOURS, Clock, Flavour, Pieces, serve

SYNC = FLAVOURS[0]
MB = 1024 * 1024

# On trio the HTTP library leaves its own async generators to the garbage collector when a body is not read to its end;
# ours are closed, or this does not match.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator '(httpx|tests)\.:ResourceWarning")


def answered(*pieces: Any, **headers: str) -> httpx.Response:
    """An answer whose body comes in pieces."""
    return httpx.Response(200, headers=headers, stream=Pieces(pieces))


def content_over(flavour: Flavour, *pieces: Any, **headers: str) -> Any:
    """The manager of a file's content that comes in pieces."""
    client = client_over(flavour, serve(answered(*pieces, **headers)))
    return lambda **options: client.files.with_streaming_response.content("file_1", **options)


def test_the_body_is_not_yet_read(flavour: Flavour) -> None:
    body = Pieces([b"ab", b"cd"])
    client = client_over(flavour, serve(httpx.Response(200, headers={"x-request-id": "req_1"}, stream=body)))
    seen: list[Any] = []

    def use(response: Any) -> Any:
        seen.append(response)
        assert type(response) is (AsyncAPIResponse if flavour.is_async else StreamedAPIResponse)
        assert (response.status_code, response.request_id, response.retries_taken) == (200, "req_1", 0)
        assert (response.is_closed, body.taken) == (False, 0)
        assert "authorization" not in response.http_request.headers
        return response.read()

    assert within(flavour, lambda: client.files.with_streaming_response.content("file_1"), use) == b"abcd"
    assert seen[0].is_closed
    assert body.closed
    assert seen[0].elapsed.total_seconds() >= 0


READERS = [
    lambda response: response.read(),
    lambda response: response.text(),
    lambda response: response.iter_bytes(),
    lambda response: response.iter_lines(),
]


@pytest.mark.parametrize("use", READERS)
def test_an_exception_from_elsewhere_comes_out_as_it_is(flavour: Flavour, use: Any) -> None:
    def read(response: Any) -> Any:
        value = use(response)
        return list(value) if isinstance(value, Iterator) else value

    with pytest.raises(ZeroDivisionError) as caught:
        within(flavour, content_over(flavour, b"ab", ZeroDivisionError("mine")), read)
    assert (str(caught.value), caught.value.__cause__, caught.value.__context__) == ("mine", None, None)


class Stubborn(Pieces):
    """A body that cannot be closed."""

    def close(self) -> None:
        raise ZeroDivisionError

    async def aclose(self) -> None:
        raise ZeroDivisionError


def test_an_exception_from_elsewhere_at_the_end_comes_out_too(flavour: Flavour) -> None:
    client = client_over(flavour, lambda request: httpx.Response(200, stream=Stubborn([b"ab"])))
    with pytest.raises(ZeroDivisionError):
        within(flavour, lambda: client.files.with_streaming_response.content("file_1"), lambda response: None)


def test_the_request_is_sent_when_the_block_begins(flavour: Flavour) -> None:
    server = serve(GOOD)
    client = client_over(flavour, server)
    manager = client.beta.assistants.with_streaming_response.retrieve("asst_1")
    assert server.requests == []
    assert within(flavour, lambda: manager, lambda response: response.json()) == ASSISTANT
    assert len(server.requests) == 1


def test_what_the_body_holds(flavour: Flavour) -> None:
    client = client_over(flavour, serve(GOOD))
    retrieve = client.beta.assistants.with_streaming_response.retrieve
    assert within(flavour, lambda: retrieve("asst_1"), lambda r: r.text()) == GOOD.text
    assert within(flavour, lambda: retrieve("asst_1"), lambda r: r.json()) == ASSISTANT
    assert type(within(flavour, lambda: retrieve("asst_1"), lambda r: r.parse())) is Assistant
    assert within(flavour, lambda: retrieve("asst_1"), lambda r: r.parse(to=dict[str, Any])) == ASSISTANT
    assert (
        within(flavour, lambda: streaming(client.beta.assistants.retrieve)("asst_1"), lambda r: r.json()) == ASSISTANT
    )


def test_a_body_that_was_read_is_kept(flavour: Flavour) -> None:
    client = client_over(flavour, serve(answered(json.dumps(ASSISTANT).encode())))

    def blocking(response: Any) -> Any:
        return response.read(), response.read(), response.text(), response.parse(), response.parse()

    async def awaiting(response: Any) -> Any:
        return (
            *(await response.read(), await response.read(), await response.text()),
            *(await response.parse(), await response.parse()),
        )

    manager = client.beta.assistants.with_streaming_response.retrieve
    first, second, text, parsed, again = within(
        flavour, lambda: manager("asst_1"), awaiting if flavour.is_async else blocking
    )
    assert first == second == text.encode()
    assert parsed is again


@pytest.mark.parametrize(
    ("size", "expected"),
    [(None, [b"ab", b"cde", b"f"]), (1, [b"a", b"b", b"c", b"d", b"e", b"f"]), (4, [b"abcd", b"ef"]), (9, [b"abcdef"])],
)
def test_bytes_in_pieces(flavour: Flavour, size: int | None, expected: list[bytes]) -> None:
    manager = content_over(flavour, b"ab", b"cde", b"f")
    assert list(within(flavour, manager, lambda r: _all(r.iter_bytes(size)))) == expected


def _all(pieces: Any) -> Any:
    return pieces if hasattr(pieces, "__aiter__") else list(pieces)


def test_text_and_lines_across_pieces(flavour: Flavour) -> None:
    pieces = ["Zürich\nBern".encode()[:2], "Zürich\nBern".encode()[2:]]
    manager = content_over(flavour, *pieces)
    assert "".join(within(flavour, manager, lambda r: _all(r.iter_text()))) == "Zürich\nBern"
    assert list(within(flavour, manager, lambda r: _all(r.iter_text(4)))) == ["Züri", "ch\nB", "ern"]
    assert list(within(flavour, manager, lambda r: _all(r.iter_lines()))) == ["Zürich", "Bern"]


def test_a_page(flavour: Flavour) -> None:
    server = serve(
        httpx.Response(200, json=listing("a", more=True)), httpx.Response(200, json=listing("b", more=False))
    )
    client = client_over(flavour, server)
    page = within(flavour, lambda: client.with_streaming_response.beta.assistants.list(), lambda r: r.parse())
    assert [each.id for each in flavour.collect(lambda: page)] == ["a", "b"]


def test_a_file_and_its_older_twin(flavour: Flavour) -> None:
    file = within(flavour, content_over(flavour, b"abc"), lambda r: r.parse())
    assert (type(file), file.read()) == (HttpxBinaryResponseContent, b"abc")
    client = client_over(flavour, serve(answered(b"abc")))
    twin = client.files.with_streaming_response.retrieve_content
    assert within(flavour, lambda: twin("file_1"), lambda r: r.parse()) == "abc"


RUN = {"id": "run_1", "object": "thread.run", "thread_id": "thread_1", "status": "completed", "created_at": 1}
EVENTS = f"event: thread.run.completed\ndata: {json.dumps(RUN)}\n\nevent: done\ndata: [DONE]\n\n".encode()


def test_a_stream_of_events(flavour: Flavour) -> None:
    client = client_over(flavour, serve(answered(EVENTS)))

    def manager() -> Any:
        return client.beta.threads.runs.with_streaming_response.create("t", assistant_id="a", stream=True)

    async def awaiting(response: Any) -> Any:
        return [event async for event in await response.parse()]

    events = within(flavour, manager, awaiting if flavour.is_async else lambda r: list(r.parse()))
    assert [event.event for event in events] == ["thread.run.completed"]
    assert b"".join(within(flavour, manager, lambda r: _all(r.iter_bytes()))) == EVENTS  # or the bytes as they are


def test_an_error_is_raised_where_the_block_begins(flavour: Flavour) -> None:
    client = client_over(flavour, serve(httpx.Response(404, json={"error": {"message": "No such file"}})))
    with pytest.raises(NotFoundError, match="No such file") as caught:
        within(flavour, lambda: client.files.with_streaming_response.content("file_1"), lambda r: r.read())
    assert caught.value.body == {"message": "No such file"}


def test_retries_end_where_the_body_begins(flavour: Flavour, clock: Clock) -> None:
    client = client_over(flavour, serve(httpx.Response(503), answered(b"abc")))
    manager = client.files.with_streaming_response.content
    assert within(flavour, lambda: manager("file_1"), lambda r: (r.retries_taken, r.is_closed)) == (1, False)


# To a file


def test_to_a_file(flavour: Flavour, tmp_path: Path) -> None:
    target = tmp_path / "copy.bin"
    target.write_bytes(b"something longer that was there before")
    manager = content_over(flavour, b"ab", b"cd", b"e")
    within(flavour, manager, lambda r: r.stream_to_file(target))
    assert target.read_bytes() == b"abcde"
    within(flavour, manager, lambda r: r.stream_to_file(str(target), chunk_size=2))
    assert target.read_bytes() == b"abcde"


def test_a_body_that_breaks_off_leaves_what_came_and_raises(flavour: Flavour, tmp_path: Path) -> None:
    target = tmp_path / "copy.bin"
    manager = content_over(flavour, b"ab", httpx.ReadError("reset by peer"))
    with pytest.raises(APIConnectionError, match="reset by peer"):
        within(flavour, manager, lambda r: r.stream_to_file(target))
    assert target.read_bytes() == b"ab"


class Long(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body of many megabytes that are made one by one."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        self.given = 0

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.megabytes):
            self.given += MB
            yield bytes(MB)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def peak_while(flavour: Flavour, body: Long, use: Any) -> int:
    """Most bytes that Python held at once while a body was read."""
    client = client_over(flavour, lambda _: httpx.Response(200, stream=body))
    tracemalloc.start()
    try:
        within(flavour, lambda: client.files.with_streaming_response.content("file_1"), use)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_200_megabytes_go_to_disk_in_the_memory_of_a_few(flavour: Flavour) -> None:
    body = Long(200)
    peak = peak_while(flavour, body, lambda r: r.stream_to_file(os.devnull))
    assert body.given == 200 * MB
    assert peak < 8 * MB


def test_that_measurement_would_notice_a_body_held_in_memory(flavour: Flavour) -> None:
    assert peak_while(flavour, Long(20), lambda r: r.read()) > 20 * MB


# Ends that come too early, or too late


def test_leaving_the_block_closes_the_response(flavour: Flavour) -> None:
    body = Pieces([b"ab", b"cd", b"ef"])
    client = client_over(flavour, serve(httpx.Response(200, stream=body)))
    responses: list[Any] = []

    def blocking(response: Any) -> Any:
        responses.append(response)
        for piece in response.iter_bytes():
            return piece
        raise AssertionError

    async def awaiting(response: Any) -> Any:
        responses.append(response)
        async for piece in response.iter_bytes():
            return piece
        raise AssertionError

    manager = client.files.with_streaming_response.content
    use = awaiting if flavour.is_async else blocking
    assert within(flavour, lambda: manager("file_1"), use) == b"ab"
    assert (responses[0].is_closed, body.taken) == (True, 1)
    assert body.closed


def test_an_exception_in_the_block_closes_the_response(flavour: Flavour) -> None:
    body = Pieces([b"ab"])
    client = client_over(flavour, serve(httpx.Response(200, stream=body)))

    def fail(response: Any) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        within(flavour, lambda: client.files.with_streaming_response.content("file_1"), fail)
    assert body.closed


@pytest.mark.parametrize("how", ["read", "text", "json", "parse", "iter_bytes", "iter_text", "iter_lines"])
def test_a_body_that_breaks_off(flavour: Flavour, how: str) -> None:
    manager = content_over(flavour, b'{"a":', httpx.ReadError("reset by peer"))
    with pytest.raises(APIConnectionError, match=r"No answer from GET .*content: reset by peer") as caught:
        within(flavour, manager, lambda r: _all(getattr(r, how)()) if "iter" in how else getattr(r, how)())
    assert isinstance(caught.value.__cause__, httpx.ReadError)
    assert "authorization" not in caught.value.request.headers


@pytest.mark.parametrize("how", ["read", "parse", "iter_bytes", "iter_lines"])
@pytest.mark.parametrize("after", ["iterating", "closing"])
def test_a_body_is_there_once(flavour: Flavour, how: str, after: str) -> None:
    manager = content_over(flavour, b"ab", b"cd")

    def blocking(response: Any) -> Any:
        _ = list(response.iter_bytes()) if after == "iterating" else response.close()
        return _all(getattr(response, how)()) if "iter" in how else getattr(response, how)()

    async def awaiting(response: Any) -> Any:
        if after == "iterating":
            assert [piece async for piece in response.iter_bytes()] == [b"ab", b"cd"]
        else:
            await response.close()
        if "iter" in how:
            return [piece async for piece in getattr(response, how)()]
        return await getattr(response, how)()

    with pytest.raises(OpenAIError, match="cannot be read: it was read already, the response is closed"):
        within(flavour, manager, awaiting if flavour.is_async else blocking)


@pytest.mark.parametrize("how", ["read", "text", "iter_bytes", "iter_lines"])
def test_a_slow_body_ends_at_the_deadline(clock: Clock, how: str) -> None:
    slow = [b"a\n", lambda: clock.advance(6.0), b"b\n", lambda: clock.advance(6.0), b"c\n"]
    manager = content_over(SYNC, *slow)
    with pytest.raises(APITimeoutError, match=r"deadline passed while the answer of GET .*content was read"):
        within(
            SYNC,
            lambda: manager(deadline=10),
            lambda r: _all(getattr(r, how)()) if "iter" in how else getattr(r, how)(),
        )
    assert within(SYNC, lambda: manager(deadline=20), lambda r: r.read()) == b"a\nb\nc\n"


def test_a_stream_of_events_ends_at_the_deadline(clock: Clock) -> None:
    client = client_over(SYNC, serve(answered(EVENTS[:20], lambda: clock.advance(60.0), EVENTS[20:])))
    create = client.beta.threads.runs.with_streaming_response.create
    with (
        pytest.raises(APITimeoutError, match="deadline passed while the stream"),
        create("t", assistant_id="a", stream=True, deadline=10) as response,
    ):
        list(response.parse())


def test_large_pieces_do_not_hide_the_deadline(clock: Clock) -> None:
    body = Pieces([b"a", lambda: clock.advance(60.0), b"b", lambda: clock.advance(60.0), b"c"])
    client = client_over(SYNC, serve(httpx.Response(200, stream=body)))
    with (
        pytest.raises(APITimeoutError),
        client.files.with_streaming_response.content("file_1", deadline=10) as response,
    ):
        list(response.iter_bytes(MB))
    assert body.taken == 2


@pytest.mark.parametrize("flavour", FLAVOURS[1:], ids=lambda flavour: flavour.name)
@pytest.mark.parametrize("how", ["read", "parse", "iter_bytes", "stream_to_file"])
def test_a_hanging_body_ends_at_the_deadline(flavour: Flavour, how: str) -> None:
    class Hanging(httpx.AsyncByteStream):
        async def __aiter__(self) -> Any:
            yield b"ab"
            await anyio.sleep_forever()

    client = client_over(flavour, lambda _: httpx.Response(200, stream=Hanging()))
    arguments = [os.devnull] if how == "stream_to_file" else []
    with pytest.raises(APITimeoutError, match="deadline passed"):
        within(
            flavour,
            lambda: client.files.with_streaming_response.content("file_1", deadline=0.5),
            lambda r: getattr(r, how)(*arguments),
        )


def test_a_deadline_that_is_not_reached_changes_nothing(flavour: Flavour) -> None:
    manager = content_over(flavour, b"ab", b"cd")
    assert within(flavour, lambda: manager(deadline=60), lambda r: r.read()) == b"abcd"
    assert b"".join(within(flavour, lambda: manager(deadline=60), lambda r: _all(r.iter_bytes()))) == b"abcd"


def test_arguments_are_checked_when_the_block_begins(flavour: Flavour) -> None:
    server = serve(GOOD)
    client = client_over(flavour, server)
    with pytest.raises(ValueError, match="file_id is empty"):
        within(flavour, lambda: client.files.with_streaming_response.content(""), lambda r: r.read())
    assert server.requests == []
