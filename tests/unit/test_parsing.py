"""Answers that break the API's documents: what is kept, what is reported, what is refused."""

from __future__ import annotations

import copy
import dataclasses
import json
import math
import pickle
from typing import Annotated, Any, Literal

import pydantic
import pytest
from hypothesis import example, given, strategies as st

from openai_assistants import BaseModel, Deviation, UnknownValue, UnknownVariant
from openai_assistants._models import AnyTag, OneOf, Timestamp, Unparsable, page_parser, parser_for


class Text(BaseModel):
    """The text of a block."""

    value: str
    annotations: list[str]


class TextBlock(BaseModel):
    """A block whose tag is also the name of one of its fields, as everywhere in this API."""

    index: int
    type: Literal["text"]
    text: Text


class ToolBlock(BaseModel):
    """Another one."""

    index: int
    type: Literal["function"]
    function: dict[str, str]


class UnknownBlock(UnknownVariant):
    """Any newer block."""

    type: Annotated[str, AnyTag]


Block = Annotated[TextBlock | ToolBlock | UnknownBlock, OneOf("type")]


class Usage(BaseModel):
    """A nested object."""

    tokens: int
    cached: int | None = None


class Thing(BaseModel):
    """A bit of everything."""

    id: str
    status: Literal["queued", "completed"] | UnknownValue
    created_at: Timestamp
    expires_at: Timestamp | None
    done: bool
    temperature: float | None = None
    usage: Usage | None = None
    content: list[Block]
    tags: list[str]
    metadata: dict[str, str] | None = None
    choice: Annotated[Literal["auto"] | UnknownValue | TextBlock | UnknownBlock, OneOf("type")] | None = None


DOCUMENT: dict[str, Any] = {
    "id": "thing_1",
    "status": "queued",
    "created_at": 1_700_000_000,
    "expires_at": None,
    "done": False,
    "temperature": 0.5,
    "usage": {"tokens": 3, "cached": 1},
    "content": [
        {"index": 0, "type": "text", "text": {"value": "x", "annotations": ["a", "b"]}},
        {"index": 1, "type": "function", "function": {"name": "f"}},
        {"index": 2, "type": "audio", "clip": {"length": 1.5}},
    ],
    "tags": ["t", "u", "v"],
    "metadata": {"k": "v"},
    "choice": "auto",
    "extra": {"deep": [1, None]},
}

Place = tuple[str | int, ...]
GONE = type("Gone", (), {"__repr__": lambda self: "gone"})()


def with_change(place: Place, value: object, document: Any = None) -> Any:
    """A copy of the document with a value replaced or, if `GONE`, removed."""
    changed = copy.deepcopy(DOCUMENT if document is None else document)
    holder = changed
    for step in place[:-1]:
        holder = holder[step]
    if value is GONE:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    return changed


def with_changes(*changes: tuple[Place, object]) -> Any:
    document = DOCUMENT
    for place, value in changes:
        document = with_change(place, value, document)
    return document


def parse(document: Any, into: Any = Thing) -> tuple[Any, tuple[Deviation, ...]]:
    return parser_for(into).parse(json.dumps(document).encode())


def strict_paths(document: Any, into: Any = Thing) -> list[str]:
    """The places that strict mode complains about."""
    with pytest.raises(Unparsable) as caught:
        parser_for(into).parse(json.dumps(document).encode(), strict=True)
    return sorted(error.path for error in caught.value.errors)


def path_of(place: Place) -> str:
    return "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in place).lstrip(".")


def at(model: Any, place: Place) -> Any:
    """A value in a model, by the place in the document."""
    for step in place:
        model = model[step] if isinstance(step, int) or isinstance(model, dict) else getattr(model, step)
    return model


def test_a_good_answer_has_no_deviations() -> None:
    model, deviations = parse(DOCUMENT)
    assert deviations == ()
    assert model.to_dict() == DOCUMENT


@pytest.mark.parametrize(
    "place",
    [
        ("id",),
        ("status",),
        ("created_at",),
        ("expires_at",),
        ("content",),
        ("usage", "tokens"),
        ("content", 0, "index"),
        ("content", 0, "text"),
        ("content", 0, "text", "value"),
        ("content", 1, "function"),
    ],
    ids=path_of,
)
def test_a_field_that_was_left_out_is_none(place: Place) -> None:
    document = with_change(place, GONE)
    model, deviations = parse(document)
    assert [(d.path, d.got) for d in deviations] == [(path_of(place), None)]
    assert at(model, place) is None
    assert model.to_dict() == document
    assert strict_paths(document) == [path_of(place)]


