"""Document and `sdk.yaml` -> the intermediate form of one API version, with everything checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codegen.ir import (
    Api,
    Definition,
    Export,
    Flavour,
    ParamsClass,
    Primitive,
    PublicModule,
    Ref,
    TaggedUnion,
    Topic,
    Type,
)
from codegen.load import SCHEMAS, Document, SpecError, escape
from codegen.operations import OperationParser
from codegen.order import circle, is_same_for_both, parts, refs, types_in
from codegen.schemas import SchemaParser
from codegen.sdk import FILE, ExportEntry, PublicEntry, Sdk, VersionEntry


def parse(document: Document, sdk: Sdk, version: VersionEntry) -> Api:
    """Read one version of the API."""
    schemas = SchemaParser(document, version)
    definitions = schemas.definitions()
    operation_parser = OperationParser(document, version, sdk.versions, schemas)
    operations = operation_parser.operations()
    params = tuple(operation_parser.params(operations))
    topics = _topics(version)
    catalogue = _Catalogue(version, topics, definitions, params)
    for entry in version.public:
        catalogue.refuse_hidden(entry)
    public = tuple(
        PublicModule(entry.module, entry.doc, entry.is_package, tuple(catalogue.export(e) for e in entry.exports))
        for entry in version.public
    )
    uses = _Uses(document, version, definitions)
    for operation in operations.values():
        pointer = operation_parser.found[operation.id].pointer
        uses.in_params((argument.type for argument in operation.arguments), pointer)
        if operation.answer.type is not None:
            uses.in_results([operation.answer.type], pointer)
        if operation.answer.events is not None:
            uses.in_results([Ref(operation.answer.events)], pointer)
    for entry in version.public:
        for export in entry.exports:
            catalogue.mark(export, uses)
    uses.refuse_idle_names()
    _refuse_circles(topics, definitions, params)
    return Api(
        other_types=tuple(other.types_package for other in sdk.versions if other is not version),
        resources_package=version.resources_package,
        topics=topics,
        definitions={name: d for name, d in definitions.items() if d.names.result or d.names.param},
        params=params,
        operations=operations,
        resources=tuple(operation_parser.resources(operations)),
        public=public,
        runtime=sdk.runtime,
    )


def _topics(version: VersionEntry) -> dict[str, Topic]:
    """The topics with their modules."""
    with_results = {entry.results for entry in version.topics.values()}
    topics: dict[str, Topic] = {}
    for name, entry in version.topics.items():
        if entry.params in with_results:
            raise SpecError(FILE, entry.pointer, f"the module {entry.params} has results, so it takes no parameters")
        results, params = (f"{version.types_package}.{module}" for module in (entry.results, entry.params))
        topics[name] = Topic(name, entry.doc, results, params)
    return topics


class _Uses:
    """Which definitions results and parameters contain. Both must have names, and no name may be idle."""

    def __init__(self, document: Document, version: VersionEntry, definitions: Mapping[str, Definition]) -> None:
        self.document = document
        self.version = version
        self.definitions = definitions
        self.results: set[str] = set()
        self.params: set[str] = set()

    def in_results(self, types: Iterable[Type], user: str) -> None:
        types = list(types)
        if any(part == Primitive("file") for type_ in types for part in parts(type_)):
            raise self.document.error(user, "a result cannot contain a file")
        for name in refs(types, suggestions=False):
            self.result(name, user)

    def in_params(self, types: Iterable[Type], user: str) -> None:
        for name in refs(types, suggestions=True):
            self.param(name, user)

    def result(self, name: str, user: str) -> None:
        if name not in self.results:
            self.results.add(name)
            definition = self._named(name)
            if definition.names.result is None:
                raise self._nameless(name, "result", user)
            self.in_results(types_in(definition), f"{SCHEMAS}/{escape(name)}")

    def param(self, name: str, user: str) -> None:
        definition = self._named(name)
        if is_same_for_both(definition) and definition.names.param is None:
            self.result(name, user)
        elif name not in self.params:
            self.params.add(name)
            if definition.names.param is None:
                raise self._nameless(name, "param", user)
            self.in_params(types_in(definition), f"{SCHEMAS}/{escape(name)}")
            if definition.names.accepts is not None:
                self.result(definition.names.accepts, f"{SCHEMAS}/{escape(name)}")

    def refuse_idle_names(self) -> None:
        for name, definition in self.definitions.items():
            for kind, given, used in (
                ("result", definition.names.result, self.results),
                ("param", definition.names.param, self.params),
            ):
                if given is not None and name not in used:
                    raise SpecError(FILE, self.version.schemas[name].pointer, f"nothing uses the {kind} name {given}")

    def _named(self, name: str) -> Definition:
        return self.definitions[name]

    def _nameless(self, name: str, kind: str, user: str) -> SpecError:
        reason = f"{name} needs a {kind} name, because {user} uses it so"
        return SpecError(FILE, self.version.schemas[name].pointer, reason)


@dataclass(frozen=True, slots=True)
class _Made:
    """A class or alias that generated modules have."""

    schema: str | None
    is_param: bool


class _Catalogue:
    """All names of the generated type modules, by topic: `runs` for results, `params.runs` for parameters."""

    def __init__(
        self,
        version: VersionEntry,
        topics: Mapping[str, Topic],
        definitions: Mapping[str, Definition],
        params: Iterable[ParamsClass],
    ) -> None:
        self.modules = {topic.name: topic.results for topic in topics.values()}
        self.modules |= {f"params.{topic.name}": topic.params for topic in topics.values()}
        self.names: dict[str, set[str]] = {module: set() for module in self.modules.values()}
        self.made: dict[str, dict[str, _Made]] = {}
        for schema, definition in definitions.items():
            names, pointer = definition.names, version.schemas[schema].pointer
            if names.result is not None:
                self._add(names.topic, names.result, _Made(schema, is_param=False), pointer)
            if isinstance(definition, TaggedUnion) and definition.unknown is not None:
                self._add(names.topic, definition.unknown, _Made(schema, is_param=False), pointer)
            if names.param is not None:
                self._add(f"params.{names.topic}", names.param, _Made(schema, is_param=True), pointer)
        for group in params:
            for name in group.class_names():
                self._add(f"params.{group.topic}", name, _Made(None, is_param=True), "/resources")

    def _add(self, source: str, name: str, made: _Made, pointer: str) -> None:
        module = self.modules[source]
        if not name.isidentifier():
            raise SpecError(FILE, pointer, f"{name} cannot be a name")
        if name in self.names[module]:
            raise SpecError(FILE, pointer, f"{module} has a {name} already")
        self.names[module].add(name)
        self.made.setdefault(source, {})[name] = made

    def refuse_hidden(self, entry: PublicEntry) -> None:
        """A public module with the name of a topic is the module of its results, which hide other names."""
        for export in entry.exports:
            is_own = self.modules.get(export.source) == entry.module and export.name == export.target
            if export.name in self.names.get(entry.module, ()) and not is_own:
                raise SpecError(FILE, export.pointer, f"{entry.module} is a topic, which has another {export.name}")

    def export(self, entry: ExportEntry) -> Export:
        self._find(entry)
        return Export(entry.name, self.modules[entry.source], entry.target)

    def mark(self, entry: ExportEntry, uses: _Uses) -> None:
        """A public name is used, even where no operation needs it."""
        made = self._find(entry)
        if made.schema is not None:
            (uses.param if made.is_param else uses.result)(made.schema, f"{FILE}: {entry.pointer}")

    def _find(self, entry: ExportEntry) -> _Made:
        made = self.made.get(entry.source, {}).get(entry.target)
        if made is None:
            raise SpecError(FILE, entry.pointer, f"{entry.source} has no {entry.target}")
        return made


def _refuse_circles(
    topics: Mapping[str, Topic], definitions: Mapping[str, Definition], params: Iterable[ParamsClass]
) -> None:
    """Modules that import one another cannot be loaded."""
    needs: dict[str, list[str]] = {}

    def add(topic: str, flavour: Flavour, types: Iterable[Type]) -> None:
        module = topics[topic].module(flavour)
        needed = (definitions[name].names.topic for name in refs(types, suggestions=flavour == "param"))
        others = (topics[other].module(flavour) for other in needed)
        needs.setdefault(module, []).extend(other for other in others if other != module)

    for definition in definitions.values():
        if definition.names.result is not None:
            add(definition.names.topic, "result", types_in(definition))
        if definition.names.param is not None:
            add(definition.names.topic, "param", types_in(definition))
    for group in params:
        add(group.topic, "param", [argument.type for argument in group.arguments])
    if found := circle(needs):
        raise SpecError(FILE, "/versions", f"these modules import one another: {' -> '.join(found)}")
