"""Search as runs use it: the best passages of several stores, and no text twice."""

from __future__ import annotations

import random
from functools import partial
from typing import Any

import pytest

from openai_assistants.server import LocalServer
from openai_assistants.server.vector_stores.search import Found, find

from .support import NOW, Api, api_of, frozen, in_database
from .test_vector_stores import WEEKLY, settled, store_of


def found(server: LocalServer, stores: list[str], query: str, **options: Any) -> list[Found]:
    results = in_database(server, partial(find, store_ids=stores, query=query, **options))
    scores = [each.score for each in results]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    return results


def texts(results: list[Found]) -> list[str]:
    return [each.text for each in results]


def static(size: int, overlap: int) -> dict[str, Any]:
    sizes = {"max_chunk_size_tokens": size, "chunk_overlap_tokens": overlap}
    return {"chunking_strategy": {"type": "static", "static": sizes}}


def test_what_is_told_about_a_passage(api: Api, server: LocalServer) -> None:
    file_id = api.file(b"Whales sing.", "whales.txt")
    store_id = store_of(api)
    api.post(f"/vector_stores/{store_id}/file_batches", {"files": [{"file_id": file_id, "attributes": {"a": 1}}]})
    store_of(api)  # another one is no matter
    settled(api, store_id)
    (result,) = found(server, [store_id], "whales")
    assert result == Found(file_id, "whales.txt", result.score, "Whales sing.", {"a": 1}, store_id, 0)


def test_several_stores(api: Api, server: LocalServer) -> None:
    both, whales = api.file(b"Whales sing at night."), api.file(b"Whales, whales, and how they sing.")
    first, second = store_of(api, both), store_of(api, both, whales)
    assert texts(found(server, [first], "sing")) == ["Whales sing at night."]
    # A file in both is found once.
    assert sorted(texts(found(server, [first, second], "whales sing"))) == [
        "Whales sing at night.",
        "Whales, whales, and how they sing.",
    ]
    assert found(server, [], "whales") == found(server, ["vs_x"], "whales") == []
    assert found(server, ["vs_x", first], "whales")[0].store_id == first


def test_limit_threshold_and_filter(api: Api, server: LocalServer) -> None:
    store_id = store_of(api)
    for number in range(30):
        file_id = api.file(f"Whale {'song ' * (number % 3)} {number}".encode())
        body = {"file_id": file_id, "attributes": {"number": number}}
        api.post(f"/vector_stores/{store_id}/files", body)
    settled(api, store_id)
    assert len(found(server, [store_id], "whale")) == 20
    best = found(server, [store_id], "whale song", limit=3)
    assert all("song" in text for text in texts(best))
    half = found(server, [store_id], "whale song", limit=50, threshold=0.6)
    assert len(half) == 20
    only = found(server, [store_id], "whale song", limit=2, condition={"type": "gte", "key": "number", "value": 28})
    assert [each.attributes["number"] for each in only] == [29, 28]
    nothing = {"type": "eq", "key": "number", "value": 99}
    assert found(server, [store_id], "whale", condition=nothing) == []


@pytest.mark.parametrize("overlap", [0, 20, 50])
def test_no_text_comes_twice(api: Api, server: LocalServer, overlap: int) -> None:
    lines = [f"Whale number {number} sings song {number * 7}.\n" for number in range(100)]
    store_id = store_of(api, api.file("".join(lines).encode()), **static(100, overlap))
    results = found(server, [store_id], "whale song", limit=50)
    joined = "".join(texts(results))
    assert all(joined.count(line) <= 1 for line in lines)
    # And nothing is missing: every line fits.
    assert sum(line in joined for line in lines) >= 85


@pytest.mark.parametrize(("query", "line"), [("narwhal", "A narwhal!"), ("=>", "a => b")])
def test_a_passage_that_only_shares_what_fits_is_left_out(api: Api, server: LocalServer, query: str, line: str) -> None:
    filling = "Nothing is to be seen in here, and nothing to be heard either, as far as anybody knows.\n"
    text = f"{filling * 6}{line}\n{filling * 6}"
    store_id = store_of(api, api.file(text.encode()), **static(100, 50))
    (result,) = found(server, [store_id], query)
    assert line in result.text
    # What is left of a passage is looked at, too.
    twice = store_of(
        api, api.file(f"{filling * 6}{line}\n{filling * 2}{line}\n{filling * 6}".encode()), **static(100, 50)
    )
    assert "".join(texts(found(server, [twice], query))).count(line) == 2


def test_stores_that_have_expired_have_nothing() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        store_id = store_of(api, api.file(b"Whales sing."), expires_after=WEEKLY)
        assert len(found(server, [store_id], "whales")) == 1
        server.clock.freeze(NOW + 7 * 24 * 3600)
        assert found(server, [store_id], "whales") == []