WRONG: list[tuple[Place, object]] = [
    (("id",), 5),
    (("id",), None),
    (("status",), None),
    (("status",), ["queued"]),
    (("done",), "no"),
    (("done",), None),
    (("temperature",), "0.5"),
    (("usage",), "none"),
    (("usage",), []),
    (("usage", "tokens"), None),
    (("usage", "tokens"), "3"),
    (("usage", "tokens"), 3.5),
    (("usage", "cached"), {}),
    (("content",), None),
    (("content",), "text"),
    (("content",), {"type": "text"}),
    (("content", 0), None),
    (("content", 0), "x"),
    (("content", 2), 7),
    (("content", 0, "index"), "0"),
    (("content", 0, "text"), "x"),
    (("content", 0, "text"), None),
    (("content", 0, "text", "value"), 5),
    (("content", 0, "text", "annotations"), None),
    (("content", 0, "text", "annotations", 0), None),
    (("content", 0, "text", "annotations", 1), 5),
    (("content", 1, "index"), "1"),
    (("content", 1, "function"), "f"),
    (("content", 1, "function", "name"), 5),
    (("tags", 0), None),
    (("tags", 2), 5),
    (("metadata",), []),
    (("metadata", "k"), 1),
    (("choice",), 5),
    (("choice",), {"index": 0, "type": "text", "text": "x"}),
]


def innermost(place: Place, value: object) -> str:
    return "choice.text" if place == ("choice",) and isinstance(value, dict) else path_of(place)


@pytest.mark.parametrize(("place", "value"), WRONG, ids=lambda value: str(value))
def test_a_value_of_the_wrong_type_stays_as_sent_and_nothing_else_changes(place: Place, value: object) -> None:
    document = with_change(place, value)
    model, deviations = parse(document)
    assert [d.path for d in deviations] == [innermost(place, value)]
    assert isinstance(deviations[0].expected, str) and deviations[0].expected
    if path_of(place) == deviations[0].path:
        assert at(model, place) == deviations[0].got == value
    assert model.to_dict() == document
    assert strict_paths(document) == [innermost(place, value)]


def test_other_blocks_and_fields_keep_their_classes() -> None:
    model, _ = parse(with_change(("content", 0, "index"), "0"))
    assert [type(block) for block in model.content] == [TextBlock, ToolBlock, UnknownBlock]
    assert isinstance(model.content[0].text, Text)
    assert isinstance(model.usage, Usage)


def test_several_places_at_once() -> None:
    document = with_changes(
        (("id",), 5),
        (("created_at",), GONE),
        (("usage", "tokens"), "3"),
        (("content", 0, "text", "annotations", 0), 1),
        (("content", 0, "text", "annotations", 1), None),
        (("content", 1, "index"), GONE),
        (("content", 2), "x"),
        (("tags", 0), 1),
        (("tags", 1), None),
        (("tags", 2), 3.5),
    )
    paths = [
        "content[0].text.annotations[0]",
        "content[0].text.annotations[1]",
        "content[1].index",
        "content[2]",
        "created_at",
        "id",
        "tags[0]",
        "tags[1]",
        "tags[2]",
        "usage.tokens",
    ]
    model, deviations = parse(document)
    assert sorted(d.path for d in deviations) == paths
    assert model.to_dict() == document
    assert model.tags == [1, None, 3.5]
    assert strict_paths(document) == paths


def test_each_of_many_items_is_reported_at_its_own_place() -> None:
    blocks: list[Any] = [{"index": i, "type": "text", "text": {"value": "x", "annotations": []}} for i in range(6)]
    blocks[1] = None
    blocks[3] = {"index": 3, "type": "text", "text": 3}
    blocks[4] = {"index": "4", "type": "function", "function": {"name": 4}}
    document = with_change(("content",), blocks)
    model, deviations = parse(document)
    assert sorted(d.path for d in deviations) == [
        "content[1]",
        "content[3].text",
        "content[4].function.name",
        "content[4].index",
    ]
    assert model.to_dict() == document


