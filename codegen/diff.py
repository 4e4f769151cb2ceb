"""Compares our specs with an OpenAPI file of somebody else: what the API has and we lack, and the other way round.

Only meaning counts. References are followed, and these read the same: `nullable: true`, `type: [X, 'null']`,
`anyOf: [X, {type: 'null'}]` and `allOf: [X, {nullable: true}]`; a constant and an enum of one value; a schema with
a name and one without; `$recursiveRef: '#'` and a reference to the schema around it.

Not compared: descriptions, examples, titles, security, headers, answers other than the first 2xx, formats other than
`binary`, and what means nothing where it stands: limits of another type, names in `required` without a property,
alternatives that hold nothing but `required`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

from codegen.load import (
    METHODS,
    SCHEMAS,
    Document,
    SpecError,
    escape,
    is_list,
    is_object,
    load,
    read_overlay,
    read_yaml,
    resolve,
)

SPECS: Final = Path(__file__).parent / "specs"
OVERLAY: Final = Path(__file__).parent / "overlay.yaml"
NOT_AN_AREA: Final = "shared"
"""Schemas that several areas use; compared together with these."""

_ABSENT: Final = "none"
_NULL: Final = "null"
_LIMITS: Final = {
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "string": ("minLength", "maxLength", "pattern"),
    "array": ("minItems", "maxItems", "uniqueItems"),
    "object": ("minProperties", "maxProperties"),
}
_TAGS: Final = ("type", "event", "role", "object")
"""Properties that tell the branches of a union apart, best first."""


@dataclass(frozen=True, order=True)
class Difference:
    """One thing that our specs and the other file do not agree about."""

    kind: str
    """`missing`: the file has it, we do not; `extra`: the other way round; `changed`; each with what it is."""
    where: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"{self.kind}  {self.where} (ours: {self.ours}, file: {self.theirs})"


def diff(
    ours: Document,
    reference: dict[str, Any],
    *,
    operations: set[str] | None = None,
    roots: Collection[str] | None = None,
) -> list[Difference]:
    """All differences, sorted. `operations` (ids) and `roots` (schemas of our `x-roots`) limit what is compared."""
    comparison = _Comparison(
        _Side({"paths": ours.paths, "components": {"schemas": ours.schemas}}),
        _Side(reference),
    )
    comparison.operations(operations)
    for name in ours.roots if roots is None else roots:
        comparison.root(name)
    return sorted(comparison.found)


def run_diff(
    file: Path,
    version: str,
    areas: list[str],
    stream: TextIO,
    *,
    specs: Path = SPECS,
    overlay: Path = OVERLAY,
) -> int:
    """The command `diff`: prints a line for each difference; 0 if there are none, 1 if there are, 2 for bad usage.

    Areas are the names of our spec files. Without any, all operations of the file count, also those of areas that we do
    not have; areas of ours that are not in the file at all are named, but not compared, because no file has everything.
    """
    try:
        reference = read_yaml(file, str(file), strict=False)
        if not is_object(reference) or not is_object(reference.get("paths")):
            raise SpecError(str(file), "", "not an OpenAPI file")
        ours = load(specs, None, version)
        corrections = sum(correction.version == version for correction in read_overlay(specs, overlay))
        absent = [] if areas else _absent_areas(ours, reference)
        operations, roots = _choose(ours, reference, areas, absent, specs)
    except SpecError as error:
        print(error, file=stream)
        return 2
    differences = diff(ours, reference, operations=operations, roots=roots)
    for difference in differences:
        print(difference, file=stream)
    if absent:
        print(f"not in the file, so not compared: {', '.join(absent)}", file=stream)
    if not differences and corrections:
        print(f"{corrections} corrections in {overlay.name} are applied on top of this", file=stream)
    return 1 if differences else 0


# ---- areas ----


def _absent_areas(ours: Document, reference: dict[str, Any]) -> list[str]:
    """Our areas of whose operations (at their paths or elsewhere) and roots the file has none."""
    theirs = {
        name for path, _, operation_id, _ in _operations(reference["paths"]) for name in (_template(path), operation_id)
    }
    found: dict[str, bool] = {}
    for path, _, operation_id, _ in _operations(ours.paths):
        area = _area(ours, f"/paths/{escape(path)}")
        found[area] = found.get(area, False) or _template(path) in theirs or operation_id in theirs
    schemas = _Side(reference).schemas
    for name in ours.roots:
        if (area := _area(ours, f"{SCHEMAS}/{name}")) != NOT_AN_AREA:
            found[area] = found.get(area, False) or name in schemas
    return sorted(area for area, is_there in found.items() if not is_there)


def _choose(
    ours: Document, reference: dict[str, Any], areas: list[str], absent: list[str], specs: Path
) -> tuple[set[str] | None, list[str]]:
    """Operations and roots to compare. A root that is missing in the file counts only if its area is meant."""
    known = {path.stem for path in (specs / ours.version).glob("*.yaml")} - {NOT_AN_AREA}
    if unknown := sorted(set(areas) - known):
        raise SpecError(
            f"{ours.version}/", "", f"there is no area {', '.join(unknown)}, there are {', '.join(sorted(known))}"
        )
    meant = set(areas) or known - set(absent)
    theirs = _Side(reference).schemas
    roots = [
        name
        for name in ours.roots
        if (area := _area(ours, f"{SCHEMAS}/{name}")) in meant or (area == NOT_AN_AREA and name in theirs)
    ]
    if not areas and not absent:
        return None, roots
    ids = {
        operation_id
        for paths in (ours.paths, reference["paths"])
        for path, _, operation_id, _ in _operations(paths)
        if _area_of_path(ours, path) in meant or (not areas and paths is not ours.paths)
    }
    return ids, roots


def _area(document: Document, pointer: str) -> str:
    return Path(document.file(pointer)).stem


def _area_of_path(document: Document, path: str) -> str | None:
    """The area that a path belongs to: that of our longest path which it goes on from; None if there is none."""
    parts = _template(path).split("/")
    best: tuple[int, str] | None = None
    for mine in document.paths:
        mine_parts = _template(mine).split("/")
        if parts[: len(mine_parts)] == mine_parts and (best is None or len(mine_parts) > best[0]):
            best = len(mine_parts), _area(document, f"/paths/{escape(mine)}")
    return best[1] if best else None


def _template(path: str) -> str:
    """A path without the names of its parameters, which carry no meaning."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def _operations(paths: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Path, method, id and the operation itself, with the parameters of the path among its own."""
    for path, item in paths.items():
        for method in METHODS:
            operation = item.get(method) if is_object(item) else None
            if is_object(operation):
                parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
                operation_id = str(operation.get("operationId", f"{method.upper()} {path}"))
                yield path, method, operation_id, {**operation, "parameters": parameters}