def test_a_question_without_words(api: Api, server: LocalServer) -> None:
    store_id = store_of(api, api.file(b"f = x => x + 1"), api.file(b"50 % of 100_000"))
    assert texts(found(server, [store_id], " => ")) == ["f = x => x + 1"]
    assert texts(found(server, [store_id], "%")) == ["50 % of 100_000"]
    assert found(server, [store_id], "\ud800") == found(server, [store_id], "\0") == found(server, [store_id], "") == []
    assert texts(found(server, [store_id], "100\ud800000")) == ["50 % of 100_000"]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("how long is the notice period", "Notice: the notice period is three months."),
        ("Wie lange ist die Kündigungsfrist?", "Die Kündigungsfristen sind drei Monate lang."),
        ("max_num_results", "Set max_num_results to 5."),
        ("num results", "Set max_num_results to 5."),
        ("鯨の歌", "鯨の歌は美しい。"),
        ("kündig", "Die Kündigungsfristen sind drei Monate lang."),
        ("error 4711", "Errors: 4711 means that the disk is full."),
        ("disk full error", "Errors: 4711 means that the disk is full."),
    ],
)
def test_the_best_passage_for_a_plain_question(api: Api, server: LocalServer, query: str, best: str) -> None:
    others = [
        "The period of the pendulum is long.",
        "The maximum number of results is the number of the best.",
        "Der Vertrag ist drei Seiten lang.",
        "鯨は大きい。海は広い。",
        "How to notice an error: the light is red.",
        "4712 is a number.",
        "Notice: the notice period is three months.",
        "Die Kündigungsfristen sind drei Monate lang.",
        "Set max_num_results to 5.",
        "鯨の歌は美しい。",
        "Errors: 4711 means that the disk is full.",
    ]
    store_id = store_of(api, *(api.file(text.encode()) for text in others))
    assert texts(found(server, [store_id], query))[0] == best


def test_one_file_does_not_hide_the_others(api: Api) -> None:
    long = api.file("".join(f"whale song {number} whale song\n" for number in range(3000)).encode(), "long.txt")
    short = [api.file(f"A whale, {number}.".encode(), f"{number}.txt") for number in range(12)]
    store_id = store_of(api, long, *short, **static(100, 0))
    page = api.post(f"/vector_stores/{store_id}/search", {"query": "whale song", "max_num_results": 12})
    assert [each["filename"] for each in page["data"]] == ["long.txt", *(f"{number}.txt" for number in range(11))]
    assert page["has_more"]


def test_scores_do_not_depend_on_other_stores(api: Api) -> None:
    store_id = store_of(api, api.file(b"Whales sing of the sea."), api.file(b"Whales swim."))
    before = api.post(f"/vector_stores/{store_id}/search", {"query": "whales sing"})["data"]
    store_of(api, *(api.file(f"Whales {number}".encode()) for number in range(20)))
    assert api.post(f"/vector_stores/{store_id}/search", {"query": "whales sing"})["data"] == before


def test_what_is_deleted_is_found_no_more(api: Api, server: LocalServer) -> None:
    first, second, third = (api.file(f"Whales sing {number}.".encode()) for number in range(3))
    store_id = store_of(api, first, second, third)
    api.delete(f"/vector_stores/{store_id}/files/{first}")
    assert sorted(texts(found(server, [store_id], "sing"))) == ["Whales sing 1.", "Whales sing 2."]
    api.delete(f"/files/{second}")
    assert texts(found(server, [store_id], "sing")) == ["Whales sing 2."]
    api.delete(f"/vector_stores/{store_id}")
    assert found(server, [store_id], "sing") == []


def test_any_word_of_any_script_is_found(api: Api, server: LocalServer) -> None:
    # The first letters of these.
    scripts = [
        0x61,
        0x30,
        0xE0,
        0x3B1,
        0x416,
        0x5D0,
        0x627,
        0x905,
        0xE01,
        0x3042,
        0x30A2,
        0x4E2D,
        0xD55C,
        0x10D0,
        0x1200,
    ]
    scripts += [0x10A0, 0x10400, 0xFB00, 0x1D49C, 0x2160, 0xB2]
    chance = random.Random(4)

    def word() -> str:
        first = chance.choice(scripts)
        signs = (chr(first + chance.randrange(20)) for _ in range(chance.randrange(1, 12)))
        return "".join(sign for sign in signs if sign.isalnum())

    contents = [" ".join(filter(None, (word() for _ in range(8)))) for _ in range(20)]
    store_id = store_of(api, *(api.file(content.encode()) for content in contents))
    for content in contents:
        for each in content.split():
            assert content in texts(found(server, [store_id], each, limit=50))