@pytest.mark.parametrize("tag", [GONE, None, 5, ["text"], {"a": 1}, True], ids=str)
def test_a_tag_that_is_missing_or_no_string(tag: object) -> None:
    document = with_change(("content", 0, "type"), tag)
    model, deviations = parse(document)
    assert [d.path for d in deviations] == ["content[0].type"]
    assert isinstance(model.content[0], UnknownBlock)
    assert model.content[0].text == DOCUMENT["content"][0]["text"]
    assert model.to_dict() == document


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        (1_700_000_000.0, 1_700_000_000),
        (1_700_000_000.75, 1_700_000_000),
        (1_700_000_000_123, 1_700_000_000),
        (1_700_000_000_123.5, 1_700_000_000),
        ("2023-11-14T22:13:20Z", 1_700_000_000),
        ("2023-11-14T22:13:20.5+00:00", 1_700_000_000),
        ("2023-11-15T00:13:20+02:00", 1_700_000_000),
        ("2023-11-14T22:13:20", 1_700_000_000),
        ("2023-11-14 22:13:20", 1_700_000_000),
        ("2023-11-14", 1_699_920_000),
    ],
)
@pytest.mark.parametrize("field", ["created_at", "expires_at"])
def test_times_in_other_forms_become_whole_seconds(sent: object, seconds: int, field: str) -> None:
    model, deviations = parse(with_change((field,), sent))
    assert [(d.path, d.got) for d in deviations] == [(field, sent)]
    assert getattr(model, field) == seconds
    assert type(getattr(model, field)) is int


@pytest.mark.parametrize(
    "sent",
    ["", "soon", "1712061512345", "1700000000", True, None, [], {}, 10**400, 1e300, 10**15],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_time_stays_as_sent(sent: object) -> None:
    model, deviations = parse(with_change(("created_at",), sent))
    assert [d.path for d in deviations] == ["created_at"]
    assert model.created_at == sent
    assert type(model.created_at) is type(sent)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_json_does_not_have(number: str) -> None:
    data = json.dumps(with_change(("created_at",), 0)).replace('"created_at": 0', f'"created_at": {number}')
    model, deviations = parser_for(Thing).parse(data.encode())
    assert [d.path for d in deviations] == ["created_at"]
    assert not math.isfinite(model.created_at)
    assert model.tags == DOCUMENT["tags"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" + "0" * 400, "-1" + "0" * 400])
def test_a_number_that_no_float_holds(number: str) -> None:
    data = json.dumps(with_change(("temperature",), 0)).replace('"temperature": 0', f'"temperature": {number}')
    parser = parser_for(Thing)
    with pytest.raises(Unparsable, match=r"temperature: Input should be a finite number"):
        parser.parse(data.encode(), strict=True)
    for _ in range(3):  # the second time it is known
        model, deviations = parser.parse(data.encode())
        assert [(each.path, repr(each.got)) for each in deviations] == [("temperature", repr(json.loads(number)))]
        assert repr(model.temperature) == repr(float(json.loads(number.replace("0" * 400, "e400"))))
        assert json.loads(model.to_json())["temperature"] is None
        assert repr(model.to_dict()["temperature"]) == repr(model.temperature)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"oops",
        b"<html></html>",
        b'{"id": "x"',
        b'{"id": "x"}}',
        b'{"id": "x"} {"id": "y"}',
        b"{'id': 'x'}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"null",
        b"5",
        b'"text"',
        b"[]",
        b'[{"id": "x"}]',
        b"true",
    ],
    ids=lambda data: repr(data[:30]),
)
@pytest.mark.parametrize("strict", [False, True])
def test_what_is_nothing_like_the_type_is_refused(data: bytes, strict: bool) -> None:
    with pytest.raises(Unparsable) as caught:
        parser_for(Thing).parse(data, strict=strict)
    assert caught.value.errors
    assert len(str(caught.value)) < 500


WHOLE = json.dumps(with_change(("id",), "Größe 😀"), ensure_ascii=False)


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (WHOLE.encode("utf-8-sig"), "Größe 😀"),
        (WHOLE.encode("utf-16"), "Größe 😀"),
        (WHOLE.encode("utf-16-be"), "Größe 😀"),
        (WHOLE.encode("utf-32-le"), "Größe 😀"),
        (WHOLE.replace("😀", "").encode("latin-1"), "Gr\ufffd\ufffde "),
        (WHOLE.replace("😀", r"\ud83d").encode(), "Größe \ufffd"),
        (WHOLE.replace("😀", r"\uDE00\ud83d\ude00\\ud83d").encode(), "Größe \ufffd😀\\ud83d"),
        (WHOLE.encode().replace("😀".encode(), b"\xed\xa0\xbd\xf0"), "Größe " + "\ufffd" * 4),
    ],
    ids=repr,
)
def test_characters_that_are_broken_or_encoded_otherwise_are_mended(data: bytes, id: str) -> None:
    model, deviations = parser_for(Thing).parse(data)
    assert (model.id, model.content, model.tags) == (id, parse(DOCUMENT)[0].content, DOCUMENT["tags"])
    ((path, expected),) = [(each.path, each.expected) for each in deviations]
    assert path == "" and "UTF-8" in expected
    with pytest.raises(Unparsable):
        parser_for(Thing).parse(data, strict=True)


