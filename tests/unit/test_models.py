"""Models: open enums, open tagged unions, strict scalars, round trips, the record of the answer."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Annotated, Any, Callable, Literal

import httpx
import pydantic
import pytest

from openai_assistants import BaseModel, Deviation, ResponseRecord, UnknownValue, UnknownVariant
from openai_assistants._models import AnyTag, OneOf, Timestamp, Unparsable, annotate, parser_for

COPIES: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "model_copy": lambda model: model.model_copy(deep=True),
    **{f"pickle{p}": lambda value, p=p: pickle.loads(pickle.dumps(value, p)) for p in (2, 4, 5)},
}
each_copy = pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)

Status = Literal["queued", "completed"] | UnknownValue


class TextBlock(BaseModel):
    """A known member."""

    type: Literal["text"]
    text: str


class ImageBlock(BaseModel):
    """A member with two tags."""

    type: Literal["image_file", "image_url"]
    size: int


class UnknownBlock(UnknownVariant):
    """Any newer member."""

    type: Annotated[str, AnyTag]


Block = Annotated[TextBlock | ImageBlock | UnknownBlock, OneOf("type")]
Choice = Annotated[Literal["auto", "none"] | UnknownValue | TextBlock | UnknownBlock, OneOf("type")]


class Thing(BaseModel):
    """A bit of everything."""

    id: str
    status: Status
    content: list[Block] | None = None
    choice: Choice | None = None
    created_at: Timestamp | None = None
    done: bool | None = None
    count: int | None = None
    ratio: float | None = None
    metadata: dict[str, str] | None = None
    class_: str | None = pydantic.Field(default=None, alias="class")
    sub: Thing | None = None


def read(into: Any, value: Any) -> Any:
    """A document that keeps to the API, read."""
    model, deviations = parser_for(into).parse(json.dumps(value).encode(), strict=True)
    assert deviations == ()
    return model


def thing(**fields: Any) -> Thing:
    return read(Thing, {"id": "thing_1", "status": "queued", **fields})


def test_a_known_value_of_an_enum_is_a_plain_string() -> None:
    assert type(thing(status="queued").status) is str


@each_copy
def test_a_newer_value_of_an_enum_is_marked_and_equals_its_string(duplicate: Callable[[Any], Any]) -> None:
    model = duplicate(thing(status="paused"))
    assert isinstance(model.status, UnknownValue)
    assert model.status == "paused"
    assert hash(model.status) == hash("paused")
    assert {"paused": 1}[model.status] == 1
    assert str(model.status) == f"{model.status}" == "paused"
    assert repr(model.status) == "UnknownValue('paused')"
    assert model.to_dict() == {"id": "thing_1", "status": "paused"}
    assert type(model.to_dict()["status"]) is str


@pytest.mark.parametrize(
    ("sent", "cls"),
    [
        ({"type": "text", "text": "x"}, TextBlock),
        ({"type": "image_file", "size": 1}, ImageBlock),
        ({"type": "image_url", "size": 1}, ImageBlock),
        ({"type": "audio", "text": 5, "size": "x", "deep": {"a": [1, None]}}, UnknownBlock),
        ({"type": ""}, UnknownBlock),
    ],
)
def test_a_tagged_union_is_read_by_its_tag(sent: dict[str, Any], cls: type) -> None:
    (block,) = thing(content=[sent]).content or []
    assert type(block) is cls
    assert block.to_dict() == sent


@each_copy
def test_an_unknown_member_keeps_all_that_was_sent(duplicate: Callable[[Any], Any]) -> None:
    sent = {"type": "audio", "voice": {"name": "x", "tags": ["a"]}, "to_dict": 1, "_odd": None, "with space": 2}
    block = duplicate(read(Block, sent))
    assert isinstance(block, UnknownBlock)
    assert block.type == "audio"
    assert block.voice == {"name": "x", "tags": ["a"]}
    assert block.to_dict() == sent
    assert json.loads(block.to_json()) == sent
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = block.nothing_of_the_kind


@pytest.mark.parametrize(
    "sent",
    [
        {"type": "text"},
        {"type": "text", "text": None},
        {"type": "text", "text": 5},
        {"type": "image_file", "size": "1"},
        {"type": "image_url"},
    ],
)
def test_a_known_tag_with_a_broken_payload_is_never_read_as_unknown(sent: dict[str, Any]) -> None:
    block, deviations = parser_for(Block).parse(json.dumps(sent).encode())
    assert type(block) in (TextBlock, ImageBlock)
    assert len(deviations) == 1
    with pytest.raises(Unparsable):
        parser_for(Block).parse(json.dumps(sent).encode(), strict=True)


def test_a_known_tag_is_not_taken_by_the_unknown_class_when_a_program_builds_it() -> None:
    with pytest.raises(pydantic.ValidationError):
        Thing.model_validate({"id": "x", "status": "queued", "content": [{"type": "text"}]})


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("auto", str),
        ("required", UnknownValue),
        ({"type": "text", "text": "x"}, TextBlock),
        ({"type": "newer", "x": 1}, UnknownBlock),
    ],
)
def test_a_union_of_strings_and_models(sent: Any, expected: type) -> None:
    model = thing(choice=sent)
    assert type(model.choice) is expected
    assert model.to_dict()["choice"] == sent


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("count", "5"),
        ("count", 5.0),
        ("count", 5.5),
        ("count", True),
        ("done", 1),
        ("done", 0),
        ("done", "true"),
        ("ratio", "0.5"),
        ("ratio", True),
        ("id", 5),
        ("created_at", "5"),
        ("created_at", True),
        ("created_at", 1.5),
        ("created_at", 1_700_000_000_000),
        ("metadata", {"a": 1}),
    ],
)
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_scalars_are_strict_at_every_depth(field: str, value: object, depth: int) -> None:
    document: dict[str, Any] = {"id": "x", "status": "queued", field: value}
    for _ in range(depth):
        document = {"id": "x", "status": "queued", "sub": document}
    with pytest.raises(Unparsable) as caught:
        parser_for(Thing).parse(json.dumps(document).encode(), strict=True)
    path = "sub." * depth + field + (".a" if field == "metadata" else "")
    assert [error.path for error in caught.value.errors] == [path]


class Oddly(BaseModel):
    """Field names that are words of pydantic's schemas."""

    metadata: int
    default: int
    config: bool
    cls: float
    schema_: int = pydantic.Field(alias="schema")


