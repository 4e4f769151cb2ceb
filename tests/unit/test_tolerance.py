"""Deviations that were met before: the second reading, in one pass, has the outcome of the first."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, strategies as st
from typing_extensions import NotRequired, TypedDict

from openai_assistants._deviations import MAX_PLACES
from openai_assistants._models import Parser, Unparsable, page_parser, parser_for

from .test_parsing import DOCUMENT, GONE, Thing, changes, damaged, with_change, with_changes


def fresh(into: Any = Thing) -> Parser[Any]:
    """A parser that has met no deviation yet."""
    return Parser(parser_for(into)._schema)


def outcome(parser: Parser[Any], document: Any, *, strict: bool = False) -> object:
    """All that a user sees of a reading."""
    try:
        model, deviations = parser.parse(json.dumps(document).encode(), strict=strict)
    except Unparsable as error:
        return sorted(map(repr, error.errors))
    return repr(model), model.to_dict(), sorted(model.model_fields_set), sorted(map(repr, deviations))


@given(st.lists(changes, min_size=1, max_size=4))
@example([(("created_at",), 1_700_000_000.5), (("status",), GONE)])
@example([(("usage", "tokens"), "3"), (("content", 0, "index"), GONE)])
@example([(("usage",), 3), (("usage", "tokens"), GONE)])
@example([(("tags", 1), 5), (("tags",), None)])
@example([(("metadata", "k"), 5)])
def test_the_second_reading_is_like_the_first(damage: list[tuple[Any, object]]) -> None:
    document, _ = damaged(damage)
    parser = fresh()
    first = outcome(parser, document)
    assert outcome(parser, document) == first
    assert outcome(parser, document, strict=True) == outcome(fresh(), document, strict=True)
    assert outcome(parser, DOCUMENT) == outcome(fresh(), DOCUMENT)


@given(st.lists(st.lists(changes, max_size=3), min_size=2, max_size=5))
def test_what_was_met_before_makes_no_difference(damages: list[list[tuple[Any, object]]]) -> None:
    parser = fresh()
    for damage in damages:
        document, _ = damaged(damage)
        assert outcome(parser, document) == outcome(fresh(), document)


def test_a_known_deviation_costs_no_second_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    document = with_changes((("created_at",), 1_700_000_000.5), (("status",), GONE), (("usage", "tokens"), None))
    page = {"data": [document, DOCUMENT, document], "has_more": False}
    parser = Parser(page_parser(Thing)._schema)
    data = json.dumps(page).encode()
    first, said = parser.parse(data)
    monkeypatch.setattr("openai_assistants._deviations.repair", None)
    second, again = parser.parse(data)
    assert second == first
    assert {(each.path, each.expected, each.got) for each in again} == {
        (each.path, each.expected, each.got) for each in said
    }
    assert len(again) == 6
    assert second["data"][0].created_at == 1_700_000_000


def test_another_kind_of_value_at_a_known_place_is_told_as_what_it_is() -> None:
    parser = fresh()
    for value in (1_700_000_000.5, "soon", None, [1]):
        document = with_change(("created_at",), value)
        assert outcome(parser, document) == outcome(fresh(), document)


class Box(TypedDict):
    """Plain data with a thing in it, perhaps."""

    thing: NotRequired[Thing]


def test_a_known_place_may_be_missing_with_all_around_it() -> None:
    parser = fresh(Box)
    odd, deviations = parser.parse(json.dumps({"thing": with_change(("status",), GONE)}).encode())
    assert (odd["thing"].status, [each.path for each in deviations]) == (None, ["thing.status"])
    assert parser.parse(b"{}") == ({}, ())


def test_places_without_end_are_not_learned() -> None:
    parser = fresh(dict[str, Thing])
    for number in range(MAX_PLACES * 2):
        document = {f"key{number}": with_change(("done",), 5)}
        value, deviations = parser.parse(json.dumps(document).encode())
        assert value[f"key{number}"].done == 5
        assert [each.path for each in deviations] == [f"key{number}.done"]
