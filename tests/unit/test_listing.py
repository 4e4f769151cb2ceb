"""Lists that the client reads on its own behalf, to their end whatever a server says around them."""

from __future__ import annotations

from typing import Any, Callable

import httpx
import pytest

from openai_assistants import APIResponseValidationError
from openai_assistants._pagination import all_items, items_in
from openai_assistants._requests import Call, Operation

from .support import Flavour

THINGS = [{"id": f"t{number}"} for number in range(5)]


def ask(flavour: Flavour, answer: Callable[[list[Any], bool], object], *, ignores: bool = False) -> tuple[Any, int]:
    """All items that a server gives two at a time, and how often it was asked."""
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        after = request.url.params.get("after")
        asked.append(after or "")
        start = 0 if after is None or ignores else THINGS.index({"id": after}) + 1
        return httpx.Response(200, json=answer(THINGS[start : start + 2], start + 2 < len(THINGS)))

    connection = flavour.connection(handle)
    call: Call[Any] = Call(Operation("listThings", "GET", "/things"), query={"limit": 2})
    return flavour.do(lambda: connection.drive(all_items(connection.core, call, {}))), len(asked)


@pytest.mark.parametrize(
    ("answer", "requests"),
    [
        (lambda items, more: {"object": "list", "data": items, "has_more": more}, 3),
        (lambda items, more: {"data": items}, 4),
        (lambda items, more: {"data": items, "has_more": None}, 4),
        (lambda items, more: {"data": items, "has_more": True}, 4),
        (lambda items, more: items, 4),
    ],
    ids=["has_more", "left out", "null", "always", "bare array"],
)
def test_a_list_is_read_to_its_end(flavour: Flavour, answer: Any, requests: int) -> None:
    assert ask(flavour, answer) == (THINGS, requests)


def test_the_same_page_again_is_the_end(flavour: Flavour) -> None:
    assert ask(flavour, lambda items, more: items, ignores=True) == (THINGS[:2], 2)


def listing(flavour: Flavour, content: bytes) -> Any:
    """What is made of an answer; only one is asked for."""
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=content)

    connection = flavour.connection(handle)
    call: Call[Any] = Call(Operation("listThings", "GET", "/things"))
    try:
        return flavour.do(lambda: connection.drive(all_items(connection.core, call, {})))
    finally:
        assert len(asked) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>Sign in",
        b"3",
        b'"data"',
        b"{",
        b"\xff\xfe",
        b"{}",
        b'{"error": {"message": "x"}}',
        b'{"data": {}}',
        b'{"code": 401, "message": "x", "data": null}',
    ],
)
def test_an_answer_that_is_no_list_does_not_pass_for_an_empty_one(flavour: Flavour, content: bytes) -> None:
    """Else files would be uploaded twice, and texts be missing."""
    with pytest.raises(APIResponseValidationError) as caught:
        listing(flavour, content)
    assert caught.value.response.content == content and "\n" not in str(caught.value)
    assert items_in(content) == ([], False)


def test_what_is_said_of_an_answer_that_is_no_list(flavour: Flavour) -> None:
    with pytest.raises(APIResponseValidationError) as caught:
        listing(flavour, b'{"problem": "who are you?"}')
    start = "GET /v1/things answered 200 with something else than the API documents"
    assert str(caught.value) == start + ': a list was asked for, not {"problem": "who are you?"}'


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b'{"object": "list"}',
        b'{"data": null}',
        b'{"data": []}',
        b'\xef\xbb\xbf{"data": []}',
        b'{"data": [1, null]}',
    ],
)
def test_lists_without_items_are_empty(flavour: Flavour, content: bytes) -> None:
    assert listing(flavour, content) == []
    assert items_in(content) == ([], False)
