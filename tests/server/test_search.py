"""Search in vector stores, as far as it goes: words, filters, limits."""

from __future__ import annotations

from typing import Any

import pytest

from openai_assistants.server.vector_stores.filters import passes

from .support import Api
from .test_vector_stores import done, store_of

WHALES = b"Whales are mammals. They sing."
TIDES = "Tides come from the moon; Ärger kommt von der Straße.".encode()


@pytest.fixture
def sea(api: Api) -> str:
    """A store with two files, one of them with attributes."""
    store_id = store_of(api, api.file(WHALES, "whales.txt"))
    tides = api.file(TIDES, "tides.txt")
    attributes = {"year": 1999, "topic": "moon", "draft": False}
    api.post(f"/vector_stores/{store_id}/files", {"file_id": tides, "attributes": attributes})
    done(api, store_id, tides)
    return store_id


def search(api: Api, store_id: str, query: Any, **body: Any) -> Any:
    page = api.post(f"/vector_stores/{store_id}/search", {"query": query, **body})
    assert (page["object"], page["next_page"]) == ("vector_store.search_results.page", None)
    assert page["search_query"] == ([query] if isinstance(query, str) else query)
    return page


def names(api: Api, store_id: str, query: Any, **body: Any) -> list[tuple[str, float]]:
    return [(each["filename"], each["score"]) for each in search(api, store_id, query, **body)["data"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("whales", [("whales.txt", 1.0)]),
        ("WHALES sing!", [("whales.txt", 1.0)]),
        ("mammal", [("whales.txt", 1.0)]),
        ("strasse", [("tides.txt", 1.0)]),
        ("the whales sing from here", [("whales.txt", 0.6), ("tides.txt", 0.4)]),
        (["whales", "the moon"], [("whales.txt", 1.0), ("tides.txt", 1.0)]),
        ("volcano", []),
        ("?!", []),
        (";", [("tides.txt", 1.0)]),
    ],
)
def test_the_share_of_the_words_that_a_passage_has(
    api: Api, sea: str, query: Any, expected: list[tuple[str, float]]
) -> None:
    found = names(api, sea, query)
    assert found == expected


def test_a_result(api: Api, sea: str) -> None:
    page = search(api, sea, "tides")
    (result,) = page["data"]
    assert result == {
        "file_id": result["file_id"],
        "filename": "tides.txt",
        "score": 1.0,
        "attributes": {"year": 1999, "topic": "moon", "draft": False},
        "content": [{"type": "text", "text": TIDES.decode()}],
    }
    assert page["has_more"] is False


def test_limits_and_thresholds(api: Api, sea: str) -> None:
    query = "the whales sing from here"
    page = search(api, sea, query, max_num_results=1)
    assert ([each["filename"] for each in page["data"]], page["has_more"]) == (["whales.txt"], True)
    for threshold, count in ((0, 2), (0.4, 2), (0.5, 1), (0.7, 0)):
        assert len(search(api, sea, query, ranking_options={"score_threshold": threshold})["data"]) == count
    for wrong in ({"max_num_results": 0}, {"max_num_results": 51}, {"ranking_options": {"score_threshold": 1.1}}):
        assert api.error("POST", f"/vector_stores/{sea}/search", json={"query": "x", **wrong})[0] == 400


@pytest.mark.parametrize("query", ["", "  ", [], ["x", ""], None])
def test_a_query_must_be_a_query(api: Api, sea: str, query: Any) -> None:
    status, error = api.error("POST", f"/vector_stores/{sea}/search", json={"query": query})
    assert (status, error["param"]) == (400, "query")


def test_the_best_passages_of_a_long_file_come_first(api: Api) -> None:
    text = "".join(f"{'whale ' * 60}\n" for _ in range(30)) + "whale song\n"
    strategy = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}}
    store_id = store_of(api, api.file(text.encode()), chunking_strategy=strategy)
    (result,) = search(api, store_id, "whale song")["data"]
    assert result["score"] == 1.0
    assert "whale song" in result["content"][0]["text"]
    assert len(result["content"]) == 20


