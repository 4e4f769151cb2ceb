"""Reads `sdk.yaml`: all names of the Python side, and what the specs cannot say.

Nothing is interpreted here. The file is checked for its form only; whether its names fit the specs is for parsing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from codegen.ir import Built, Flow, Keyword, ReadAs, Variant
from codegen.load import SpecError, escape, is_list, is_object, read_yaml

FILE: Final = "sdk.yaml"
ROOT: Final = "root"
"""The resource at the top; it is in the package of the resources itself."""
DEFAULT_PARAMS: Final = "params"
"""Module of the parameters of topics that name none."""

Role = Literal["named", "body", "page", "inline", "skipped"]


@dataclass(frozen=True, slots=True)
class SchemaEntry:
    """What becomes of a schema."""

    pointer: str
    topic: str
    role: Role
    result: str | None = None
    param: str | None = None
    unknown: str | None = None
    base: str | None = None
    """Module below the package and class, `module:Class`."""
    tag: str | None = None
    accepts: str | None = None


@dataclass(frozen=True, slots=True)
class MethodEntry:
    """An operation as a method."""

    pointer: str
    name: str
    operation: str
    positional: tuple[str, ...]
    params: str | None
    page: str | None
    stream: str | None
    may_duplicate: str | None
    keywords: tuple[Keyword, ...]


@dataclass(frozen=True, slots=True)
class HelperEntry:
    """A method of ours around an operation."""

    pointer: str
    name: str
    wraps: str
    doc: str
    positional: tuple[str, ...] | None
    without: tuple[str, ...]
    fixed: Mapping[str, str]
    renamed: Mapping[str, str]
    keywords: tuple[Keyword, ...]
    returns: tuple[str, str]
    returns_doc: str
    overloads: tuple[Variant, ...]
    raises: Mapping[str, str]
    work: Flow | ReadAs | Built


@dataclass(frozen=True, slots=True)
class ResourceEntry:
    pointer: str
    name: str
    module: str
    """Its module, which resources may share; `root` for the package itself."""
    class_name: str
    doc: str
    topic: str | None
    beta: bool
    children: Mapping[str, str]
    methods: tuple[MethodEntry, ...]
    helpers: tuple[HelperEntry, ...]


@dataclass(frozen=True, slots=True)
class ExportEntry:
    pointer: str
    name: str
    source: str
    """Topic that has it: `runs` for results, `params.runs` for parameters."""
    target: str


@dataclass(frozen=True, slots=True)
class PublicEntry:
    pointer: str
    module: str
    doc: str
    is_package: bool
    exports: tuple[ExportEntry, ...]


@dataclass(frozen=True, slots=True)
class TopicEntry:
    pointer: str
    doc: str
    results: str
    """Module of its results, which topics may share."""
    params: str
    """Module of its parameters, which topics may share too."""


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One version of the API, and where its code goes."""

    name: str
    types_package: str
    resources_package: str
    server_spec: str
    beta: str | None
    renamed_fields: Mapping[str, str]
    topics: Mapping[str, TopicEntry]
    schemas: Mapping[str, SchemaEntry]
    resources: tuple[ResourceEntry, ...]
    root: ResourceEntry
    public: tuple[PublicEntry, ...]


@dataclass(frozen=True, slots=True)
class Sdk:
    versions: tuple[VersionEntry, ...]
    runtime: Mapping[str, str]


def read_sdk(path: Path) -> Sdk:
    """Read `sdk.yaml`."""
    return parse_sdk(read_yaml(path, FILE))


def parse_sdk(raw: object) -> Sdk:
    """Turn the content of `sdk.yaml` into values."""
    top = _Node(raw, "")
    runtime = {name: node.text() for name, node in top.items("runtime", required=False)}
    keyword_sets = {name: _keywords(node, {}) for name, node in top.items("keywords", required=False)}
    versions = tuple(_version(name, node, keyword_sets, runtime) for name, node in top.items("versions"))
    top.done()
    return Sdk(versions, runtime)