# ---- schemas as they are meant ----


@dataclass
class _Branch:
    """One kind of value that a schema allows."""

    kind: str
    schema: dict[str, Any]
    values: list[Any] | None = None
    """The only values allowed, from `enum` or `const`."""
    scope: str = ""
    """The named schema around it."""


@dataclass
class _Shape:
    """What a schema means: the kinds of values it allows, and what holds for all of them."""

    branches: list[_Branch] = field(default_factory=list[_Branch])
    nullable: bool = False
    deprecated: bool = False
    default: Any = _ABSENT

    def kinds(self) -> str:
        return " | ".join(sorted({branch.kind for branch in self.branches})) or "any"


class _Side:
    """One of the two documents."""

    def __init__(self, root: dict[str, Any]) -> None:
        self.root = root
        components = root.get("components")
        schemas = components.get("schemas") if is_object(components) else None
        self.schemas: dict[str, Any] = schemas if is_object(schemas) else {}
        self.merged: dict[int, dict[str, Any]] = {}

    def deref(self, value: Any) -> Any:
        """A parameter, body or answer, which may be a reference."""
        while is_object(value) and "$ref" in value:
            value = self.lookup(value["$ref"])
        return value

    def lookup(self, ref: str) -> Any:
        try:
            return resolve(self.root, ref.removeprefix("#"))
        except (LookupError, TypeError, ValueError):
            return {}  # dangling; means anything

    def shape(self, schema: Any, scope: str = "") -> _Shape:
        """What a schema means. `scope` is the named schema that it is part of."""
        if not is_object(schema):
            return _Shape([_Branch("any", {})])
        if "$recursiveRef" in schema:
            schema = {**schema, "$ref": f"#{SCHEMAS}/{scope}"}
        shape = _Shape(
            nullable=schema.get("nullable") is True,
            deprecated=schema.get("deprecated") is True,
            default=schema.get("default", _ABSENT),
        )
        alternatives = [item for item in schema.get("oneOf") or schema.get("anyOf") or () if not _only_required(item)]
        if "$ref" in schema:
            ref = str(schema["$ref"])
            inner = self.shape(self.lookup(ref), ref.rpartition("/")[2])
            _add(shape, inner)
            shape.deprecated |= inner.deprecated
        elif "allOf" in schema:
            _add(shape, self.shape(self.merge(schema), scope))
        elif alternatives:
            for item in alternatives:
                _add(shape, self.shape(item, scope))
        else:
            self.plain(schema, shape, scope)
        return shape

    def plain(self, schema: dict[str, Any], shape: _Shape, scope: str) -> None:
        """Add what a schema without alternatives allows."""
        if schema.keys() == {"nullable"}:
            return  # the old way to write `or null` as an alternative
        values: list[Any] | None = [schema["const"]] if "const" in schema else schema.get("enum")
        types = schema.get("type")
        kinds: list[str] = list(types) if is_list(types) else [types or _guess(schema, values)]
        if _NULL in kinds or (values and None in values):
            shape.nullable = True
        if values is not None:
            values = [value for value in values if value is not None]
        shape.branches += [_Branch(kind, schema, values, scope) for kind in kinds if kind != _NULL]

    def merge(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The parts of an `allOf` in one schema. A part that is a union stays one."""
        # Kept, because comparisons are remembered by the identity of schemas.
        if id(schema) not in self.merged:
            result: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
            for part in schema["allOf"]:
                inner = self.deref(part)
                inner = self.merge(inner) if "allOf" in inner else inner
                properties = {**inner.get("properties", {}), **result.get("properties", {})}
                required = [*result.get("required", []), *inner.get("required", [])]
                result = {**inner, **result, "properties": properties, "required": required}
                if not properties:
                    del result["properties"]
            self.merged[id(schema)] = result
        return self.merged[id(schema)]


def _only_required(schema: Any) -> bool:
    return is_object(schema) and schema.keys() == {"required"}


def _add(shape: _Shape, inner: _Shape) -> None:
    """Let a shape allow what another allows."""
    shape.branches += inner.branches
    shape.nullable |= inner.nullable
    if shape.default == _ABSENT:
        shape.default = inner.default


def _guess(schema: dict[str, Any], values: list[Any] | None) -> str:
    """The type of a schema that does not name it."""
    if "properties" in schema or "additionalProperties" in schema:
        return "object"
    if "items" in schema:
        return "array"
    if values and all(isinstance(value, str) for value in values):
        return "string"
    return "any"


# ---- comparison ----


class _Comparison:
    """Walks both documents side by side and notes where they differ."""

    def __init__(self, ours: _Side, theirs: _Side) -> None:
        self.ours = ours
        self.theirs = theirs
        self.found: set[Difference] = set()
        self.seen: set[tuple[int, int]] = set()

    def note(self, kind: str, where: str, ours: object, theirs: object) -> None:
        self.found.add(Difference(kind, where, _show(ours), _show(theirs)))

    def compare(self, what: str, where: str, ours: object, theirs: object) -> None:
        if ours != theirs:
            self.note(f"changed {what}", where, ours, theirs)

    def names(self, what: str, prefix: str, ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
        """Note names that only one side has; gives those that both have."""
        for name in sorted({*ours, *theirs}):
            if name not in ours:
                self.note(f"missing {what}", prefix + name, _ABSENT, "present")
            elif name not in theirs:
                self.note(f"extra {what}", prefix + name, "present", _ABSENT)
            else:
                yield name

    def operations(self, chosen: set[str] | None) -> None:
        ours, theirs = (
            {
                (_template(path), method): (f"{method.upper()} {path}", operation_id, operation)
                for path, method, operation_id, operation in _operations(side.root["paths"])
            }
            for side in (self.ours, self.theirs)
        )
        for key in sorted({*ours, *theirs}):
            mine, other = ours.get(key), theirs.get(key)
            if chosen is not None and not any(side and side[1] in chosen for side in (mine, other)):
                continue
            if mine and other:
                self.compare("operationId", mine[0], mine[1], other[1])
                self.operation(mine[1], mine[2], other[2])
            elif other:
                self.note("missing operation", other[0], _ABSENT, other[1])
            elif mine:
                self.note("extra operation", mine[0], mine[1], _ABSENT)

    def operation(self, name: str, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        self.compare("deprecated", name, bool(ours.get("deprecated")), bool(theirs.get("deprecated")))
        mine, other = (
            {f"{item['in']} {item['name']}": item for item in map(side.deref, operation["parameters"])}
            for side, operation in ((self.ours, ours), (self.theirs, theirs))
        )
        for key in self.names("parameter", f"{name} ", mine, other):
            where = f"{name} {key}"
            self.compare("required", where, bool(mine[key].get("required")), bool(other[key].get("required")))
            self.schema(where, mine[key].get("schema"), other[key].get("schema"))
        body, other_body = self.ours.deref(ours.get("requestBody")), self.theirs.deref(theirs.get("requestBody"))
        if body is None or other_body is None:
            if body is not other_body:
                kind = "missing request body" if body is None else "extra request body"
                self.note(kind, name, body and "present", other_body and "present")
        else:
            self.compare("required", f"{name} request", bool(body.get("required")), bool(other_body.get("required")))
            self.content(f"{name} request", body, other_body)
        self.content(f"{name} response", _success(self.ours, ours), _success(self.theirs, theirs))

    def content(self, where: str, ours: dict[str, Any], theirs: dict[str, Any]) -> None:
        mine, other = ours.get("content", {}), theirs.get("content", {})
        for media_type in self.names("media type", f"{where} ", mine, other):
            self.schema(where, mine[media_type].get("schema"), other[media_type].get("schema"))

    def root(self, name: str) -> None:
        if name in self.theirs.schemas:
            ref = {"$ref": f"#{SCHEMAS}/{name}"}
            self.schema(name, ref, ref)
        else:
            self.note("extra schema", name, "present", _ABSENT)

    def schema(self, where: str, ours: Any, theirs: Any, ours_scope: str = "", theirs_scope: str = "") -> None:
        mine, other = self.ours.shape(ours, ours_scope), self.theirs.shape(theirs, theirs_scope)
        self.compare("nullable", where, mine.nullable, other.nullable)
        self.compare("deprecated", where, mine.deprecated, other.deprecated)
        self.compare("default", where, mine.default, other.default)
        self.branches(where, mine, other)

    def branches(self, where: str, ours: _Shape, theirs: _Shape) -> None:
        """Compare the kinds of values that two schemas allow, each with the one most like it."""
        if len(ours.branches) == 1 == len(theirs.branches):
            self.branch(where, ours.branches[0], theirs.branches[0])
            return
        pairs = [
            (likeness, mine, other)
            for mine in ours.branches
            for other in theirs.branches
            if (likeness := self.likeness(mine, other))
        ]
        left, right = list(ours.branches), list(theirs.branches)
        for _, mine, other in sorted(pairs, key=lambda pair: -pair[0]):
            if any(mine is branch for branch in left) and any(other is branch for branch in right):
                left = [branch for branch in left if branch is not mine]
                right = [branch for branch in right if branch is not other]
                label = self.label(self.ours, mine)
                self.branch(f"{where}<{label}>" if mine.kind == "object" else where, mine, other)
        for branch in left:
            self.note("extra branch", f"{where}<{self.label(self.ours, branch)}>", "present", _ABSENT)
        for branch in right:
            self.note("missing branch", f"{where}<{self.label(self.theirs, branch)}>", _ABSENT, "present")

    def likeness(self, ours: _Branch, theirs: _Branch) -> int:
        """How well two branches of a union fit together; 0 if they are different things."""
        if ours.kind != theirs.kind:
            return 0
        if ours.kind == "array":
            mine, other = (
                side.shape(branch.schema.get("items"), branch.scope).kinds()
                for side, branch in ((self.ours, ours), (self.theirs, theirs))
            )
            return 2 if mine == other else 1
        if ours.kind == "object":
            tag, other_tag = self.tag(self.ours, ours), self.tag(self.theirs, theirs)
            if tag and other_tag:
                return 1000 if set(tag) & set(other_tag) else 0
            return 1 + len(ours.schema.get("properties", {}).keys() & theirs.schema.get("properties", {}).keys())
        return 2 if (ours.values is None) == (theirs.values is None) else 1

    def tag(self, side: _Side, branch: _Branch) -> list[str]:
        """The values of the property that tells an object from the others in its union."""
        properties = branch.schema.get("properties", {})
        for name in _TAGS:
            if name in properties:
                for inner in side.shape(properties[name], branch.scope).branches:
                    if inner.values:
                        return [str(value) for value in inner.values]
        return []

    def label(self, side: _Side, branch: _Branch) -> str:
        if branch.kind != "object":
            return branch.kind
        return "/".join(self.tag(side, branch)) or branch.scope or branch.kind

    def branch(self, where: str, ours: _Branch, theirs: _Branch) -> None:
        if ours.kind != theirs.kind:
            self.note("changed type", where, ours.kind, theirs.kind)
            return
        if (id(ours.schema), id(theirs.schema)) in self.seen:
            return
        self.seen.add((id(ours.schema), id(theirs.schema)))
        self.values(where, ours.values, theirs.values)
        mine, other = ours.schema, theirs.schema
        for limit in _LIMITS.get(ours.kind, ()):
            self.compare(limit, where, mine.get(limit, _ABSENT), other.get(limit, _ABSENT))
        if ours.kind == "string":
            self.compare("format", where, mine.get("format") == "binary", other.get("format") == "binary")
        elif ours.kind == "array":
            self.schema(f"{where}[]", mine.get("items"), other.get("items"), ours.scope, theirs.scope)
        elif ours.kind == "object":
            self.object(where, ours, theirs)

    def values(self, where: str, ours: list[Any] | None, theirs: list[Any] | None) -> None:
        if ours is None or theirs is None:
            if ours is not theirs:
                self.note("changed enum", where, "any" if ours is None else ours, "any" if theirs is None else theirs)
            return
        for value in theirs:
            if value not in ours:
                self.note("missing enum value", where, _ABSENT, value)
        for value in ours:
            if value not in theirs:
                self.note("extra enum value", where, value, _ABSENT)

    def object(self, where: str, ours: _Branch, theirs: _Branch) -> None:
        mine, other = ours.schema.get("properties", {}), theirs.schema.get("properties", {})
        for name in self.names("field", f"{where}.", mine, other):
            required, other_required = (name in side.schema.get("required", ()) for side in (ours, theirs))
            self.compare("required", f"{where}.{name}", required, other_required)
            self.schema(f"{where}.{name}", mine[name], other[name], ours.scope, theirs.scope)
        rest, other_rest = (side.schema.get("additionalProperties") for side in (ours, theirs))
        self.compare("additionalProperties", where, _openness(rest), _openness(other_rest))
        if is_object(rest) and is_object(other_rest):
            self.schema(f"{where}{{}}", rest, other_rest, ours.scope, theirs.scope)


def _openness(rest: Any) -> str:
    """What an object may hold besides its properties."""
    if rest is False:
        return _ABSENT
    return "typed" if rest and rest is not True else "any"


def _success(side: _Side, operation: dict[str, Any]) -> dict[str, Any]:
    """The answer of an operation when all goes well."""
    responses = operation.get("responses", {})
    codes = sorted(code for code in responses if str(code).startswith("2"))
    return side.deref(responses[codes[0]]) if codes else {}


def _show(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _ABSENT if value is None else str(value)
