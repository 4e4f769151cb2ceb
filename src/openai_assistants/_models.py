"""What all result types are built on: the base model, open enums, open tagged unions, timestamps.

Answers are validated from bytes by pydantic-core in one pass. The models are open: fields that the specs do not know
are kept, a newer enum value becomes an `UnknownValue`, a newer member of a tagged union its `Unknown...` class.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Callable,
    ClassVar,
    Generic,
    Iterable,
    Iterator,
    Literal,
    Mapping,
    NoReturn,
    Protocol,
    TypeGuard,
    TypeVar,
    Union,
    cast,
    overload,
)

import pydantic
from pydantic import ConfigDict, GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, PydanticCustomError, SchemaValidator, ValidationError, core_schema

from ._basics import ForkSafeLock, is_dict, is_sequence, undisturbed

if TYPE_CHECKING:
    import httpx
    from typing_extensions import Self

    from ._citations import Citation
    from ._deviations import Odd, Repaired, Tolerance

# Labels in the locations of pydantic's errors; no key of a JSON object looks like them.
TAGGED_LABEL = "\0tagged"
"""The next part of the location is a tag, not a key."""
OTHER_LABEL = "\0other"

TIMESTAMP_ERROR = "timestamp"
KNOWN_TAG_ERROR = "known_tag"
LATEST_SECOND = 10**11
"""Seconds since 1970 stay below this for three thousand years; milliseconds have been above it since 1973."""


@dataclass(frozen=True, slots=True)
class ResponseRecord:
    """What is remembered of the HTTP answer that a result came with."""

    status_code: int
    headers: Mapping[str, str]

    @property
    def request_id(self) -> str | None:
        """The server's id of the request, to quote in a bug report."""
        return self.headers.get("x-request-id")

    def __reduce__(self) -> tuple[Any, ...]:
        headers = cast("httpx.Headers", self.headers)
        # As bytes, since not all headers are ASCII.
        kept = [(name, value) for name, value in headers.raw if name.lower() != b"set-cookie"]
        return _restore_record, (self.status_code, type(headers), kept)


def _restore_record(status_code: int, headers: type[httpx.Headers], sent: list[tuple[bytes, bytes]]) -> ResponseRecord:
    return ResponseRecord(status_code, headers(sent))


@dataclass(frozen=True, slots=True)
class Deviation:
    """One place where an answer was not what the API documents."""

    path: str
    """Where, such as `data[0].created_at`."""
    expected: str
    """What should be there."""
    got: object
    """What was there; `None` for a field that was left out."""

    def __str__(self) -> str:
        return f"{self.path or 'the whole body'}: {self.expected}"


class CanBeDumped(Protocol):
    """What pydantic's models have."""

    def model_dump(
        self,
        *,
        mode: Literal["json", "python"],
        by_alias: bool,
        exclude_unset: bool,
        exclude_defaults: bool,
        exclude_none: bool,
        warnings: bool,
    ) -> dict[str, Any]: ...

    def model_dump_json(
        self,
        *,
        indent: int | None,
        by_alias: bool,
        exclude_unset: bool,
        exclude_defaults: bool,
        exclude_none: bool,
        warnings: bool,
    ) -> str: ...


class Dumping:
    """Results as plain data: models, and pages of them."""

    __slots__ = ()

    def to_dict(
        self: CanBeDumped,
        *,
        mode: Literal["json", "python"] = "json",
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = False,
    ) -> dict[str, object]:
        """The object as plain data; by default exactly the fields that the server sent."""
        return self.model_dump(
            mode=mode,
            by_alias=use_api_names,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
            warnings=warnings,
        )

    def to_json(
        self: CanBeDumped,
        *,
        indent: int | None = 2,
        use_api_names: bool = True,
        exclude_unset: bool = True,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        warnings: bool = False,
    ) -> str:
        """The object as JSON text; by default exactly the fields that the server sent.

        NaN and infinities, which JSON does not have but some servers send, are written as `null`.
        """
        return self.model_dump_json(
            indent=indent,
            by_alias=use_api_names,
            exclude_unset=exclude_unset,
            exclude_defaults=exclude_defaults,
            exclude_none=exclude_none,
            warnings=warnings,
        )