def test_only_what_is_completed_and_still_there_is_found(api: Api, sea: str, server: Any) -> None:
    gate = server.processing.hold("slow*")
    held = api.file(b"Whales, slowly.", "slow.txt")
    api.post(f"/vector_stores/{sea}/files", {"file_id": held})
    assert gate.reached.wait(10)
    assert names(api, sea, "whales") == [("whales.txt", 1.0)]
    gate.open()
    done(api, sea, held)
    assert names(api, sea, "whales") == [("whales.txt", 1.0), ("slow.txt", 1.0)]
    api.delete(f"/vector_stores/{sea}/files/{held}")
    assert names(api, sea, "whales") == [("whales.txt", 1.0)]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ({"type": "eq", "key": "year", "value": 1999}, True),
        ({"type": "and", "filters": [{"type": "gt", "key": "year", "value": 1998}]}, True),
        ({"type": "eq", "key": "topic", "value": "sun"}, False),
    ],
)
def test_filters_in_a_search(api: Api, sea: str, condition: Any, found: bool) -> None:
    assert names(api, sea, ["whales", "tides"], filters=condition) == [("tides.txt", 1.0)] * found


@pytest.mark.parametrize(
    ("condition", "param"),
    [
        ({"type": "in", "key": "a", "value": "x"}, "filters.value"),
        ({"type": "eq", "key": "a", "value": ["x"]}, "filters.value"),
        (
            {"type": "or", "filters": [{"type": "and", "filters": [{"type": "nin", "key": "a", "value": 1}]}]},
            "filters.filters[0].filters[0].value",
        ),
        ({"type": "like", "key": "a", "value": "x"}, "filters.type"),
        ({"type": "eq", "value": "x"}, "filters.key"),
        ({"type": "and"}, "filters.filters"),
    ],
)
def test_wrong_filters(api: Api, sea: str, condition: Any, param: str) -> None:
    status, error = api.error("POST", f"/vector_stores/{sea}/search", json={"query": "x", "filters": condition})
    assert (status, error["param"]) == (400, param)


ATTRIBUTES = {"n": 5, "f": 0.5, "s": "m", "yes": True}


@pytest.mark.parametrize(
    ("kind", "key", "value", "expected"),
    [
        ("eq", "n", 5, True), ("eq", "n", 5.0, True), ("eq", "n", "5", False), ("eq", "yes", True, True),
        ("eq", "yes", 1, False), ("eq", "missing", 5, False), ("ne", "n", 5, False), ("ne", "n", 6, True),
        ("ne", "n", "5", True), ("ne", "missing", 5, True), ("gt", "n", 4, True), ("gt", "n", 5, False),
        ("gte", "n", 5, True), ("gte", "n", 5.1, False), ("lt", "f", 1, True), ("lt", "f", 0.5, False),
        ("lte", "f", 0.5, True), ("lte", "f", 0, False), ("gt", "s", "l", True), ("lt", "s", "l", False),
        ("gt", "s", 1, False), ("gt", "missing", 1, False), ("lt", "missing", 1, False), ("gte", "yes", True, False),
        ("in", "s", ["k", "m"], True), ("in", "s", [], False), ("in", "n", ["5", 5], True),
        ("in", "n", ["5"], False), ("in", "missing", [1], False), ("nin", "s", ["k", "m"], False),
        ("nin", "s", ["k"], True), ("nin", "missing", [1], True),
    ],
)  # fmt: skip
def test_comparisons(kind: str, key: str, value: Any, expected: bool) -> None:
    assert passes({"type": kind, "key": key, "value": value}, ATTRIBUTES) is expected


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("and", [True, True], True), ("and", [True, False], False), ("and", [], True),
        ("or", [False, True], True), ("or", [False, False], False), ("or", [], False),
    ],
)  # fmt: skip
def test_joined_filters(kind: str, values: list[bool], expected: bool) -> None:
    parts = [{"type": "eq", "key": "n", "value": 5 if value else 6} for value in values]
    joined = {"type": kind, "filters": parts}
    assert passes(joined, ATTRIBUTES) is expected
    assert passes({"type": "and", "filters": [{"type": "or", "filters": [joined]}]}, ATTRIBUTES) is expected