def test_what_deviates_besides_is_reported_too() -> None:
    data = json.dumps(with_change(("usage", "tokens"), "3")).replace("thing_1", r"\ud800").encode()
    model, deviations = parser_for(Thing).parse(data)
    assert [each.path for each in deviations] == ["", "usage.tokens"]
    assert (model.id, model.usage.tokens) == ("\ufffd", "3")
    with pytest.raises(Unparsable) as caught:
        parser_for(Thing).parse(data, strict=True)
    assert [each.path for each in caught.value.errors] == ["", "usage.tokens"]


@pytest.mark.parametrize("levels", [150, 190])
def test_what_is_deep_can_be_shown_copied_and_pickled(levels: int) -> None:
    model, _ = parser_for(Thing).parse(
        json.dumps(DOCUMENT)[:-1].encode() + b', "deep": ' + b"[" * levels + b"]" * levels + b"}"
    )
    assert copy.deepcopy(model).to_dict() == pickle.loads(pickle.dumps(model)).to_dict() == json.loads(model.to_json())


@pytest.mark.parametrize("sent", ["2024-13-45", "2024-02-30T00:00:00Z"])
def test_a_date_that_does_not_exist_stays_as_sent(sent: str) -> None:
    thing, deviations = parse(with_change(("created_at",), sent))
    assert (thing.created_at, [d.path for d in deviations]) == (sent, ["created_at"])


@dataclasses.dataclass
class Point:
    """A class of the program, in which a value of another type cannot be kept as it was sent."""

    x: int = 0


@pytest.mark.parametrize(("into", "sent"), [(Point, {"x": "a"}), (set[int], [1, "a"]), (tuple[int, ...], [1, "a"])])
def test_what_has_no_place_for_an_odd_value_is_refused_rather_than_without_it(into: Any, sent: Any) -> None:
    with pytest.raises(Unparsable, match="valid integer"):
        parse(sent, into)


def test_an_answer_that_is_odd_in_ever_new_ways_is_refused() -> None:
    met: list[int] = []

    def moody(value: int) -> int:
        if value == len(met):
            met.append(value)
            raise ValueError("not today")
        return value

    moods = list[Annotated[int, pydantic.AfterValidator(moody)]]
    with pytest.raises(Unparsable, match="not today"):
        parse(list(range(30, -1, -1)), moods)


def test_an_object_with_nothing_in_it_is_read_as_far_as_it_goes() -> None:
    model, deviations = parse({})
    assert sorted(d.path for d in deviations) == sorted(
        ["id", "status", "created_at", "expires_at", "done", "content", "tags"]
    )
    assert model.to_dict() == {}
    assert model.tags is None


def test_fields_set_says_what_was_sent() -> None:
    model, _ = parse(with_changes((("id",), GONE), (("done",), "no")))
    assert "id" not in model.model_fields_set
    assert "done" in model.model_fields_set


def test_a_repaired_model_pickles_and_copies() -> None:
    document = with_changes((("id",), 5), (("content", 1), None), (("status",), None))
    model, _ = parse(document)
    for again in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model), copy.copy(model)):
        assert again == model
        assert again.to_dict() == document
        assert json.loads(again.to_json()) == document


PAGE: dict[str, Any] = {
    "object": "list",
    "data": [DOCUMENT, DOCUMENT],
    "has_more": False,
    "first_id": "a",
    "last_id": "b",
}


def parse_page(document: Any, *, strict: bool = False) -> tuple[dict[str, Any], tuple[Deviation, ...]]:
    return page_parser(Thing).parse(json.dumps(document).encode(), strict=strict)


def plain(page: dict[str, Any]) -> dict[str, Any]:
    return {**page, "data": [item.to_dict() if isinstance(item, BaseModel) else item for item in page["data"]]}


def test_page() -> None:
    page, deviations = parse_page(PAGE)
    assert deviations == ()
    assert [type(item) for item in page["data"]] == [Thing, Thing]
    assert plain(page) == PAGE


@pytest.mark.parametrize("field", ["object", "has_more", "first_id", "last_id"])
def test_what_may_be_missing_or_null_around_a_page(field: str) -> None:
    for document in (with_change((field,), GONE, PAGE), with_change((field,), None, PAGE)):
        page, deviations = parse_page(document)
        assert deviations == ()
        assert plain(page) == document


def test_a_bare_list_is_a_page_with_a_deviation() -> None:
    page, deviations = parse_page([DOCUMENT, DOCUMENT])
    assert [type(item) for item in page["data"]] == [Thing, Thing]
    assert plain(page) == {"data": [DOCUMENT, DOCUMENT]}
    assert len(deviations) == 1
    with pytest.raises(Unparsable):
        parse_page([DOCUMENT], strict=True)


