"""What the specs say, as plain values: types, definitions, operations, resources, public modules.

Parsing produces these values and decides everything; rendering only lays them out. Nothing here knows YAML or Python
source text, except the expressions that `sdk.yaml` gives for helpers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Mapping, TypeAlias

Flavour = Literal["result", "param"]
"""What a type is for."""
FLAVOURS: Final[tuple[Flavour, ...]] = ("result", "param")

# ---- types ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Primitive:
    """A type without parts."""

    kind: Literal["str", "int", "float", "bool", "timestamp", "file", "object"]


@dataclass(frozen=True, slots=True)
class Literals:
    """Listed strings. An open list may grow: results then accept strings that are not on it."""

    values: tuple[str, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class SuggestedString:
    """Any string; `names` is the definition that lists the usual ones, if there is one."""

    names: str | None


@dataclass(frozen=True, slots=True)
class Ref:
    """A definition, by the name of its schema."""

    schema: str


@dataclass(frozen=True, slots=True)
class Array:
    item: Type


@dataclass(frozen=True, slots=True)
class Map:
    """An object with any keys."""

    value: Type


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several types that need no tag to be told apart."""

    members: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Nullable:
    inner: Type


Type: TypeAlias = Primitive | Literals | SuggestedString | Ref | Array | Map | Choice | Nullable


# ---- definitions ----------------------------------------------------------------------------------------------------


Limit: TypeAlias = int | float | str


@dataclass(frozen=True, slots=True)
class Note:
    """What is written about a field or argument."""

    text: str
    limits: tuple[tuple[str, Limit], ...] = ()
    """Limits as the spec gives them, keyword and value, in a fixed order."""
    default: str | None = None
    """What the server takes when the value is left out, as text."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    wire: str
    type: Type
    required: bool
    note: Note

    @property
    def is_timestamp(self) -> bool:
        """Whether the value is a time; results have a view of it as a datetime."""
        inner = self.type.inner if isinstance(self.type, Nullable) else self.type
        return inner == Primitive("timestamp")


def view_name(field: Field) -> str:
    """Name of the datetime view of a timestamp."""
    return f"{field.name}_datetime"


@dataclass(frozen=True, slots=True)
class Names:
    """Where a definition goes: topic module, class or alias name among the results, the same among the parameters."""

    topic: str
    result: str | None
    param: str | None
    accepts: str | None = None
    """Schema whose results may stand for the parameter, although it is another one."""


@dataclass(frozen=True, slots=True)
class Model:
    schema: str
    names: Names
    doc: str
    fields: tuple[Field, ...]
    base: str
    """Class of its results, as `module:Class` below the package."""
    source: str


@dataclass(frozen=True, slots=True)
class TaggedUnion:
    """Models told apart by the value of one field, beside strings where the API allows them."""

    schema: str
    names: Names
    doc: str
    tag: str
    strings: tuple[str, ...]
    members: tuple[str, ...]
    unknown: str | None
    """Class that stands for members which are not listed; among the results only."""
    unknown_base: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A name for a type that is no class."""

    schema: str
    names: Names
    doc: str
    type: Type
    source: str


Definition: TypeAlias = Model | TaggedUnion | Alias