@pytest.mark.parametrize("field", ["metadata", "default", "config", "cls", "schema"])
def test_scalars_are_strict_whatever_the_field_is_called(field: str) -> None:
    good: dict[str, Any] = {"metadata": 1, "default": 1, "config": True, "cls": 1.0, "schema": 1}
    assert read(Oddly, good).to_dict() == good
    with pytest.raises(Unparsable) as caught:
        parser_for(Oddly).parse(json.dumps({**good, field: "1"}).encode(), strict=True)
    assert [error.path for error in caught.value.errors] == [field]


@pytest.mark.parametrize("moment", [0, -1, 1, 1_700_000_000, 99_999_999_999])
def test_timestamp(moment: int) -> None:
    created_at = thing(created_at=moment).created_at
    assert created_at == moment
    assert type(created_at) is int


def test_numbers_of_a_float_field() -> None:
    assert thing(ratio=1).ratio == 1.0
    assert thing(ratio=0.25).to_dict()["ratio"] == 0.25


def test_programs_may_build_results_from_plain_data() -> None:
    model = Thing(id="x", status="queued", content=[{"type": "text", "text": "a"}], sub={"id": "y", "status": "new"})
    assert isinstance((model.content or [])[0], TextBlock)
    assert model.sub is not None and isinstance(model.sub.status, UnknownValue)


FULL: dict[str, Any] = {
    "id": "thing_1",
    "status": "paused",
    "content": [{"type": "text", "text": "x", "new": 1}, {"type": "audio", "a": {"b": []}}],
    "choice": {"type": "newer"},
    "created_at": None,
    "count": 0,
    "metadata": {},
    "class": "c",
    "sub": {"id": "y", "status": "completed", "extra": [{"deep": None}]},
    "extra": {"deep": [1, 2.5, None, True, "x"]},
}


@each_copy
def test_round_trip(duplicate: Callable[[Any], Any]) -> None:
    model = read(Thing, FULL)
    again = duplicate(model)
    assert again == model
    assert type(again) is Thing
    assert again.to_dict() == FULL
    assert json.loads(again.to_json()) == FULL
    assert again.extra == FULL["extra"]
    assert again.model_fields_set == model.model_fields_set
    assert read(Thing, again.to_dict()) == model


def test_fields_that_were_not_sent_are_none_and_stay_out_of_the_dict() -> None:
    model = thing()
    assert model.created_at is None
    assert model.to_dict() == {"id": "thing_1", "status": "queued"}
    assert model.to_dict(exclude_unset=False)["created_at"] is None
    assert thing(created_at=None).to_dict() == {"id": "thing_1", "status": "queued", "created_at": None}
    assert thing(created_at=None).to_dict(exclude_none=True) == {"id": "thing_1", "status": "queued"}


def test_names_of_python_and_of_the_api() -> None:
    model = thing(**{"class": "c"})
    assert model.class_ == "c"
    assert model.to_dict()["class"] == "c"
    assert model.to_dict(use_api_names=False)["class_"] == "c"
    assert Thing(id="x", status="queued", class_="d").to_dict()["class"] == "d"


def test_json_text() -> None:
    assert thing().to_json(indent=None) == '{"id":"thing_1","status":"queued"}'
    assert thing().to_json() == '{\n  "id": "thing_1",\n  "status": "queued"\n}'


HEADERS = httpx.Headers([("X-Request-Id", "req_1"), ("Set-Cookie", "s=marked"), ("Via", "a"), ("Via", "b")])


@each_copy
def test_the_record_of_the_answer_survives(duplicate: Callable[[Any], Any]) -> None:
    deviation = Deviation("a[0].b", "Field required", None)
    model = duplicate(annotate(thing(), ResponseRecord(201, HEADERS), (deviation,)))
    assert model.deviations == (deviation,)
    record = model.response_record
    assert record is not None
    assert (record.status_code, record.request_id, model._request_id) == (201, "req_1", "req_1")
    assert record.headers["X-Request-Id"] == record.headers["x-request-id"] == "req_1"
    assert record.headers.get("VIA") == "a, b"
    assert model.to_dict() == {"id": "thing_1", "status": "queued"}


def test_a_pickled_record_has_no_cookies() -> None:
    assert b"marked" not in pickle.dumps(annotate(thing(), ResponseRecord(200, HEADERS)))


@each_copy
def test_a_model_without_an_answer_has_no_record(duplicate: Callable[[Any], Any]) -> None:
    model = duplicate(thing())
    assert model.response_record is None
    assert model._request_id is None
    assert model.deviations == ()


def test_the_record_does_not_count_when_models_are_compared() -> None:
    assert annotate(thing(), ResponseRecord(200, HEADERS)) == thing()


def test_fields_of_these_names_from_a_server_do_not_hide_ours() -> None:
    sent = {"deviations": ["x"], "response_record": 5, "_request_id": 7}
    model = thing(**sent)
    assert model.deviations == ()
    assert model.response_record is None
    assert model.to_dict() == {"id": "thing_1", "status": "queued", **sent}
