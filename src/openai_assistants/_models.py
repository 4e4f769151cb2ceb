"""What all result types are built on: the base model, open enums, open tagged unions, timestamps.

Answers are validated from bytes by pydantic-core in one pass. The models are open: fields that the specs do not know
are kept, a newer enum value becomes an `UnknownValue`, a newer member of a tagged union its `Unknown...` class.
"""

from __future__ import annotations

import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Mapping, cast

import pydantic
from pydantic import ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ._guards import is_dict, is_sequence

if TYPE_CHECKING:
    import httpx
    from typing_extensions import Self

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


class BaseModel(pydantic.BaseModel):
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

    def to_dict(
        self,
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
        self,
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

T = typing.TypeVar("T")
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
    """Make `"5"` no integer and `1` no boolean in the fields of one model, without asking instances of nested ones.

    Strictness for whole models would refuse plain dicts where a program builds a result by hand.
    """
    if is_dict(node):
        if node.get("type") in ("int", "float", "bool"):
            node["strict"] = True
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
