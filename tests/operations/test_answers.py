"""What each method gives: typed results that hold everything that was sent, and say where it was not as documented."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import httpx
import pytest

from openai_assistants import (
    AsyncCursorPage,
    AsyncPage,
    BaseModel,
    HttpxBinaryResponseContent,
    RunStreamError,
    SyncCursorPage,
    SyncPage,
    UnknownValue,
    UnknownVariant,
)
from openai_assistants.types import v1
from openai_assistants.types.beta import assistant_stream_event

from .flavours import FLAVOURS, Answer, Flavour, Outcome, answered, answered_by_events
from .sampler import full, minimal
from .spec import (
    JSON_TYPES,
    VERSIONS,
    Path_,
    Schema,
    answer_schema,
    branch_of,
    branches,
    event_schemas,
    is_null,
    is_union,
    item_schema,
    request_schema,
    tags,
    walk,
)
from .table import BY_ID, ROWS, Row
from .test_requests import CONTENT, FORMS, arguments_of, calling, each_flavour, each_row

PYTHON_NAMES = {"schema": "schema_"}
"""Fields that have another name in Python."""

NEW = "brand_new_😀"
"""A value that no version of the specs has."""


def call(flavour: Flavour, row: Row, answer: Answer, **more: Any) -> Outcome:
    """Call the method with what it needs."""
    body = FORMS.get(row.operation, {})
    if row.request == "json":
        body = arguments_of(row, minimal(request_schema(row))[0])
    ids = dict.fromkeys(row.path_arguments, "an id")
    arguments = {**ids, **(body if row.request != "none" else {}), **more}
    return flavour.call(answer, calling(row, arguments))


def objects_in(row: Row, value: Any) -> list[Any]:
    """The objects of an answer: the items of a list, else the one."""
    return value.data if row.answer == "list" else [value]


def envelope(row: Row, items: list[Any]) -> list[dict[str, Any]]:
    """Objects as answers: in one list, or an answer each."""
    if row.answer != "list":
        return items
    if row.has_cursor:
        cursor = {"first_id": items[0]["id"], "last_id": items[-1]["id"], "has_more": False}
        return [{"object": "list", "data": items, **cursor}]
    return [{**full(answer_schema(row))[0], "data": items}]


# ---- what a typed value must be --------------------------------------------------------------------------------------


def attribute(value: Any, wire: str) -> Any:
    """The field of a result."""
    return getattr(value, PYTHON_NAMES.get(wire, wire))


def check(value: Any, sent: Any, schema: Schema) -> None:
    """A typed value says what was sent, in the class of its own kind."""
    branch = branch_of(schema, sent)
    if isinstance(sent, dict) and "properties" in branch:
        assert isinstance(value, BaseModel)
        assert not isinstance(value, UnknownVariant)
        assert value.deviations == ()
        for name, tag in tags(branch).items():
            if is_union(schema):
                annotation = type(value).model_fields[name].annotation
                assert get_origin(annotation) is Literal
                assert get_args(annotation) == (tag,)
        for name, inner in branch["properties"].items():
            if name in sent:
                check(attribute(value, name), sent[name], inner)
            else:
                assert attribute(value, name) is None
        assert value.to_dict() == sent
        assert json.loads(value.to_json()) == sent
    elif isinstance(sent, dict):
        assert type(value) is dict
        assert value == sent
    elif isinstance(sent, list):
        assert type(value) is list
        for item, sent_item in zip(value, sent, strict=True):
            check(item, sent_item, branch["items"])
    else:
        assert not isinstance(value, UnknownValue), f"{value!r} is a listed value"
        assert value == sent
        assert isinstance(value, bool) == isinstance(sent, bool)
        assert type(value) is (float if branch["type"] == "number" else type(sent))


JSON_ROWS = [row for row in ROWS if row.answer != "binary"]
DISTINCT_ROWS = list({(row.result, row.answer == "list"): row for row in JSON_ROWS}.values())
"""One for each class, and one for each list of a class."""


@pytest.mark.parametrize("samples", [full, minimal], ids=["full", "minimal"])
@each_flavour
@each_row(*JSON_ROWS)
def test_documented_answers(row: Row, flavour: Flavour, samples: Any) -> None:
    """Every branch and every listed value comes back as what it is; a field that was left out is None."""
    for body in envelope(row, samples(item_schema(row))):
        outcome = call(flavour, row, answered(body))
        assert outcome.value.deviations == ()
        assert outcome.value.to_dict() == body
        sent = body["data"] if row.answer == "list" else [body]
        for value, sent_value in zip(objects_in(row, outcome.value), sent, strict=True):
            assert type(value) is row.result_class()
            check(value, sent_value, item_schema(row))
        check_page(row, flavour, outcome.value, body)


def check_page(row: Row, flavour: Flavour, value: Any, body: dict[str, Any]) -> None:
    """A list comes in a page of its kind."""
    if row.answer == "list":
        kinds = (SyncCursorPage, SyncPage) if flavour.name == "sync" else (AsyncCursorPage, AsyncPage)
        cursor, plain = kinds
        assert type(value) is (cursor if row.has_cursor else plain)
        assert (value.first_id, value.last_id) == (body.get("first_id"), body.get("last_id"))
        assert value.has_more == body.get("has_more")
        assert not value.has_next_page()


@each_flavour
@each_row(*(row for row in ROWS if row.has_cursor))
def test_lists_go_on_page_by_page(row: Row, flavour: Flavour) -> None:
    """The second page is asked for like the first, from the last item of that on."""
    items = [{**full(item_schema(row))[0], "id": f"id/{number} é"} for number in range(3)]
    pages = [{**envelope(row, items[:2])[0], "has_more": True}, envelope(row, items[2:])[0]]
    given = {name: value for name, value in (("limit", 2), ("order", "asc")) if name in row.query}

    def answer(request: httpx.Request) -> httpx.Response:
        return answered(pages["after" in request.url.params])(request)

    def everything(client: Any) -> Any:
        listed = row.bound(client)(**dict.fromkeys(row.path_arguments, "an id"), **given)
        return list(listed) if flavour.name == "sync" else collected(listed)

    async def collected(listed: Any) -> list[Any]:
        return [item async for item in listed]

    outcome = flavour.call(answer, everything)
    assert [item.to_dict() for item in outcome.value] == items
    assert {type(item) for item in outcome.value} == {row.result_class()}
    first, second = outcome.requests
    assert dict(first.url.params) == {name: str(value) for name, value in given.items()}
    assert dict(second.url.params) == {**first.url.params, "after": "id/1 é"}
    assert first.url.path == second.url.path


@each_flavour
def test_a_download_gives_the_bytes(flavour: Flavour) -> None:
    row = BY_ID["downloadFile"]
    outcome = call(flavour, row, answered(CONTENT, binary=True))
    assert type(outcome.value) is row.result_class() is HttpxBinaryResponseContent
    assert outcome.value.content == outcome.value.read() == CONTENT
    assert b"".join(outcome.value.iter_bytes(3)) == CONTENT


# ---- answers from a newer server -------------------------------------------------------------------------------------


def replaced(document: Any, path: Path_, value: Any) -> Any:
    """A copy with another value at a path."""
    if not path:
        return value
    result = copy.deepcopy(document)
    holder: Any = result
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return result


def at(value: Any, path: Path_) -> Any:
    """What a typed value has at a path."""
    for step in path:
        value = value[step] if isinstance(value, (list, dict)) else attribute(value, str(step))
    return value


def open_lists(schema: Schema, sent: Any) -> dict[Path_, str]:
    """Where a listed value stands that may be another one in future, and which it is."""
    return {path: value for path, node, value in walk(schema, sent) if "enum" in branch_of(node, value)}


def open_unions(schema: Schema, sent: Any) -> dict[Path_, str]:
    """Where a tagged object stands, and the name of its tag."""
    return {
        path: next(iter(tags(branch_of(node, value))))
        for path, node, value in walk(schema, sent)
        if is_union(node) and isinstance(value, dict)
    }


def with_extras(schema: Schema, sent: Any) -> Any:
    """The same with an unknown field in every object of a known form."""
    result = copy.deepcopy(sent)
    for path, node, value in walk(schema, sent):
        if "properties" in branch_of(node, value):
            holder = functools.reduce(lambda inner, step: inner[step], path, result)
            holder["x_new"] = {"at": list(path), "list": [1, None]}
    return result


@each_flavour
@each_row(*JSON_ROWS)
def test_unknown_fields_are_kept(row: Row, flavour: Flavour) -> None:
    schema = item_schema(row)
    bodies = envelope(row, [with_extras(schema, sample) for sample in full(schema)])
    for body in bodies:
        outcome = call(flavour, row, answered(body))
        assert outcome.value.to_dict() == body
        assert outcome.value.deviations == ()
        sent = body["data"] if row.answer == "list" else [body]
        for value, sent_value in zip(objects_in(row, outcome.value), sent, strict=True):
            assert value.x_new == {"at": [], "list": [1, None]}
            check(value, sent_value, schema)


@each_row(*DISTINCT_ROWS)
def test_unknown_values_of_lists_are_kept(row: Row) -> None:
    schema = item_schema(row)
    for sample in full(schema)[:1]:
        for path, known in open_lists(schema, sample).items():
            body = envelope(row, [replaced(sample, path, NEW)])[0]
            outcome = call(FLAVOURS[0], row, answered(body))
            assert outcome.value.deviations == (), path
            assert outcome.value.to_dict() == body
            (value,) = objects_in(row, outcome.value)
            assert type(at(value, path)) is UnknownValue, f"{path} ({known})"
            assert at(value, path) == NEW


@each_row(*DISTINCT_ROWS)
def test_unknown_members_of_unions_are_kept(row: Row) -> None:
    schema = item_schema(row)
    for sample in full(schema)[:4]:
        for path, tag in open_unions(schema, sample).items():
            payload = {tag: NEW, "fresh": {"deep": [1, {"x": None}]}}
            body = envelope(row, [replaced(sample, path, payload)])[0]
            outcome = call(FLAVOURS[0], row, answered(body))
            assert outcome.value.deviations == (), path
            assert outcome.value.to_dict() == body
            (value,) = objects_in(row, outcome.value)
            unknown = at(value, path)
            assert isinstance(unknown, UnknownVariant), path
            assert type(unknown).__name__.startswith("Unknown")
            assert getattr(unknown, tag) == NEW
            assert unknown.fresh == payload["fresh"]


# ---- answers that are wrong ------------------------------------------------------------------------------------------


CANDIDATES = (7, "text", {}, [])
WRONG: dict[str, Any] = {"string": 7, "integer": "7", "number": "7", "boolean": "true", "array": {}, "object": "text"}


def wrong_values(schema: Schema, sent: Any) -> Iterator[tuple[Path_, Any]]:
    """The places of an answer, each with a value that must not be there: of another type; null."""
    holders = {path: branch_of(node, value) for path, node, value in walk(schema, sent)}
    for path, node, value in walk(schema, sent):
        if path and value is not None:
            kinds = {branch["type"] for branch in branches(node)}
            allowed = tuple(kind for name in kinds for kind in JSON_TYPES[name])
            first = WRONG[branch_of(node, value)["type"]]
            yield path, next(each for each in (first, *CANDIDATES) if not isinstance(each, allowed))
            optional = isinstance(path[-1], str) and path[-1] not in holders[path[:-1]].get("required", ())
            if "null" not in kinds and not optional:
                yield path, None


def shown(row: Row, path: Path_) -> str:
    """A path as deviations write it."""
    text = "data[0]" if row.answer == "list" else ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


@each_row(*DISTINCT_ROWS)
def test_a_value_of_a_wrong_type_is_kept_and_reported(row: Row) -> None:
    """So no annotation is wider than the specs."""
    schema = item_schema(row)
    sample = full(schema)[0]
    for path, wrong in wrong_values(schema, sample):
        body = envelope(row, [replaced(sample, path, wrong)])[0]
        outcome = call(FLAVOURS[0], row, answered(body))
        assert shown(row, path) in {deviation.path for deviation in outcome.value.deviations}, (path, wrong)
        (value,) = objects_in(row, outcome.value)
        assert at(value, path) == wrong


@each_row(*DISTINCT_ROWS)
def test_a_required_field_that_is_missing_is_reported(row: Row) -> None:
    schema = item_schema(row)
    for sample in minimal(schema)[:1]:
        for name in sample:
            body = envelope(row, [sample])[0] if row.answer != "list" else {"object": "list", "data": [sample]}
            body = copy.deepcopy(body)
            (body["data"][0] if row.answer == "list" else body).pop(name)
            outcome = call(FLAVOURS[0], row, answered(body))
            (value,) = objects_in(row, outcome.value)
            assert attribute(value, name) is None
            nullable = any(map(is_null, branches(branch_of(schema, sample)["properties"][name])))
            paths = {deviation.path for deviation in outcome.value.deviations}
            assert paths == (set() if nullable else {shown(row, (name,))})


# ---- streams ---------------------------------------------------------------------------------------------------------


STREAM_ROWS = [row for row in ROWS if row.streams]
EVENTS = {version: event_schemas(version) for version in VERSIONS}
DELIVERED = [name for name in EVENTS["v2"] if name not in ("error", "done")]
MODULES: dict[str, Any] = {"v1": v1, "v2": assistant_stream_event}
"""Where programs import the classes of events from."""


def class_of(name: str, version: str) -> Any:
    """The class of an event, from where programs import it: thread.run.in_progress -> ThreadRunInProgress."""
    words = name.replace(".", "_").split("_")
    return getattr(MODULES[version], "".join(word.capitalize() for word in words))


@pytest.mark.parametrize("version", VERSIONS)
def test_there_are_25_events_each_with_a_class_of_its_own(version: str) -> None:
    assert len(EVENTS[version]) == 25
    assert len({class_of(name, version) for name in DELIVERED} | {MODULES[version].ErrorEvent}) == 24


@pytest.mark.parametrize("samples", [full, minimal], ids=["full", "minimal"])
@each_flavour
@each_row(*STREAM_ROWS)
def test_streams_give_every_event_in_its_class(row: Row, flavour: Flavour, samples: Any) -> None:
    sent = [(name, sample["data"]) for name in DELIVERED for sample in samples(EVENTS[row.version][name])]
    end = [("done", "[DONE]"), ("thread.created", {"never": "delivered"})]
    outcome = call(flavour, row, answered_by_events(*sent, *end), stream=True)
    assert json.loads(outcome.request.content)["stream"] is True
    assert len(outcome.events) == len(sent)
    for event, (name, data) in zip(outcome.events, sent, strict=True):
        assert type(event) is class_of(name, row.version)
        assert event.event == name
        check(event, {"event": name, "data": data}, EVENTS[row.version][name])


def changed_events(version: str, places: Any, new: Any) -> Iterator[tuple[str, Any, Path_]]:
    """Events in which one thing is unknown: name, data, where. Each kind of place once for each event."""
    for name in DELIVERED:
        schema = EVENTS[version][name]["properties"]["data"]
        seen: set[Path_] = set()
        for sample in full(EVENTS[version][name]):
            for path, what in places(schema, sample["data"]).items():
                kind = tuple("*" if isinstance(step, int) else step for step in path)
                if kind not in seen:
                    seen.add(kind)
                    yield name, replaced(sample["data"], path, new(what)), path


@each_flavour
@each_row(*STREAM_ROWS)
def test_streams_keep_what_is_unknown(row: Row, flavour: Flavour) -> None:
    events = EVENTS[row.version]
    sent: list[tuple[str, Any]] = [("thread.brand.new", {"id": "x", "deep": [1, None]})]
    for name in DELIVERED:
        sent += [(name, with_extras(events[name], sample)["data"]) for sample in full(events[name])[:2]]
    outcome = call(flavour, row, answered_by_events(*sent, ("done", "[DONE]")), stream=True)
    unknown, *known = outcome.events
    assert isinstance(unknown, UnknownVariant)
    assert type(unknown) is MODULES[row.version].UnknownStreamEvent
    assert (unknown.event, unknown.data) == sent[0]
    for event, (name, data) in zip(known, sent[1:], strict=True):
        assert type(event) is class_of(name, row.version)
        assert event.data.x_new == {"at": ["data"], "list": [1, None]}
        assert event.to_dict() == {"event": name, "data": data}
        assert event.deviations == ()


@pytest.mark.parametrize(
    ("places", "new", "kind"),
    [
        (open_lists, lambda value: NEW, UnknownValue),
        (open_unions, lambda tag: {tag: NEW, "fresh": [1]}, UnknownVariant),
    ],
    ids=["values", "members"],
)
@each_row(*STREAM_ROWS)
def test_events_keep_unknown_values_and_members(row: Row, places: Any, new: Any, kind: Any) -> None:
    sent = list(changed_events(row.version, places, new))
    stream = answered_by_events(*((name, data) for name, data, _ in sent), ("done", "[DONE]"))
    outcome = call(FLAVOURS[0], row, stream, stream=True)
    for event, (name, data, path) in zip(outcome.events, sent, strict=True):
        assert type(event) is class_of(name, row.version)
        assert isinstance(at(event.data, path), kind), (name, path)
        assert event.to_dict() == {"event": name, "data": data}
        assert event.deviations == ()


@each_flavour
@each_row(*STREAM_ROWS)
def test_an_error_event_raises(row: Row, flavour: Flavour) -> None:
    run = full(EVENTS[row.version]["thread.run.queued"])[0]["data"]
    for sample in full(EVENTS[row.version]["error"]):
        error = sample["data"]
        stream = answered_by_events(("thread.run.queued", run), ("error", error), ("thread.run.failed", run))
        body = arguments_of(row, minimal(request_schema(row))[0])
        arguments = {**dict.fromkeys(row.path_arguments, "an id"), **body, "stream": True}
        outcome = flavour.call(stream, calling(row, arguments), raises=RunStreamError)
        assert [event.event for event in outcome.events] == ["thread.run.queued"]
        raised = outcome.error
        assert isinstance(raised, RunStreamError)
        assert (raised.code, raised.param, raised.type) == (error["code"], error["param"], error["type"])
        assert error["message"] in raised.message
        assert raised.body == error


@each_flavour
@each_row(*STREAM_ROWS)
@pytest.mark.parametrize("stream", [False, None])
def test_without_stream_the_answer_is_the_run(row: Row, flavour: Flavour, stream: bool | None) -> None:
    body = full(answer_schema(row))[0]
    outcome = call(flavour, row, answered(body), stream=stream)
    assert type(outcome.value) is row.result_class()
    assert json.loads(outcome.request.content)["stream"] is stream
