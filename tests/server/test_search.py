"""Search in vector stores: words, ranking, filters, limits."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from openai_assistants.server import LocalServer
from openai_assistants.server.vector_stores import search as search_module
from openai_assistants.server.vector_stores.search import passes_filter

from .support import Api, api_of
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


def found(api: Api, store_id: str, query: Any, **body: Any) -> list[str]:
    """The names of the files that are found, whose scores must fall."""
    results = names(api, store_id, query, **body)
    scores = [score for _, score in results]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    return [name for name, _ in results]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("whales", ["whales.txt"]),
        ("WHALES sing!", ["whales.txt"]),
        ("mammal", ["whales.txt"]),
        ("whale", ["whales.txt"]),
        ("singing", ["whales.txt"]),
        ("mam", ["whales.txt"]),
        ("strasse", ["tides.txt"]),
        ("arger", ["tides.txt"]),
        ("do the whales sing on the moon", ["whales.txt", "tides.txt"]),
        (["whales", "the moon"], ["whales.txt", "tides.txt"]),
        ("volcano", []),
        ("the", ["tides.txt"]),
        ("?!", []),
        (";", ["tides.txt"]),
        ("%", []),
        ("_", []),
        ('"whales', ["whales.txt"]),
        ("whales AND NOT (sing", ["whales.txt"]),
        ("store:1 OR terms:*", []),
        ("' | !whales:*", ["whales.txt"]),
        ("\x00", []),
    ],
)
def test_what_is_found(api: Api, sea: str, query: Any, expected: list[str]) -> None:
    assert found(api, sea, query) == expected


def test_a_result(api: Api, sea: str) -> None:
    page = search(api, sea, "tides")
    (result,) = page["data"]
    assert result == {
        "file_id": result["file_id"],
        "filename": "tides.txt",
        "score": result["score"],
        "attributes": {"year": 1999, "topic": "moon", "draft": False},
        "content": [{"type": "text", "text": TIDES.decode()}],
    }
    assert result["score"] > 0.9
    assert page["has_more"] is False


def test_limits_and_thresholds(api: Api, sea: str) -> None:
    query = "whales sing to the moon"
    page = search(api, sea, query, max_num_results=1)
    assert ([each["filename"] for each in page["data"]], page["has_more"]) == (["whales.txt"], True)
    (_, most), (_, least) = names(api, sea, query)
    for threshold, count in ((0, 2), (least, 2), (least + 0.01, 1), (most, 1), (most + 0.01, 0)):
        assert len(search(api, sea, query, ranking_options={"score_threshold": threshold})["data"]) == count
    assert most > 0.5 > least  # two words of three, and one
    for wrong in ({"max_num_results": 0}, {"max_num_results": 51}, {"ranking_options": {"score_threshold": 1.1}}):
        assert api.error("POST", f"/vector_stores/{sea}/search", json={"query": "x", **wrong})[0] == 400


def test_a_search_keeps_nobody_from_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, end = threading.Event(), threading.Event()
    search = search_module.search

    def slowly(*args: Any) -> Any:
        begun.set()
        assert end.wait(10)
        return search(*args)

    monkeypatch.setattr(search_module, "search", slowly)
    with LocalServer(database=str(tmp_path / "file.db"), drain_seconds=0.0) as server, api_of(server) as api:
        store_id = store_of(api, api.file(WHALES))
        answers: list[Any] = []
        searching = threading.Thread(target=lambda: answers.append(names(api, store_id, "whales")))
        searching.start()
        assert begun.wait(10)
        api.thread("written meanwhile")
        end.set()
        searching.join()
        assert [name for name, _ in answers[0]] == ["a.txt"]


def test_a_query_of_many_words(api: Api, sea: str) -> None:
    assert found(api, sea, "whales " + " ".join(f"word{number}" for number in range(20_000))) == ["whales.txt"]
    queries = ["whales", *(f"w{number}" for number in range(63))]
    assert found(api, sea, queries) == ["whales.txt"]
    status, error = api.error("POST", f"/vector_stores/{sea}/search", json={"query": [*queries, "x"]})
    assert (status, error["param"], error["code"]) == (400, "query", "array_above_max_length")


def test_a_query_that_is_rewritten_has_only_the_words_that_matter(api: Api, sea: str) -> None:
    body = {"query": ["What do the whales sing?", "to be or not"], "rewrite_query": True}
    page = api.post(f"/vector_stores/{sea}/search", body)
    assert page["search_query"] == ["whales sing", "to be or not"]
    assert [each["filename"] for each in page["data"]] == ["whales.txt"]


@pytest.mark.parametrize("query", ["", "  ", [], ["x", ""], None])
def test_a_query_must_be_a_query(api: Api, sea: str, query: Any) -> None:
    status, error = api.error("POST", f"/vector_stores/{sea}/search", json={"query": query})
    assert (status, error["param"]) == (400, "query")


def test_the_best_passages_of_a_long_file_come_first(api: Api) -> None:
    text = "".join(f"{'whale ' * 90}\n" for _ in range(30)) + "whale song\n"
    strategy = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}}
    store_id = store_of(api, api.file(text.encode()), chunking_strategy=strategy)
    (result,) = search(api, store_id, "whale song")["data"]
    assert "whale song" in result["content"][0]["text"]
    assert len(result["content"]) == 20


def test_only_what_is_completed_and_still_there_is_found(api: Api, sea: str, server: Any) -> None:
    gate = server.processing.hold("slow*")
    held = api.file(b"Whales are mammals. They sing, slowly.", "slow.txt")
    api.post(f"/vector_stores/{sea}/files", {"file_id": held})
    assert gate.reached.wait(10)
    assert found(api, sea, "whales") == ["whales.txt"]
    gate.open()
    done(api, sea, held)
    assert found(api, sea, "whales") == ["whales.txt", "slow.txt"]
    api.delete(f"/vector_stores/{sea}/files/{held}")
    assert found(api, sea, "whales") == ["whales.txt"]


@pytest.mark.parametrize(
    ("condition", "passing"),
    [
        ({"type": "eq", "key": "year", "value": 1999}, True),
        ({"type": "and", "filters": [{"type": "gt", "key": "year", "value": 1998}]}, True),
        ({"type": "eq", "key": "topic", "value": "sun"}, False),
    ],
)
def test_filters_in_a_search(api: Api, sea: str, condition: Any, passing: bool) -> None:
    assert found(api, sea, ["whales", "tides"], filters=condition) == ["tides.txt"] * passing


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
    assert passes_filter({"type": kind, "key": key, "value": value}, ATTRIBUTES) is expected


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
    assert passes_filter(joined, ATTRIBUTES) is expected
    assert passes_filter({"type": "and", "filters": [{"type": "or", "filters": [joined]}]}, ATTRIBUTES) is expected
