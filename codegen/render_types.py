"""Modules of result types and of parameters, as their template wants them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, TypeAlias

from codegen.annotate import Annotator, Imports, quote
from codegen.docs import described
from codegen.ir import (
    Alias,
    Api,
    Argument,
    Definition,
    Export,
    Field,
    Flavour,
    Literals,
    Model,
    Note,
    Nullable,
    ParamsClass,
    TaggedUnion,
    Topic,
    view_name,
)
from codegen.load import SpecError
from codegen.order import in_order, refs, types_in
from codegen.render_public import LazyView, lazy_view
from codegen.sdk import FILE

UNKNOWN_TAG: Final = "__unknown__"


@dataclass(frozen=True, slots=True)
class FieldView:
    declaration: str
    doc: str


@dataclass(frozen=True, slots=True)
class PropertyView:
    """A property that shows a field in another form."""

    name: str
    annotation: str
    doc: str
    value: str


@dataclass(frozen=True, slots=True)
class Block:
    """A class, or without bases an alias."""

    name: str
    doc: str
    bases: str = ""
    fields: tuple[FieldView, ...] = ()
    properties: tuple[PropertyView, ...] = ()
    value: str = ""
    topic: str = ""
    """In front of the first one of a topic, where several share the module."""


@dataclass(frozen=True, slots=True)
class TypesView:
    doc: str
    imports: list[str]
    blocks: list[Block]
    lazy: LazyView | None


def _may_be_null(field: Field) -> bool:
    return isinstance(field.type, Nullable) or not field.required


Item: TypeAlias = Definition | ParamsClass


def types_view(
    api: Api, module: str, flavour: Flavour, topics: Iterable[Topic], exports: tuple[Export, ...]
) -> TypesView | None:
    """A module of results or of parameters of some topics, and what else programs import from it."""
    own = {topic: dict(_items(api, topic, flavour)) for topic in topics}
    items = {name: item for each in own.values() for name, item in each.items()}
    if not items:
        return None
    doc = " ".join(topic.doc for topic in own if own[topic])
    if flavour == "param":
        names = ", ".join(topic.name for topic in own if own[topic])
        doc = f"Parameters of {names}." if "," in names else f"Parameters: {doc[0].lower()}{doc[1:]}"
    return _TypesModule(api, module, flavour, items).view(doc, exports)


def _items(api: Api, topic: Topic, flavour: Flavour) -> Iterator[tuple[str, Item]]:
    for name, definition in api.definitions.items():
        names = definition.names
        if names.topic == topic.name and (names.result if flavour == "result" else names.param) is not None:
            yield name, definition
    for group in api.params if flavour == "param" else ():
        if group.topic == topic.name:
            yield f"params of {group.name}", group


def generated_doc(doc: str, sources: Iterable[str]) -> str:
    """What a generated module says about itself."""
    files = ", ".join(sorted({f"codegen/specs/{source}" for source in sources}) or ["codegen/sdk.yaml"])
    return f"{doc}\n\nGenerated from {files}; do not edit."


class _TypesModule:
    def __init__(self, api: Api, module: str, flavour: Flavour, items: Mapping[str, Item]) -> None:
        self.definitions = api.definitions
        self.topics = api.topics
        self.flavour: Flavour = flavour
        self.items = items
        self.own_names = {name for item in items.values() for name in self._own_names(item)}
        self.imports = Imports(module, self.own_names)
        self.annotator = Annotator(api.definitions, api.topics, flavour, self.imports, self.imports)

    def view(self, doc: str, exports: tuple[Export, ...]) -> TypesView:
        self.annotator.pending = set(self.own_names)
        blocks: list[Block] = []
        topics: list[str] = []
        for name in in_order({name: self.items[name] for name in self._first()}, self._needs):
            self.annotator.hidden = frozenset()
            for block in self._blocks(self.items[name]):
                blocks.append(block)
                topics.append(self._topic(self.items[name]))
                self.annotator.pending.discard(block.name)
        for block in blocks:
            self._refuse_hidden_names(block)
        if len(set(topics)) > 1:
            new = [topic if topic != before else "" for before, topic in pairwise(["", *topics])]
            blocks = [replace(block, topic=topic) for block, topic in zip(blocks, new, strict=True)]
        lazy = self._lazy(exports)
        sources = [item.source for item in self.items.values()]
        return TypesView(generated_doc(doc, sources), self.imports.lines(), blocks, lazy)

    def _first(self) -> list[str]:
        """One topic after the other, each after those that it needs; aliases before classes, since circles are cut at
        classes, whose annotations may name what comes later."""
        needs: dict[str, list[str]] = {topic: [] for topic in self.topics}
        for item in self.items.values():
            needed = (self.items[name] for name in self._needs(item) if name in self.items)
            needs[self._topic(item)] += map(self._topic, needed)
        topics = in_order(needs, iter)
        is_class = {name: isinstance(item, (Model, ParamsClass)) for name, item in self.items.items()}
        return sorted(self.items, key=lambda name: (topics.index(self._topic(self.items[name])), is_class[name]))

    def _topic(self, item: Item) -> str:
        return item.topic if isinstance(item, ParamsClass) else item.names.topic

    def _lazy(self, exports: tuple[Export, ...]) -> LazyView | None:
        """What the module leads on to; nothing if it has all of the exports itself."""
        module = self.imports.module
        if all(export.module == module for export in exports):
            return None
        self.imports.add("_lazy", "lazy_exports")
        self.imports.add_from("typing", "TYPE_CHECKING")
        taken = self.own_names.union(*self.imports.names.values())
        for export in exports:
            if export.module != module and export.name in taken:
                reason = f"{module}: {export.name} is wanted from {export.module}, but the module has another one"
                raise SpecError(FILE, "/versions", reason)
        lazy = lazy_view(exports, Imports(module, taken))
        if lazy.aliases:
            self.imports.add_from("typing", "TypeAlias")
        return lazy

    def _needs(self, item: Item) -> Iterator[str]:
        types = [a.type for a in item.arguments] if isinstance(item, ParamsClass) else types_in(item)
        return refs(types, suggestions=self.flavour == "param")

    def _own_names(self, item: Item) -> tuple[str, ...]:
        """Names that the module has because of an item."""
        if isinstance(item, ParamsClass):
            return item.class_names()
        name = item.names.result if self.flavour == "result" else item.names.param
        unknown = item.unknown if isinstance(item, TaggedUnion) and self.flavour == "result" else None
        return tuple(own for own in (name, unknown) if own is not None)

    def _blocks(self, item: Item) -> Iterator[Block]:
        match item:
            case ParamsClass():
                yield from self._operation_params(item)
            case Model() if self.flavour == "result":
                base = self._import(item.base)
                self.annotator.hidden = frozenset(field.name for field in item.fields)
                fields = tuple(self._result_field(field) for field in item.fields)
                properties = tuple(self._datetime(field) for field in item.fields if field.is_timestamp)
                yield Block(self._name(item), item.doc, base, fields, properties)
            case Model():
                self.annotator.hidden = frozenset(field.wire for field in item.fields)
                fields = tuple(self._param_field(f.wire, f, f.note) for f in item.fields)
                yield Block(self._name(item), item.doc, self._typed_dict(), fields)
            case TaggedUnion() if self.flavour == "result":
                yield self._unknown_member(item)
                yield self._alias(self._name(item), item.doc, self._result_union(item))
            case TaggedUnion():
                yield self._alias(self._name(item), item.doc, self._param_union(item))
            case Alias():
                yield self._alias(self._name(item), item.doc, self.annotator.annotation(item.type))

    def _name(self, definition: Definition) -> str:
        name = definition.names.result if self.flavour == "result" else definition.names.param
        assert name is not None
        return name

    def _alias(self, name: str, doc: str, value: str) -> Block:
        self.imports.add_from("typing", "TypeAlias")
        return Block(name, doc, value=value)

    # ---- results ----

    def _result_field(self, field: Field) -> FieldView:
        may_be_null = _may_be_null(field)
        inner = field.type.inner if isinstance(field.type, Nullable) else field.type
        annotation = self.annotator.annotation(inner, "{} | None" if may_be_null else "{}")
        default = "None" if may_be_null else ""
        if field.name != field.wire:
            options = [*(["default=None"] if may_be_null else []), f"alias={quote(field.wire)}"]
            default = f"{self.imports.add_from('pydantic', 'Field')}({', '.join(options)})"
        declaration = f"{field.name}: {annotation}" + (f" = {default}" if default else "")
        return FieldView(declaration, described(field.note))

    def _datetime(self, field: Field) -> PropertyView:
        convert = self.imports.add("_models", "as_datetime")
        annotation = self.imports.add_from("datetime", "datetime") + (" | None" if _may_be_null(field) else "")
        return PropertyView(
            view_name(field),
            annotation,
            f"`{field.name}` as an aware datetime in UTC.",
            f"{convert}(self.{field.name})",
        )

    def _import(self, target: str) -> str:
        """Import what is given as `module:Class`."""
        module, _, name = target.partition(":")
        return self.imports.add(module, name)

    def _unknown_member(self, union: TaggedUnion) -> Block:
        bases = [self._import(base) for base in (union.unknown_base, "_models:UnknownVariant") if base]
        annotated, literal = (self.imports.add_from("typing", name) for name in ("Annotated", "Literal"))
        tag = f"{union.tag}: {annotated}[{literal}[{quote(UNKNOWN_TAG)}], {self.imports.add('_models', 'AnyTag')}]"
        doc = f"A member of `{union.names.result}` that this version does not know. All its fields are attributes."
        assert union.unknown is not None
        return Block(
            union.unknown, doc, ", ".join(bases), (FieldView(tag, f"The `{union.tag}` as the server sent it."),)
        )

    def _result_union(self, union: TaggedUnion) -> str:
        members = [self.annotator.result_name(self.definitions[member]) for member in union.members]
        if union.strings:
            members.insert(0, self.annotator.literals(Literals(union.strings, closed=False)))
        members.append(self.annotator.unknown_name(union))
        annotated, one_of = self.imports.add_from("typing", "Annotated"), self.imports.add("_models", "OneOf")
        return f"{annotated}[{' | '.join(members)}, {one_of}({quote(union.tag)})]"

    # ---- parameters ----

    def _typed_dict(self) -> str:
        return f"{self.imports.add_from('typing', 'TypedDict')}, total=False"

    def _param_field(self, name: str, field: Field | Argument, note: Note) -> FieldView:
        annotation = self.annotator.annotation(field.type)
        if field.required:  # around the quotes, if there are any: within them it would have no effect at run time
            annotation = f"{self.imports.add_from('typing', 'Required')}[{annotation}]"
        is_query = isinstance(field, Argument) and field.place == "query"
        return FieldView(f"{name}: {annotation}", described(note, default=is_query))

    def _param_union(self, union: TaggedUnion) -> str:
        """All that may be sent: the parameters, and the results of the same schemas, known or not."""
        definitions = [self.definitions[member] for member in union.members]
        members = [self.annotator.param_name(definition) for definition in definitions]
        members += [self.annotator.result_name(d) for d in definitions if d.names.result is not None]
        if union.unknown is not None:
            members.append(self.imports.add(self._results_of(union), union.unknown))
        if union.strings:
            members.insert(0, self.annotator.literals(Literals(union.strings, closed=False)))
        return " | ".join(members)

    def _results_of(self, union: TaggedUnion) -> str:
        return self.topics[union.names.topic].results

    def _operation_params(self, group: ParamsClass) -> Iterator[Block]:
        self.annotator.hidden = frozenset(argument.name for argument in group.arguments)
        fields = [self._param_field(a.name, a, a.note) for a in group.arguments if a.name != group.stream]
        if group.stream is None:
            yield Block(group.name, group.doc, self._typed_dict(), tuple(fields))
            return
        base, plain, streaming, either = group.class_names()
        literal, required = (self.imports.add_from("typing", name) for name in ("Literal", "Required"))
        doc = next(described(a.note) for a in group.arguments if a.name == group.stream)
        off = FieldView(f"{group.stream}: {literal}[False] | None", doc)
        on = FieldView(f"{group.stream}: {required}[{literal}[True]]", doc)
        text = group.doc.removesuffix(".")
        yield Block(base, f"{text}, streamed or not.", self._typed_dict(), tuple(fields))
        yield Block(plain, f"{text}, not streamed.", f"{base}, total=False", (off,))
        yield Block(streaming, f"{text}, streamed.", f"{base}, total=False", (on,))
        yield self._alias(either, group.doc, f"{plain} | {streaming}")

    # ---- checks ----

    def _refuse_hidden_names(self, block: Block) -> None:
        """In the body of a class, the name of a field hides a type of the same name."""
        fields = [field.declaration.partition(": ") for field in block.fields]
        names = {name for name, _, _ in fields}
        annotations = [(name, annotation) for name, _, annotation in fields]
        for name, annotation in [*annotations, *((view.name, view.annotation) for view in block.properties)]:
            used = set(re.findall(r"[\w.]+", re.sub(r'Literal\[(?:"[^"]*"(?:, )?)*\]', "", annotation)))
            if hidden := sorted(names & used):
                reason = (
                    f"{block.name}.{name} needs the type {hidden[0]}, which a field of the class hides; rename that"
                )
                raise SpecError(FILE, "/versions", reason)
