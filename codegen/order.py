"""What refers to what: which definitions results and parameters need, and in which order a module can define them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from codegen.ir import (
    Alias,
    Array,
    Choice,
    Definition,
    Literals,
    Map,
    Model,
    Nullable,
    Primitive,
    Ref,
    SuggestedString,
    TaggedUnion,
    Type,
)

T = TypeVar("T")


def parts(type_: Type) -> Iterator[Type]:
    """A type and all types within it."""
    yield type_
    match type_:
        case Array(inner) | Map(inner) | Nullable(inner):
            yield from parts(inner)
        case Choice(members):
            for member in members:
                yield from parts(member)
        case Primitive() | Literals() | SuggestedString() | Ref():
            pass


def refs(types: Iterable[Type], *, suggestions: bool) -> Iterator[str]:
    """Schemas that types name; the names of suggested strings matter to parameters only."""
    for type_ in types:
        for part in parts(type_):
            if isinstance(part, Ref):
                yield part.schema
            elif suggestions and isinstance(part, SuggestedString) and part.names is not None:
                yield part.names


def types_in(definition: Definition) -> list[Type]:
    """The types that a definition is made of."""
    match definition:
        case Model():
            return [field.type for field in definition.fields]
        case TaggedUnion():
            return [Ref(member) for member in definition.members]
        case Alias():
            return [definition.type]


def is_same_for_both(definition: Definition) -> bool:
    """Whether a name means the same in results and parameters, so that one definition serves both."""
    return isinstance(definition, Alias) and all(
        isinstance(part, Map) or (isinstance(part, Primitive) and part.kind not in ("timestamp", "file"))
        for part in parts(definition.type)
    )


def in_order(items: Mapping[str, T], needs: Callable[[T], Iterable[str]]) -> list[str]:
    """Names so that each comes after those that it needs; circles are cut where they are entered."""
    done: dict[str, None] = {}
    active: set[str] = set()

    def visit(name: str) -> None:
        if name in done or name in active or name not in items:
            return
        active.add(name)
        for needed in needs(items[name]):
            visit(needed)
        active.discard(name)
        done[name] = None

    for name in items:
        visit(name)
    return list(done)


def circle(needs: Mapping[str, Iterable[str]]) -> list[str] | None:
    """A circle among names that need one another, if there is one."""
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str] | None:
        if name in path:
            return [*path[path.index(name) :], name]
        if name not in done:
            for needed in needs.get(name, ()):
                if found := visit(needed, [*path, name]):
                    return found
            done.add(name)
        return None

    for name in needs:
        if found := visit(name, []):
            return found
    return None
