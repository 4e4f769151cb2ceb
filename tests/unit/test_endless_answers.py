"""Answers without an end, and a few bytes that unpack to very many: a program's memory is bounded."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from openai_assistants import APIResponseValidationError, BadRequestError, InternalServerError

from .access import client_over, within
from .support import Clock, Flavour, serve

PIECE = b" " * (1 << 20)
MOST = 256
"""Pieces of an answer."""


class Endless(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose end never comes."""

    def __init__(self, piece: bytes = PIECE, first: bytes = b"") -> None:
        self.piece = piece
        self.first = first
        self.given = 0
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield self.first
        while self.given < 10_000 and not self.closed:
            self.given += 1
            yield self.piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


def answered(status: int, body: Endless, **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(status, headers={"content-type": "application/json", **headers}, stream=body)


@pytest.mark.parametrize("how", ["object", "page", "raw", "raw, streamed", "parsed, streamed", "low-level", "deadline"])
def test_an_answer_without_an_end_is_given_up(flavour: Flavour, how: str) -> None:
    body = Endless(first=b'{"data": [')
    client = client_over(flavour, serve(answered(200, body)))
    threads = client.beta.threads

    def ask() -> Any:
        match how:
            case "object":
                return flavour.do(lambda: threads.retrieve("thread_1"))
            case "page":
                return flavour.do(lambda: client.beta.assistants.list())
            case "raw":
                return flavour.do(lambda: threads.with_raw_response.retrieve("thread_1"))
            case "low-level":
                return flavour.do(lambda: client.get("/things", into=dict))
            case "deadline":
                return flavour.do(lambda: threads.retrieve("thread_1", deadline=600))
            case _:
                streamed = threads.with_streaming_response.retrieve
                read = "read" if how == "raw, streamed" else "parse"
                return within(flavour, lambda: streamed("thread_1"), lambda each: getattr(each, read)())

    with pytest.raises(APIResponseValidationError, match="with more than 256 MiB where JSON was asked for") as caught:
        ask()
    assert (body.given, body.closed) == (MOST, True)
    assert len(caught.value.response.content) == 1 << 20
    assert caught.value.status_code == 200


def test_the_largest_answer_is_read(flavour: Flavour) -> None:
    length = (MOST << 20) - 2
    client = client_over(flavour, serve(httpx.Response(200, content=b"{}" + b" " * length)))
    assert flavour.do(lambda: client.beta.threads.with_raw_response.retrieve("thread_1")).content[:3] == b"{} "


def test_json_without_an_end_where_events_were_asked_for(flavour: Flavour) -> None:
    body = Endless(first=b'{"id": "run_1", ')
    create = client_over(flavour, serve(answered(200, body))).beta.threads.runs.create
    with pytest.raises(APIResponseValidationError, match="with more than 256 MiB where JSON was asked for"):
        flavour.collect(lambda: create("thread_1", assistant_id="asst_1", stream=True))
    assert (body.given, body.closed) == (MOST, True)


def test_a_refusal_in_very_many_pieces_takes_no_long_time(flavour: Flavour) -> None:
    """As chunks of one byte come; this took a minute."""

    class Dripping(Endless):
        def __iter__(self) -> Iterator[bytes]:
            for _ in range(3 << 20):
                if not self.closed:
                    yield b"x"

    client = client_over(flavour, serve(answered(400, Dripping())))
    with pytest.raises(BadRequestError) as caught:
        flavour.do(lambda: client.beta.threads.retrieve("thread_1", deadline=20))
    assert len(caught.value.response.content) == 1 << 20


@pytest.mark.parametrize("stream", [False, True])
def test_of_a_refusal_without_an_end_the_beginning_is_read(flavour: Flavour, clock: Clock, stream: bool) -> None:
    refusals = [Endless(first=b"No! "), Endless(first=b"Not now! ")]
    client = client_over(flavour, serve(*(answered(*each) for each in zip((429, 400), refusals, strict=True))))
    create = client.beta.threads.runs.create
    with pytest.raises(BadRequestError, match="400 Bad Request: Not now!") as caught:
        if stream:
            flavour.collect(lambda: create("thread_1", assistant_id="asst_1", stream=True))
        else:
            flavour.do(lambda: create("thread_1", assistant_id="asst_1"))
    assert [(each.given, each.closed) for each in refusals] == [(1, True)] * 2
    assert len(caught.value.response.content) == 1 << 20


def test_a_small_refusal_may_not_become_a_large_one(flavour: Flavour) -> None:
    """A megabyte on the wire, a gigabyte in memory."""
    packed = gzip.compress(b"x" * (1 << 26))
    body = Endless(packed * 16)
    client = client_over(flavour, serve(answered(503, body, **{"content-encoding": "gzip"})), max_retries=0)
    with pytest.raises(InternalServerError) as caught:
        flavour.do(lambda: client.beta.threads.retrieve("thread_1"))
    assert body.given == 1
    assert len(caught.value.response.content) == 1 << 20


def test_files_may_have_any_size(flavour: Flavour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openai_assistants._requests.MAX_ANSWER", 10)
    client = client_over(flavour, serve(httpx.Response(200, content=b"x" * 100)))
    assert len(flavour.do(lambda: client.files.content("file_1")).content) == 100
    assert len(flavour.do(lambda: client.get("/things", into=bytes))) == 100
    streamed = client.files.with_streaming_response.content
    assert len(within(flavour, lambda: streamed("file_1"), lambda each: each.read())) == 100
