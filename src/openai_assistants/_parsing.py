"""From bytes to typed results: one pass of pydantic-core; a repair only when the answer breaks the API's documents."""

from __future__ import annotations

import typing
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Callable, Generic, TypeGuard, TypeVar, Union, cast

import pydantic
from pydantic import TypeAdapter
from pydantic_core import CoreSchema, SchemaValidator, ValidationError, core_schema

from ._forks import ForkSafeLock

if TYPE_CHECKING:  # what deviates is the exception, and so is what reads it
    from ._deviations import Odd, Repaired
    from ._models import Deviation
    from ._tolerance import Tolerance

T = TypeVar("T")

SHOWN_ERRORS = 50
SHOWN_CHARACTERS = 300

_building = ForkSafeLock()
"""pydantic builds a deferred class in place; two threads must not do it at once."""


_FEW_REPEATED = pydantic.ConfigDict(cache_strings="keys")
"""For events, which are read one by one: looking for a value among earlier ones costs more than it saves."""


class Unparsable(Exception):
    """The bytes cannot be read as the expected type; `errors` says where and why."""

    def __init__(self, errors: tuple[Deviation, ...]) -> None:
        from ._text import one_line

        shown = [one_line(str(each), SHOWN_CHARACTERS) for each in errors[:SHOWN_ERRORS]]
        more = [f"and {len(errors) - SHOWN_ERRORS} more"] if len(errors) > SHOWN_ERRORS else []
        super().__init__("; ".join(shown + more))
        self.errors = errors


class Parser(Generic[T]):
    """Reads bytes as one type. Strictly first; what deviates is repaired and reported, or refused in strict mode."""

    def __init__(self, schema: CoreSchema, validator: SchemaValidator | None = None) -> None:
        self._schema = schema
        self._validator = validator or SchemaValidator(schema)
        self._lenient: SchemaValidator | None = None
        self._tolerance: Tolerance | None = None
        self.validate: Callable[[bytes], T] = self._validator.validate_json
        """The object, if nothing deviates; otherwise pydantic's own error. `parse` tells more."""

    def parse(self, data: bytes | bytearray, *, strict: bool = False) -> tuple[T, tuple[Deviation, ...]]:
        """The object, and where it deviates.

        Raises:
            Unparsable: Not JSON, or nothing like the type; in strict mode anything that deviates.
        """
        if self._tolerance is not None and not strict:
            found = self._tolerance.read(data)
            if found is not None:
                return cast("tuple[T, tuple[Deviation, ...]]", found)
        try:
            return cast("T", self._validator.validate_json(data)), ()
        except ValidationError as error:
            from ._deviations import repair

            result = repair(data, error, self._validator, self._lenient_validator)
        if strict or not result.usable:
            raise Unparsable(result.deviations)
        self._learn(result.odd)
        return cast("Repaired[T]", result).value, result.deviations

    def _learn(self, odd: tuple[Odd, ...]) -> None:
        """Be ready for the same deviations: the next answer is likely to have them, too."""
        from ._tolerance import Tolerance

        tolerance = self._tolerance or Tolerance(self._schema)
        with _building:
            self._tolerance = tolerance.extended(odd) or self._tolerance

    def _lenient_validator(self) -> SchemaValidator:
        if self._lenient is None:
            from ._lenient import without_required

            self._lenient = SchemaValidator(cast("CoreSchema", without_required(self._schema)))
        return self._lenient


@cache
def parser_for(into: Any) -> Parser[Any]:
    """The parser of a model class, an annotated union or any other type that pydantic knows."""
    with _building:
        if is_model(into):
            schema = _schema_of(into)
            return Parser(schema, cast("SchemaValidator", into.__pydantic_validator__))
        adapter: TypeAdapter[Any] = TypeAdapter(into, config=_FEW_REPEATED if _is_marked_union(into) else None)
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


def _is_marked_union(into: Any) -> bool:
    """Whether a type is a union with something to tell its members by, as that of the events."""
    return typing.get_origin(into) is Annotated and typing.get_origin(into.__origin__) in (Union, UnionType)


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
