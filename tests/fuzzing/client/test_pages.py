"""Lists whose server cannot page: cursors that repeat, go backward or are none, `has_more` that lies, odd items."""

from __future__ import annotations

import warnings
from typing import Any

import httpx
import pytest
from hypothesis import given, note, strategies as st

from openai_assistants import APIError, OpenAIError
from openai_assistants._pagination import Page
from tests.operations.table import ROWS, Row
from tests.unit.support import Flavour

from .damage import JUNK, changed, changes, written
from .support import Rig, Said, examine, flavours, fuzzed, outcome
from .test_answers import arguments, samples

LISTS = [row for row in ROWS if row.answer == "list"]
SAID = ("the same page again", "gives no id to go on from", "leads back to where the list has been")

ids = st.sampled_from(["a", "b", "c", "d", "e", "", "none", "é/?#", "\0", "../x"]) | st.sampled_from(JUNK)
more = st.sampled_from([True, True, True, False, None, "true", 1, "left out"])
Items = list[tuple[int, Any, list[Any]]]
pages = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, 99), ids, changes.map(lambda each: each[:1])), max_size=4),
        more,
        ids,
        ids,
        st.integers(0, 9),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def rig() -> Rig:
    """Clients for all cases."""
    return Rig()


def page_of(row: Row, how: Any) -> str:
    """The body of a page."""
    items, has_more, first_id, last_id, shape = how
    good = samples(row.id)[0]["data"]
    data = []
    for which, id, wanted in items:
        item = changed(good[which % len(good)], wanted)
        if isinstance(item, dict):
            item["id"] = id
        data.append(item)
    if shape == 0:
        return written(data)
    page = {"object": "list", "data": data, "first_id": first_id, "last_id": last_id, "has_more": has_more}
    if has_more == "left out":
        del page["has_more"]
    if shape == 1:
        page["data"] = first_id
    if shape == 2:
        del page["first_id"], page["last_id"]
    return written(page)


@fuzzed(250, 25_000)
@given(
    st.sampled_from(LISTS),
    pages,
    flavours,
    st.sampled_from(["plain", "before", "raw", "first", "pages"]),
    st.booleans(),
)
def test_any_pages(rig: Rig, row: Row, how: list[Any], flavour: Flavour, way: str, strict: bool) -> None:
    bodies = [page_of(row, each).encode() for each in how]
    note(Said(row.id, way, flavour.name, strict, bodies))

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=bodies[(len(rig.requests) - 1) % len(bodies)])

    found: list[Any] = []
    client = rig.client(flavour, strict=strict)
    query = {"before": "z"} if way == "before" and "before" in row.query else {}

    def begin() -> Any:
        return row.bound(client)(**arguments(row.id), **query)

    def blocking() -> Any:
        if way == "raw":
            return row.bound(client.with_raw_response)(**arguments(row.id)).parse()
        listing = begin()
        if way == "first":
            return listing.first(7)
        for each in listing.iter_pages() if way == "pages" else listing:
            found.append(each)  # noqa: PERF402 - what came before an error is looked at, too
        return None

    async def awaiting() -> Any:
        if way == "raw":
            return (await row.bound(client.with_raw_response)(**arguments(row.id))).parse()
        listing = begin()
        if way == "first":
            return await listing.first(7)
        async for each in listing.iter_pages() if way == "pages" else listing:
            found.append(each)  # noqa: PERF401
        return None

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = outcome(rig, answer, flavour, awaiting if flavour.is_async else blocking)
    for each in caught:
        assert each.category is UserWarning
        assert any(words in str(each.message) for words in SAID), each.message
    if isinstance(value, OpenAIError):
        examine(value)
        assert isinstance(value, APIError)
    elif isinstance(value, Page):
        examine(value)
    for each in found:
        if isinstance(each, Page):
            examine(each)
        repr(each)
    if way == "first" and isinstance(value, list):
        assert len(value) <= 7
    assert len(rig.requests) <= 8 * len(bodies)
    sent = [request.url.params.get("after") or request.url.params.get("before") for request in rig.requests]
    assert len(sent) == len(set(sent)), "the same place was asked for twice"