def test_an_empty_bare_list_is_an_empty_page() -> None:
    page, deviations = parse_page([])
    assert page == {"data": []}
    assert len(deviations) == 1


def test_a_bare_list_of_deviating_items() -> None:
    odd = with_change(("created_at",), 1_700_000_000_000)
    page, deviations = parse_page([DOCUMENT, odd])
    assert [item.created_at for item in page["data"]] == [1_700_000_000, 1_700_000_000]
    assert len(deviations) == 2
    assert deviations[1].path.endswith("[1].created_at")


def test_deviating_items_of_a_page() -> None:
    items = [with_change(("id",), GONE), 5, with_change(("created_at",), "2023-11-14T22:13:20Z"), None, DOCUMENT]
    page, deviations = parse_page({"data": items, "has_more": "no"})
    assert sorted(d.path for d in deviations) == [
        "data[0].id",
        "data[1]",
        "data[2].created_at",
        "data[3]",
        "has_more",
    ]
    assert [type(item) for item in page["data"]] == [Thing, int, Thing, type(None), Thing]
    assert page["data"][2].created_at == 1_700_000_000
    assert page["data"][4].to_dict() == DOCUMENT


def test_an_object_that_is_no_page() -> None:
    page, deviations = parse_page({"object": "list"})
    assert [d.path for d in deviations] == ["data"]
    assert page.get("data") is None


# Any damage at any place: either the model with everything else intact, or Unparsable; never another exception.


def places(document: Any, prefix: Place = ()) -> list[Place]:
    found: list[Place] = [prefix] if prefix else []
    entries = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return found + [place for key, value in entries for place in places(value, (*prefix, key))]


PLACES = [place for place in places(DOCUMENT) if place[0] != "extra"]
texts = st.text(st.characters(codec="utf-8"), max_size=5)
ODDITIES = ["text", "function", "2023-11-14T22:13:20Z", 10**400, "1712061512345"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts | st.sampled_from(ODDITIES),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "index", "value", "function", "a"]), inner, max_size=3)
    ),
    max_leaves=5,
)
changes = st.tuples(st.sampled_from(PLACES), st.just(GONE) | json_values)


def damaged(damage: list[tuple[Place, object]]) -> tuple[Any, list[Place]]:
    """The document with what of the damage can be done, and where it was done."""
    document: Any = copy.deepcopy(DOCUMENT)
    done: list[Place] = []
    for place, value in damage:
        # Removing an item of a list moves the others, so lists only get other values.
        if value is GONE and isinstance(place[-1], int):
            value = None
        try:
            document = with_change(place, value, document)
        except (KeyError, IndexError, TypeError):
            continue
        done.append(place)
    return document, done


TIMES = {("created_at",), ("expires_at",)}


@given(st.lists(changes, min_size=1, max_size=4))
@example([(("content", 0, "type"), ["text"])])
@example([(("created_at",), 10**400)])
@example([(("content", 0, "index"), "0")])
@example([(("content", 0, "index"), GONE), (("content", 1, "function"), 5)])
def test_damage_anywhere_changes_nothing_elsewhere(damage: list[tuple[Place, object]]) -> None:
    document, done = damaged(damage)
    data = json.dumps(document).encode()
    try:
        model, deviations = parser_for(Thing).parse(data)
    except Unparsable:
        pytest.fail("an object with some good fields can always be read")
    shown = model.to_dict()
    for place in TIMES & set(done):
        shown.pop(place[0], None), document.pop(place[0], None)
    assert shown == document
    for deviation in deviations:
        assert any(
            deviation.path.startswith(path_of(place)) or path_of(place).startswith(deviation.path) for place in done
        )


@given(json_values)
def test_any_json_is_read_or_refused(value: object) -> None:
    data = json.dumps(value).encode()
    for parser in (parser_for(Thing), parser_for(Block), page_parser(Thing), page_parser(Block)):
        for strict in (False, True):
            try:
                _, deviations = parser.parse(data, strict=strict)
            except Unparsable as error:
                assert error.errors
            else:
                assert not (strict and deviations)


@given(st.binary(max_size=60), st.integers(0, 400))
def test_any_bytes_are_read_or_refused(noise: bytes, place: int) -> None:
    data = json.dumps(DOCUMENT).encode()
    for damaged_data in (noise, data[:place] + noise + data[place + len(noise) :], data[:place]):
        try:
            model, _ = parser_for(Thing).parse(damaged_data)
        except Unparsable:
            continue
        assert isinstance(model, Thing)
