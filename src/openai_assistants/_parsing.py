"""From bytes to typed results: one pass of pydantic-core; a repair only when the answer breaks the API's documents."""

from __future__ import annotations

from functools import cache
from typing import Any, Callable, Generic, TypeGuard, TypeVar, cast

import pydantic
from pydantic import TypeAdapter
from pydantic_core import CoreSchema, SchemaValidator, ValidationError, core_schema

from ._deviations import Repaired, repair
from ._forks import ForkSafeLock
from ._guards import is_dict, is_sequence
from ._models import NO_SCHEMAS, Deviation

T = TypeVar("T")

_building = ForkSafeLock()
"""pydantic builds a deferred class in place; two threads must not do it at once."""


class Unparsable(Exception):
    """The bytes cannot be read as the expected type; `errors` says where and why."""

    def __init__(self, errors: tuple[Deviation, ...]) -> None:
        super().__init__("; ".join(map(str, errors)))
        self.errors = errors


class Parser(Generic[T]):
    """Reads bytes as one type. Strictly first; what deviates is repaired and reported, or refused in strict mode."""

    def __init__(self, schema: CoreSchema, validator: SchemaValidator | None = None) -> None:
        self._schema = schema
        self._validator = validator or SchemaValidator(schema)
        self._lenient: SchemaValidator | None = None
        self.validate: Callable[[bytes], T] = self._validator.validate_json
        """The object, if nothing deviates; otherwise pydantic's own error. `parse` tells more."""

    def parse(self, data: bytes | bytearray, *, strict: bool = False) -> tuple[T, tuple[Deviation, ...]]:
        """The object, and where it deviates.

        Raises:
            Unparsable: Not JSON, or nothing like the type; in strict mode anything that deviates.
        """
        try:
            return cast("T", self._validator.validate_json(data)), ()
        except ValidationError as error:
            result = repair(data, error, self._validator, self._lenient_validator)
        if strict or not result.usable:
            raise Unparsable(result.deviations)
        return cast("Repaired[T]", result).value, result.deviations

    def _lenient_validator(self) -> SchemaValidator:
        if self._lenient is None:
            self._lenient = SchemaValidator(cast("CoreSchema", _without_required(self._schema)))
        return self._lenient


@cache
def parser_for(into: Any) -> Parser[Any]:
    """The parser of a model class, an annotated union or any other type that pydantic knows."""
    with _building:
        if is_model(into):
            schema = _schema_of(into)
            return Parser(schema, cast("SchemaValidator", into.__pydantic_validator__))
        adapter: TypeAdapter[Any] = TypeAdapter(into)
        return Parser(adapter.core_schema, cast("SchemaValidator", adapter.validator))


@cache
def page_parser(item: Any) -> Parser[dict[str, Any]]:
    """The parser of a list answer whose items are `item`: a plain dict with `data` and whatever else was sent."""
    with _building:
        return Parser(
            _embed(
                item,
                lambda schema: core_schema.typed_dict_schema(
                    {
                        "data": core_schema.typed_dict_field(core_schema.list_schema(schema)),
                        "has_more": _optional(core_schema.bool_schema(strict=True)),
                        "first_id": _optional(core_schema.str_schema()),
                        "last_id": _optional(core_schema.str_schema()),
                    },
                    extra_behavior="allow",
                ),
            )
        )


def is_model(into: object) -> TypeGuard[type[pydantic.BaseModel]]:
    """Whether a type is a model class."""
    return isinstance(into, type) and issubclass(into, pydantic.BaseModel)


def _optional(schema: CoreSchema) -> core_schema.TypedDictField:
    return core_schema.typed_dict_field(core_schema.nullable_schema(schema), required=False)


def _embed(into: Any, wrap: Callable[[CoreSchema], CoreSchema]) -> CoreSchema:
    """The schema of a type inside another one; shared definitions are lifted to the top."""
    schema: CoreSchema = _schema_of(into) if is_model(into) else TypeAdapter[Any](into).core_schema
    if schema["type"] == "definitions":
        return core_schema.definitions_schema(wrap(schema["schema"]), schema["definitions"])
    return wrap(schema)


def _schema_of(model: type[pydantic.BaseModel]) -> CoreSchema:
    if not model.__pydantic_complete__:
        model.model_rebuild()
    return model.__pydantic_core_schema__


def _without_required(node: Any) -> Any:
    """The same schema in which a field that was left out is `None`."""
    if is_dict(node):
        schema = node
        kind = schema.get("type")
        if kind == "model":
            return _built_by_hand(schema)
        if kind in ("model-fields", "typed-dict"):
            fields = {name: _not_required(field, kind) for name, field in schema["fields"].items()}
            return {**schema, "fields": fields, "extra_behavior": "allow"}
        if kind == "tagged-union":
            return {**schema, "choices": {tag: _without_required(choice) for tag, choice in schema["choices"].items()}}
        return {key: value if key in NO_SCHEMAS else _without_required(value) for key, value in schema.items()}
    if is_sequence(node):
        return type(node)(_without_required(item) for item in node)
    return node


def _built_by_hand(schema: dict[str, Any]) -> dict[str, Any]:
    """A model whose fields are validated leniently. Left to pydantic-core, the class would be validated by its own
    validator, which insists on required fields."""
    model = cast("type[pydantic.BaseModel]", schema["cls"])
    if not model.__pydantic_complete__:  # its instances must be able to serialize themselves
        model.model_rebuild()

    def build(parts: tuple[dict[str, Any], dict[str, Any] | None, set[str]]) -> pydantic.BaseModel:
        fields, extra, fields_set = parts
        instance = model.__new__(model)
        object.__setattr__(instance, "__dict__", fields)
        object.__setattr__(instance, "__pydantic_extra__", extra)
        object.__setattr__(instance, "__pydantic_fields_set__", fields_set)
        object.__setattr__(instance, "__pydantic_private__", None)
        return instance

    built: dict[str, Any] = {
        "type": "function-after",
        "function": {"type": "no-info", "function": build},
        "schema": _without_required(schema["schema"]),
    }
    return {**built, "ref": schema["ref"]} if "ref" in schema else built


def _not_required(field: dict[str, Any], kind: str) -> dict[str, Any]:
    schema = _without_required(field["schema"])
    if field.get("required") is False:  # of a plain dict, which says by itself what was sent
        return {**field, "schema": schema}
    if schema["type"] != "default":
        schema = {"type": "default", "schema": schema, "default": None}
    changed = {**field, "schema": schema}
    if kind == "typed-dict":
        changed["required"] = False
    return changed