class _Node:
    """A value of the file and where it is. Every key of a mapping has to be asked for before `done`."""

    def __init__(self, value: object, pointer: str) -> None:
        self.value = value
        self.pointer = pointer
        self.asked: set[str] = set()

    def error(self, reason: str) -> SpecError:
        return SpecError(FILE, self.pointer, reason)

    def mapping(self) -> dict[str, Any]:
        if not is_object(self.value):
            raise self.error("must be a mapping")
        return self.value

    def child(self, key: str) -> _Node | None:
        self.asked.add(key)
        mapping = self.mapping()
        return _Node(mapping[key], f"{self.pointer}/{escape(key)}") if key in mapping else None

    def need(self, key: str) -> _Node:
        child = self.child(key)
        if child is None:
            raise self.error(f"{key} is missing")
        return child

    def items(self, key: str | None = None, *, required: bool = True) -> Iterator[tuple[str, _Node]]:
        """The entries of this mapping, or of the one under a key."""
        node: _Node | None = self
        if key is not None:
            node = self.need(key) if required else self.child(key)
        if node is not None:
            for name, value in node.mapping().items():
                yield name, _Node(value, f"{node.pointer}/{escape(name)}")

    def elements(self) -> list[_Node]:
        if not is_list(self.value):
            raise self.error("must be a list")
        return [_Node(item, f"{self.pointer}/{index}") for index, item in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error("must be a text")
        return self.value.strip()

    def text_of(self, key: str) -> str | None:
        child = self.child(key)
        return None if child is None else child.text()

    def texts_of(self, key: str) -> tuple[str, ...] | None:
        child = self.child(key)
        return None if child is None else tuple(item.text() for item in child.elements())

    def flag(self, key: str) -> bool:
        child = self.child(key)
        if child is not None and child.value is not True:
            raise child.error("can only be true")
        return child is not None

    def done(self) -> None:
        if unknown := [key for key in self.mapping() if key not in self.asked]:
            raise SpecError(FILE, f"{self.pointer}/{escape(unknown[0])}", "unknown key")


def _version(
    name: str, node: _Node, keyword_sets: Mapping[str, tuple[Keyword, ...]], runtime: Mapping[str, str]
) -> VersionEntry:
    packages = node.need("packages")
    topics: dict[str, TopicEntry] = {}
    schemas: dict[str, SchemaEntry] = {}
    for topic, topic_node in node.items("topics"):
        topics[topic] = TopicEntry(
            pointer=topic_node.pointer,
            doc=topic_node.need("doc").text(),
            results=topic_node.text_of("results") or topic,
            params=topic_node.text_of("params") or DEFAULT_PARAMS,
        )
        for schema, entry in topic_node.items("schemas"):
            if schema in schemas:
                raise entry.error(f"the schema is under {schemas[schema].topic} too")
            schemas[schema] = _schema(entry, topic, runtime)
        topic_node.done()
    resources = tuple(_resource(name, entry, keyword_sets) for name, entry in node.items("resources"))
    version = VersionEntry(
        name=name,
        types_package=packages.need("types").text(),
        resources_package=packages.need("resources").text(),
        server_spec=packages.need("server").text(),
        beta=node.text_of("beta"),
        renamed_fields={wire: entry.text() for wire, entry in node.items("fields", required=False)},
        topics=topics,
        schemas=schemas,
        resources=resources,
        root=_resource(ROOT, node.need(ROOT), keyword_sets),
        public=tuple(_public(module, entry) for module, entry in node.items("public", required=False)),
    )
    packages.done()
    node.done()
    return version


def _schema(node: _Node, topic: str, runtime: Mapping[str, str]) -> SchemaEntry:
    roles: dict[str, Role] = {"body": "body", "page": "page", "inline": "inline"}
    for key, role in roles.items():
        if node.flag(key):
            node.done()
            return SchemaEntry(node.pointer, topic, role)
    if node.text_of("skip") is not None:
        node.done()
        return SchemaEntry(node.pointer, topic, "skipped")
    result, param = node.text_of("result"), node.text_of("param")
    if result is None and param is None:
        raise node.error("needs result or param (a name), or one of body, page, inline, skip")
    entry = SchemaEntry(
        pointer=node.pointer,
        topic=topic,
        role="named",
        result=result,
        param=param,
        unknown=node.text_of("unknown"),
        base=_base(node.child("base"), runtime),
        tag=node.text_of("tag"),
        accepts=node.text_of("accepts"),
    )
    node.done()
    return entry


def _base(node: _Node | None, runtime: Mapping[str, str]) -> str | None:
    """A hand-written class to build on, as `module:Class`."""
    if node is None:
        return None
    target = runtime.get(node.text(), "")
    if ":" not in target:
        raise node.error(f"there is no class {node.text()} under runtime")
    return target


def _resource(name: str, node: _Node, keyword_sets: Mapping[str, tuple[Keyword, ...]]) -> ResourceEntry:
    resource = ResourceEntry(
        pointer=node.pointer,
        name=name,
        module=node.text_of("module") or name,
        class_name=node.need("class").text(),
        doc=node.need("doc").text(),
        topic=node.text_of("topic"),
        beta=node.flag("beta"),
        children={attribute: child.text() for attribute, child in node.items("children", required=False)},
        methods=tuple(_method(each, entry, keyword_sets) for each, entry in node.items("methods", required=False)),
        helpers=tuple(_helper(each, entry, keyword_sets) for each, entry in node.items("helpers", required=False)),
    )
    node.done()
    return resource


def _method(name: str, node: _Node, keyword_sets: Mapping[str, tuple[Keyword, ...]]) -> MethodEntry:
    method = MethodEntry(
        pointer=node.pointer,
        name=name,
        operation=node.need("operation").text(),
        positional=node.texts_of("positional") or (),
        params=node.text_of("params"),
        page=node.text_of("page"),
        stream=node.text_of("stream"),
        may_duplicate=node.text_of("may_duplicate"),
        keywords=_keywords(node.child("keywords"), keyword_sets),
    )
    if method.page not in (None, "cursor", "plain"):
        raise node.need("page").error("must be cursor or plain")
    node.done()
    return method


def _helper(name: str, node: _Node, keyword_sets: Mapping[str, tuple[Keyword, ...]]) -> HelperEntry:
    helper = HelperEntry(
        pointer=node.pointer,
        name=name,
        wraps=node.need("wraps").text(),
        doc=node.need("doc").text(),
        positional=node.texts_of("positional"),
        without=node.texts_of("without") or (),
        fixed={argument: value.text() for argument, value in node.items("fixed", required=False)},
        renamed={old: new.text() for old, new in node.items("rename", required=False)},
        keywords=_keywords(node.child("keywords"), keyword_sets),
        returns=_both(node.child("returns")),
        returns_doc=node.need("returns_doc").text(),
        overloads=_overloads(node.child("overloads")),
        raises={name: reason.text() for name, reason in node.items("raises", required=False)},
        work=_work(node),
    )
    node.done()
    return helper


def _both(node: _Node | None) -> tuple[str, str]:
    """One text for both flavours, or one for each; empty where there is none."""
    if node is None:
        return "", ""
    if isinstance(node.value, str):
        return node.text(), node.text()
    both = node.need("sync").text(), node.need("async").text()
    node.done()
    return both


def _overloads(node: _Node | None) -> tuple[Variant, ...]:
    variants: list[Variant] = []
    for item in [] if node is None else node.elements():
        keyword, annotation = item.need("keyword").text(), _both(item.need("type"))
        variants.append(Variant(keyword, annotation, item.text_of("default") or "", _both(item.need("returns"))))
        item.done()
    return tuple(variants)


def _work(node: _Node) -> Flow | ReadAs | Built:
    drive, read_as, build = node.text_of("drive"), node.text_of("read_as"), node.child("build")
    found: list[Flow | ReadAs | Built] = []
    if drive is not None:
        found.append(Flow(drive))
    if read_as is not None:
        if read_as not in ("str", "bytes"):
            raise node.need("read_as").error("must be str or bytes")
        found.append(ReadAs(read_as))
    if build is not None:
        found.append(Built(*_both(build)))
    if len(found) != 1:
        raise node.error("needs one of drive, read_as, build")
    return found[0]


def _keywords(node: _Node | None, sets: Mapping[str, tuple[Keyword, ...]]) -> tuple[Keyword, ...]:
    """Keyword arguments of our own: the name of a set, a list of names, or a mapping."""
    if node is None:
        return ()
    if is_list(node.value):
        return tuple(keyword for item in node.elements() for keyword in _keywords(item, sets))
    if isinstance(node.value, str):
        if node.value not in sets:
            raise node.error(f"there is no set of keywords {node.value}")
        return sets[node.value]
    return tuple(_keyword(name, entry) for name, entry in node.items())


def _keyword(name: str, node: _Node) -> Keyword:
    default, required = node.text_of("default"), node.flag("required")
    if (default is None) != required:
        raise node.error("needs one of default, required")
    keyword = Keyword(name, _both(node.need("type")), default or "", node.need("doc").text())
    node.done()
    return keyword


def _public(module: str, node: _Node) -> PublicEntry:
    exports: list[ExportEntry] = []
    for source, names in node.items("names"):
        for item in names.elements():
            name, target = _renamed(item)
            exports.append(ExportEntry(item.pointer, name, source, target))
    entry = PublicEntry(node.pointer, module, node.need("doc").text(), node.flag("package"), tuple(exports))
    seen: set[str] = set()
    for export in entry.exports:
        if export.name in seen:
            raise SpecError(FILE, export.pointer, f"{export.name} is exported twice")
        seen.add(export.name)
    node.done()
    return entry


def _renamed(node: _Node) -> tuple[str, str]:
    """`Name`, or `Alias: Name`."""
    if is_object(node.value) and len(node.value) == 1:
        ((name, target),) = node.items()
        return name, target.text()
    return node.text(), node.text()
