"""Every class of results: what was sent comes back out of it, and out of every copy and pickle of it."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import product
from typing import Any, get_args

import httpx
import pytest
import yaml

import openai_assistants.types
from openai_assistants import BaseModel, Deviation, ResponseRecord, UnknownValue, UnknownVariant
from openai_assistants._models import annotate, parser_for

from .sampler import full, minimal
from .spec import (
    CODEGEN,
    VERSIONS,
    Schema,
    branch_of,
    document as document_of_specs,
    prefix,
    resolved,
    schema_named,
    walk,
)

KEY = "sk-marked-in-objects"
COPIES: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "model_copy": lambda value: value.model_copy(),
    "model_copy deep": lambda value: value.model_copy(deep=True),
    **{f"pickle {p}": lambda value, p=p: pickle.loads(pickle.dumps(value, p)) for p in range(6)},
}
HEADERS = httpx.Headers([("X-Request-Id", "req_1"), ("Set-Cookie", f"session={KEY}"), ("Via", "a"), ("Via", "b")])
EXTRA: dict[str, Any] = {
    "newer": {"deep": [1, 2.5, None, True, {"ü": "😀"}]},
    "text": "of the server",
    "citations": [1],
    "keys": None,
    "to_dict": 5,
    "_record": 6,
    "_deviations": [7],
    "model_config": {},
    "created_at_datetime": "x",
    "with space": "",
}
"""Fields that no spec has, some with the names of attributes of ours."""


EQUALS = {"type": "eq", "key": "colour", "value": "red"}
WITHIN_THEMSELVES: dict[str, tuple[Any, ...]] = {
    "shared.CompoundFilter": (
        {"type": "and", "filters": []},
        {"type": "or", "filters": [EQUALS, {"type": "newer", **EXTRA}, {"type": "and", "filters": [EQUALS]}], **EXTRA},
    )
}
"""Documents of classes that can hold themselves, of which there is no end of samples."""


@cache
def classes() -> dict[str, type[BaseModel]]:
    """All classes of results, by module and name."""
    found: dict[str, type[BaseModel]] = {}
    for info in pkgutil.walk_packages(openai_assistants.types.__path__, "openai_assistants.types."):
        for name, value in vars(import_module(info.name)).items():
            if inspect.isclass(value) and issubclass(value, BaseModel) and value.__module__ == info.name:
                found[f"{info.name.removeprefix('openai_assistants.types.')}.{name}"] = value
    return found


@cache
def schemas() -> dict[str, str]:
    """The schema of each class that has one. Their names are in no other file than the one that the generator reads."""
    versions = yaml.safe_load((CODEGEN / "sdk.yaml").read_text(encoding="utf-8"))["versions"]
    return {
        f"{prefix(version)}{content.get('results', topic)}.{entry['result']}": prefix(version) + schema
        for version in VERSIONS
        for topic, content in versions[version]["topics"].items()
        for schema, entry in content["schemas"].items()
        if "result" in entry
    }


@cache
def documents(name: str) -> tuple[Any, ...]:
    """What a server may send for a class: every form that the spec has, with newer fields and values, and the least."""
    if name not in schemas():
        tag = next(key for key, field in classes()[name].model_fields.items() if field.is_required())
        return {tag: "newer"}, {tag: "newer", **EXTRA}
    if name in WITHIN_THEMSELVES:
        return WITHIN_THEMSELVES[name]
    schema = schema_named(schemas()[name])
    forms = [(sample, with_extras(sample), with_newer_values(schema, sample)) for sample in full(schema)]
    return (*minimal(schema), *(document for each in forms for document in each))


def with_extras(value: Any) -> Any:
    """A value with newer fields in each object but those that may have any fields."""
    if isinstance(value, list):
        return [with_extras(item) for item in value]
    if not isinstance(value, dict) or not value or not all(key.isidentifier() for key in value):
        return value
    known = {key: with_extras(item) for key, item in value.items()}
    return {**{key: item for key, item in EXTRA.items() if key not in known}, **known}


def with_newer_values(schema: Schema, value: Any) -> Any:
    """A value with a newer one for each value of a list that may grow."""
    changed = copy.deepcopy(value)
    for path, inner, item in walk(schema, value):
        branch = branch_of(inner, item)
        if path and "enum" in branch and not is_tag(schema, value, path):
            holder = changed
            for step in path[:-1]:
                holder = holder[step]
            holder[path[-1]] = f"newer than {item}"
    return changed


def is_tag(schema: Schema, value: Any, path: tuple[Any, ...]) -> bool:
    """Whether a place holds what tells the members of a union apart."""
    holders = [branch_of(inner, item) for place, inner, item in walk(schema, value) if place == path[:-1]]
    return any((id(holder), path[-1]) in tags() for holder in holders)


@cache
def tags() -> set[tuple[int, str]]:
    """Members of unions with the property that tells them apart."""
    return {
        (id(resolved(member)), tag)
        for schema in document_of_specs()["components"]["schemas"].values()
        for tag in [schema.get("discriminator", {}).get("propertyName")]
        for member in schema.get("oneOf", ())
        if tag is not None
    }


def read(name: str, document: Any) -> Any:
    """A document read, with the answer that it came with."""
    model, deviations = parser_for(classes()[name]).parse(json.dumps(document).encode(), strict=True)
    assert deviations == ()
    return annotate(model, ResponseRecord(200, HEADERS))


def shape(value: Any) -> Any:
    """The types of a value and of everything in it; equality says nothing of them."""
    if isinstance(value, BaseModel):
        inner = {**vars(value), **(value.model_extra or {})}
        return type(value), {key: shape(item) for key, item in inner.items()}, frozenset(value.model_fields_set)
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return type(value)


each_class = pytest.mark.parametrize("name", sorted(classes()))


def test_every_class_has_a_schema_or_stands_for_the_unknown() -> None:
    unknown = {name for name, cls in classes().items() if issubclass(cls, UnknownVariant)}
    assert set(classes()) == (set(schemas()) & set(classes())) | unknown
    assert len(unknown) > 5
    assert len(classes()) > 120


@each_class
def test_what_was_sent_comes_out_again(name: str) -> None:
    for document in documents(name):
        model = read(name, document)
        assert model.to_dict() == document
        assert json.loads(model.to_json()) == document
        assert json.loads(model.to_json(indent=None)) == document
        assert model.model_dump(exclude_unset=True, by_alias=True) == document
        again = read(name, model.to_dict())
        assert again == model
        assert shape(again) == shape(model)
        assert type(model).model_validate(document) == model
        whole = model.to_dict(exclude_unset=False)
        assert list(model.to_dict(exclude_unset=False, exclude_none=True)) == [k for k in whole if whole[k] is not None]
        assert all(whole[key] is None for key in whole.keys() - document.keys())
        assert document.keys() <= whole.keys()


@each_class
def test_copies_are_whole(name: str) -> None:
    for document, duplicate in product(documents(name), COPIES.values()):
        model = read(name, document)
        again = duplicate(model)
        assert again is not model
        assert again == model
        assert shape(again) == shape(model)
        assert again.to_dict() == document
        assert repr(again) == repr(model)
        assert again._request_id == "req_1"
        assert again.response_record.status_code == 200
        assert again.response_record.headers["via"] == "a, b"
        assert again.deviations == ()


@each_class
def test_a_pickle_has_no_cookies(name: str) -> None:
    for protocol in range(6):
        assert KEY.encode() not in pickle.dumps(read(name, documents(name)[0]), protocol)


@each_class
def test_a_deep_copy_has_nothing_in_common_with_its_original(name: str) -> None:
    for document in documents(name):
        model = read(name, document)
        for deep in (copy.deepcopy(model), model.model_copy(deep=True), pickle.loads(pickle.dumps(model))):
            spoil(deep)
        assert model.to_dict() == document


def spoil(value: Any) -> None:
    """Change all that can be changed."""
    if isinstance(value, BaseModel):
        for inner in [*vars(value).values(), *(value.model_extra or {}).values()]:
            spoil(inner)
        value.__dict__.update(dict.fromkeys(vars(value)))
        (value.model_extra or {}).clear()
    elif isinstance(value, dict):
        for inner in value.values():
            spoil(inner)
        value["spoilt"] = True
    elif isinstance(value, list):
        for inner in value:
            spoil(inner)
        value.append("spoilt")


@each_class
def test_copies_keep_deviations(name: str) -> None:
    """Each field left out, and each field of a wrong type."""
    cls, odd = classes()[name], [["of another type"]]
    document = documents(name)[-1]
    for field, about in cls.model_fields.items():
        wire = about.alias or field
        changes = [{key: value for key, value in document.items() if key != wire}]
        if wire in document and not takes_anything(about.annotation):
            changes.append({**document, wire: odd})
        for sent in changes:
            model, deviations = parser_for(cls).parse(json.dumps(sent).encode())
            assert bool(deviations) == (wire in sent or (about.is_required() and wire in document))
            annotate(model, None, deviations)
            for duplicate in COPIES.values():
                again = duplicate(model)
                assert again.deviations == deviations
                assert all(type(each) is Deviation for each in again.deviations)
                assert again == model
                assert again.to_dict() == sent
                assert getattr(again, field) == (odd if wire in sent else None)


def takes_anything(annotation: Any) -> bool:
    """Whether nothing is a deviation."""
    return object in [annotation, *get_args(annotation)]


@each_class
def test_repr_is_readable(name: str) -> None:
    for document in documents(name):
        shown = repr(read(name, document))
        assert shown.startswith(f"{classes()[name].__name__}(")
        for key in document:
            assert f"{key}=" in shown or f"{key}_=" in shown
        assert KEY not in shown
        assert "\n" not in shown


def test_newer_values_and_members_are_among_the_samples() -> None:
    """The tests above would say nothing of them otherwise."""
    seen: set[type] = set()
    for name in classes():
        for document in documents(name):
            seen |= set(flat(shape(read(name, document))))
    assert UnknownValue in seen
    assert set(classes().values()) <= seen


def flat(found: Any) -> Iterator[type]:
    if isinstance(found, type):
        yield found
    elif isinstance(found, dict):
        for item in found.values():
            yield from flat(item)
    elif isinstance(found, (list, tuple)):
        for item in found:
            yield from flat(item)