class BaseModel(Dumping, pydantic.BaseModel):
    """Base of all result types."""

    # Two slots instead of private attributes: pydantic fills private attributes by a Python call per instance.
    __slots__ = ("_deviations", "_record")

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow", defer_build=True, protected_namespaces=(), populate_by_name=True
    )

    @property
    def response_record(self) -> ResponseRecord | None:
        """Status and headers of the answer; on the result of a call, not on the objects inside it."""
        return _slot(self, "_record", None)

    @property
    def _request_id(self) -> str | None:
        record = self.response_record
        return record.request_id if record is not None else None

    @property
    def deviations(self) -> tuple[Deviation, ...]:
        """Where the server's answer broke the API's documents; empty for an answer that keeps them."""
        return _slot(self, "_deviations", ())

    if not TYPE_CHECKING:
        # As pydantic's own, but silent about values that the server sent otherwise than documented: we have told that.

        def model_dump(self, *, warnings: bool | str = False, **options: Any) -> dict[str, Any]:
            return super().model_dump(warnings=warnings, **options)

        def model_dump_json(self, *, warnings: bool | str = False, **options: Any) -> str:
            return super().model_dump_json(warnings=warnings, **options)

    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        state["openai_assistants"] = (self.response_record, self.deviations)
        return state

    def __setstate__(self, state: dict[Any, Any]) -> None:
        record, deviations = state.pop("openai_assistants", (None, ()))
        super().__setstate__(state)
        annotate(self, record, deviations)

    def __copy__(self) -> Self:
        return annotate(super().__copy__(), self.response_record, self.deviations)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return annotate(super().__deepcopy__(memo), self.response_record, self.deviations)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[pydantic.BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema = handler(source)
        _be_strict_about_scalars(cast("dict[str, Any]", schema), inside=True)
        return schema


NO_SCHEMAS = frozenset({"metadata", "cls", "config", "default", "serialization", "ref", "schema_ref"})
"""Keys of a core schema under which no other schemas stand."""

T = TypeVar("T")
ModelT = typing.TypeVar("ModelT", bound=BaseModel)


def _slot(model: BaseModel, name: str, default: T) -> T:
    """What a slot holds. `getattr` would go on to a field of that name that a server sent."""
    try:
        return cast("T", object.__getattribute__(model, name))
    except AttributeError:
        return default


def annotate(model: ModelT, record: ResponseRecord | None, deviations: tuple[Deviation, ...] = ()) -> ModelT:
    """Attach the HTTP answer and its deviations to a model."""
    if record is not None:
        object.__setattr__(model, "_record", record)
    if deviations:
        object.__setattr__(model, "_deviations", deviations)
    return model


def _be_strict_about_scalars(node: object, *, inside: bool = False) -> None:
    """Make `"5"` no integer, `1` no boolean and NaN no number in the fields of one model, without asking instances of
    nested ones.

    Strictness for whole models would refuse plain dicts where a program builds a result by hand.
    """
    if is_dict(node):
        if node.get("type") in ("int", "float", "bool"):
            node["strict"] = True
            if node["type"] == "float":
                node["allow_inf_nan"] = False
        elif inside or node.get("type") != "model":
            for key, value in node.items():
                if key in ("fields", "choices") and is_dict(value):  # their keys are names of ours, not of the schema
                    for item in value.values():
                        _be_strict_about_scalars(item)
                elif key not in NO_SCHEMAS:
                    _be_strict_about_scalars(value)
    elif is_sequence(node):
        for item in node:
            _be_strict_about_scalars(item)


class StreamEvent(BaseModel):
    """Base of the events of a run stream: `event` is the name, `data` the object."""

    __slots__ = ("_synthesized",)

    @property
    def synthesized(self) -> bool:
        """Whether the event was made from what the API says of the run, because the stream did not bring it."""
        return getattr(self, "_synthesized", False)


def mark_synthesized(event: Any) -> Any:
    """Mark an event as made by this client; returns it."""
    if isinstance(event, StreamEvent):
        object.__setattr__(event, "_synthesized", True)
    return event


class UnknownVariant(BaseModel):
    """Base of the members of tagged unions that this version does not know: the fields are attributes, as sent."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


class UnknownValue(str):
    """A string that the server sent for an enum and that this version does not list. It equals the plain string."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"UnknownValue({str(self)!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())


class _AnyTag:
    """Marks the tag of an `Unknown...` class: for type checkers a literal that no server sends, so that a comparison
    with a known tag rules the class out; at run time any string."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.str_schema()


AnyTag = _AnyTag()


class _TimestampSchema:
    """Whole seconds since 1970; anything else is reported as `TIMESTAMP_ERROR`, so that it can be converted."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.custom_error_schema(
            core_schema.int_schema(strict=True, le=LATEST_SECOND),
            custom_error_type=TIMESTAMP_ERROR,
            custom_error_message="Input should be a time in whole seconds since 1970",
        )


Timestamp = Annotated[int, _TimestampSchema()]
"""A time in whole seconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """Marks a union of models as told apart by the field `tag`; the last member takes the tags that no other has.

    Strings in the union (`Literal["auto"] | UnknownValue`) are tried before the models.
    """

    tag: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        members = typing.get_args(source)
        models = [m for m in members if isinstance(m, type) and issubclass(m, pydantic.BaseModel)]
        known, unknown = models[:-1], models[-1]
        choices: dict[typing.Hashable, CoreSchema] = {}
        for model in known:
            for value in typing.get_args(model.model_fields[self.tag].annotation):
                choices[value] = handler.generate_schema(model)
        refused = frozenset(cast("set[str]", set(choices)))

        def refuse_known(value: Any) -> Any:
            if is_dict(value) and isinstance(tag := value.get(self.tag), str) and tag in refused:
                raise PydanticCustomError(KNOWN_TAG_ERROR, "A known tag is not read as an unknown one")
            return value

        strings = [handler.generate_schema(m) for m in members if m not in models]
        tagged = core_schema.tagged_union_schema(choices, discriminator=self.tag)
        rest = core_schema.no_info_before_validator_function(refuse_known, handler.generate_schema(unknown))
        choices_in_order: list[CoreSchema | tuple[CoreSchema, str]] = [
            *((string, OTHER_LABEL) for string in strings),
            (tagged, TAGGED_LABEL),
            (rest, OTHER_LABEL),
        ]
        return core_schema.union_schema(choices_in_order, mode="left_to_right")


# Times as the API has them, and as Python has them.


@overload
def as_datetime(seconds: int) -> datetime: ...


@overload
def as_datetime(seconds: int | None) -> datetime | None: ...


def as_datetime(seconds: Any) -> Any:
    """A time in seconds since 1970 as an aware datetime in UTC.

    None for None, and for what a deviating server sent in its place and is no time.
    """
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):  # no year of Python's calendar
        return None


# From bytes to typed results: one pass of pydantic-core; a repair only when the answer breaks the API's documents.

SHOWN_ERRORS = 50
SHOWN_CHARACTERS = 300

_building = ForkSafeLock()
"""pydantic builds a deferred class in place; two threads must not do it at once."""


_FEW_REPEATED = pydantic.ConfigDict(cache_strings="keys")
"""For events, which are read one by one: looking for a value among earlier ones costs more than it saves."""


class Unparsable(Exception):
    """The bytes cannot be read as the expected type; `errors` says where and why."""

    def __init__(self, errors: tuple[Deviation, ...]) -> None:
        from ._basics import one_line

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
        self.validate: Callable[[bytes | bytearray], T] = self._validator.validate_json
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
            return undisturbed(self.validate, data), ()
        except ValidationError as error:
            from ._deviations import repair

            result = repair(data, error, self._validator, self._lenient_validator)
        if strict or not result.usable:
            raise Unparsable(result.deviations)
        self._learn(result.odd)
        return cast("Repaired[T]", result).value, result.deviations

    def _learn(self, odd: tuple[Odd, ...]) -> None:
        """Be ready for the same deviations: the next answer is likely to have them, too."""
        from ._deviations import Tolerance

        tolerance = self._tolerance or Tolerance(self._schema)
        with _building:
            self._tolerance = tolerance.extended(odd) or self._tolerance

    def _lenient_validator(self) -> SchemaValidator:
        if self._lenient is None:
            from ._deviations import without_required

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


# What messages can do beside holding their fields.


class MessageBase(BaseModel):
    """Base of messages."""

    @property
    def text(self) -> str:
        """All text of the message: its text blocks, with a blank line between them.

        Images and refusals are no text. Markers of citations stay in it; `cite` turns them into footnotes.
        """
        from ._citations import text_of

        return text_of(self)

    @property
    def citations(self) -> list[Citation]:
        """Where the text points to files, in the order of the text. `cite` looks up the names of the files too."""
        from ._citations import citations_of

        return citations_of(self)


# What runs can do beside holding their fields.


class RunBase(BaseModel):
    """Base of runs. A run is no stream of events, so iterating over one says what is missing."""

    if TYPE_CHECKING:
        __iter__: None  # type: ignore[assignment]
    else:

        def __iter__(self) -> NoReturn:
            raise TypeError(
                "a run is not a stream of events; did you forget stream=True? (Its fields as a dict: run.to_dict().)"
            )

        __aiter__ = __iter__

        # `dict(run)`, which iteration gives to other results, goes through these two.

        def keys(self) -> Iterable[str]:
            return [name for name, _ in self._items()]

        def __getitem__(self, name: str) -> Any:
            return dict(self._items())[name]

        def _items(self) -> Iterator[tuple[str, Any]]:
            return super().__iter__()