# ---- operations -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument that the API defines."""

    name: str
    wire: str
    place: Literal["path", "query", "body"]
    type: Type
    required: bool
    note: Note


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers."""

    kind: Literal["object", "cursor_page", "plain_page", "binary"]
    type: Type | None
    """The object, or the item of a page; none for binary answers."""
    events: str | None
    """Schema of the events that a streamed answer consists of."""
    doc: str


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    constant: str
    """Name of its constant in the module of its resource, `RESOURCE_METHOD`."""
    module: str
    """Dotted name of that module below the package."""
    verb: str
    path: str
    beta: str | None
    multipart: bool
    has_body: bool
    arguments: tuple[Argument, ...]
    answer: Answer
    may_duplicate: str | None
    """What a retry can make twice, such as "the thread", as nothing can be looked up to prevent it."""
    keywords: tuple[Keyword, ...]
    """Arguments of ours that go along with the call."""
    doc: str
    source: str


@dataclass(frozen=True, slots=True)
class Keyword:
    """An argument of ours that the API does not define."""

    name: str
    annotation: tuple[str, str]
    """In the sync and the async method."""
    default: str
    """Empty if it must be given."""
    doc: str


@dataclass(frozen=True, slots=True)
class ParamsClass:
    """TypedDicts that hold the arguments of an operation."""

    name: str
    topic: str
    doc: str
    arguments: tuple[Argument, ...]
    stream: str | None
    """Argument that chooses the streamed answer: then there are two classes and a base."""
    source: str

    def class_names(self) -> tuple[str, ...]:
        """All names that this one makes; the last one is the type to use."""
        if self.stream is None:
            return (self.name,)
        return (f"{self.name}Base", f"{self.name}NonStreaming", f"{self.name}Streaming", self.name)


@dataclass(frozen=True, slots=True)
class Method:
    """An operation as a method."""

    name: str
    operation: Operation
    positional: tuple[str, ...]
    stream: str | None


@dataclass(frozen=True, slots=True)
class Flow:
    """Hand-written flow that the connection drives. In the expression, operationIds stand for their constants."""

    expression: str


@dataclass(frozen=True, slots=True)
class ReadAs:
    """The operation, with the body of its answer read as another type."""

    type: str


@dataclass(frozen=True, slots=True)
class Built:
    """An object that is made without waiting, such as a stream manager; a plain function in both flavours."""

    sync_expression: str
    async_expression: str


@dataclass(frozen=True, slots=True)
class Variant:
    """An overload of a helper: one keyword with another annotation, and what is returned then."""

    keyword: str
    annotation: tuple[str, str]
    default: str
    """Empty if this overload needs the keyword."""
    returns: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Helper:
    """A method of ours that takes the arguments of an operation."""

    pointer: str
    """Where `sdk.yaml` declares it."""
    name: str
    operation: Operation
    doc: str
    positional: tuple[str, ...]
    without: tuple[str, ...]
    fixed: Mapping[str, str]
    """Arguments that are not asked for but always sent, with their values as Python."""
    renamed: Mapping[str, str]
    keywords: tuple[Keyword, ...]
    returns: tuple[str, str]
    """Annotations of the sync and the async method; empty for what the operation answers."""
    returns_doc: str
    overloads: tuple[Variant, ...]
    raises: Mapping[str, str]
    """Errors of its own, with their reasons."""
    work: Flow | ReadAs | Built


@dataclass(frozen=True, slots=True)
class Child:
    """A resource below another, of the same version of the API or of another one."""

    attribute: str
    package: str
    """Dotted name of the package that the resource is in, such as `resources`."""
    module: str
    """Dotted name of its module below the package, such as `resources.files`."""
    names: tuple[str, str]
    """Class names, sync and async."""
    doc: str


@dataclass(frozen=True, slots=True)
class Resource:
    module: str
    """Dotted name below the package; resources may share one."""
    names: tuple[str, str]
    """Class names, sync and async."""
    doc: str
    children: tuple[Child, ...]
    methods: tuple[Method | Helper, ...]
    operations: tuple[Operation, ...]
    sources: tuple[str, ...]
    is_root: bool = False


# ---- the whole ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    doc: str
    results: str
    """Module of its results, by its dotted name below the package; topics may share one."""
    params: str
    """Module of its parameters, which topics may share too."""

    def module(self, flavour: Flavour) -> str:
        return self.results if flavour == "result" else self.params


@dataclass(frozen=True, slots=True)
class Export:
    """A name that a public module offers, and where it really is."""

    name: str
    module: str
    target: str


@dataclass(frozen=True, slots=True)
class PublicModule:
    """A module that only leads on to others."""

    module: str
    doc: str
    is_package: bool
    exports: tuple[Export, ...]


@dataclass(frozen=True, slots=True)
class Api:
    """One version of the API."""

    other_types: tuple[str, ...]
    """Packages of the types of the other versions, by their dotted names below the package."""
    resources_package: str
    topics: Mapping[str, Topic]
    definitions: Mapping[str, Definition]
    params: tuple[ParamsClass, ...]
    operations: Mapping[str, Operation]
    resources: tuple[Resource, ...]
    public: tuple[PublicModule, ...]
    runtime: Mapping[str, str]
    """Names that expressions and annotations of helpers may use, and the module (below the package) that has them."""
