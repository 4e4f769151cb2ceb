"""Reads the specs of one API version into one document, and applies the overlay.

A spec file is OpenAPI 3.1 with fewer keys: `openapi`, `info`, `paths`, `components.schemas` and `x-roots`, the names of
schemas that are wanted although no operation refers to them. References are `#/components/schemas/X` within a file and
`other.yaml#/components/schemas/X` across files; in the loaded document all have the first form.

The overlay is a list of corrections, each with its reason:

    - at: [v2, /components/schemas/RunObject/properties/instructions]     # version, then one or more JSON pointers
      merge: {type: [string, 'null']}                                     # RFC 7386 merge patch
      why: ...
    - at: [v2, /components/schemas/ListRunsResponse/required]
      drop: [first_id]                                                    # keys of an object, items of a list
      why: ...
    - at: [v2, everywhere]                                                # these keys in every object
      drop: [deprecated]
      why: ...

A correction that finds nothing to correct is refused, so none outlives its reason.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeGuard

import yaml

METHODS: Final = ("get", "post", "put", "patch", "delete")
SERVER: Final = "https://api.openai.com/v1"
SCHEMAS: Final = "/components/schemas"

_OVERLAY: Final = "overlay.yaml"
_EVERYWHERE: Final = "everywhere"
_TOP_LEVEL: Final = frozenset({"openapi", "info", "paths", "components", "x-roots"})
_REF: Final = re.compile(r"(?P<file>[\w.-]+\.yaml)?#/components/schemas/(?P<name>\w+)")


class SpecError(Exception):
    """A spec, the overlay or another input of the generator is not as it must be."""

    def __init__(self, file: str, pointer: str, reason: str) -> None:
        super().__init__(file, pointer, reason)
        self.file = file
        self.pointer = pointer
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.file}: {self.pointer or '/'}: {self.reason}"


@dataclass(frozen=True)
class Document:
    """The merged specs of one API version."""

    version: str
    paths: dict[str, Any]
    schemas: dict[str, Any]
    roots: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    """Pointer of each path and schema -> file that defines it."""
    corrected: tuple[str, ...] = ()
    """Pointers that the overlay changed."""

    def file(self, pointer: str) -> str:
        """Name of the file, such as `v2/runs.yaml`, that defines what is at a pointer."""
        parts = pointer.split("/")
        size = 3 if parts[1:2] == ["paths"] else 4
        return self.files.get("/".join(parts[:size]), self.version)

    def origin(self, pointer: str) -> str:
        """File and pointer, for messages."""
        return f"{self._sources(pointer)}: {pointer}"

    def error(self, pointer: str, reason: str) -> SpecError:
        """The exception for something at a pointer that is not as it must be."""
        return SpecError(self._sources(pointer), pointer, reason)

    def _sources(self, pointer: str) -> str:
        """The file that defines what is at a pointer, and the overlay if it had a hand in it."""
        file = self.file(pointer)
        if any(pointer == at or pointer.startswith(at + "/") for at in self.corrected):
            return f"{file} and {_OVERLAY}"
        return file


def load(specs: Path, overlay: Path | None, version: str) -> Document:
    """Read the specs of a version, merge them, and correct them as the overlay says."""
    document = _merge_files(specs / version, version)
    _check_uses(document)
    if overlay is not None:
        document = _apply_overlay(document, read_overlay(specs, overlay))
        _check_uses(document)
    return document


def as_openapi(document: Document) -> dict[str, Any]:
    """A complete OpenAPI 3.1 document, for validators and other tools; shares nothing with the input."""
    schemas = copy.deepcopy(document.schemas)
    for schema in schemas.values():
        # Tools take the tag's value for a schema name unless a mapping tells them otherwise.
        if "discriminator" in schema:
            schema["discriminator"]["mapping"] = _tag_mapping(document, schema)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Assistants API",
            "version": document.version,
            "description": "Assistants, threads, messages, runs and what belongs to them.",
        },
        "servers": [{"url": SERVER}],
        "paths": copy.deepcopy(document.paths),
        "components": {"schemas": schemas},
    }


def _tag_mapping(document: Document, union: dict[str, Any]) -> dict[str, str]:
    tag = union["discriminator"]["propertyName"]
    mapping: dict[str, str] = {}
    for branch in union["oneOf"]:
        values = document.schemas[branch["$ref"].rpartition("/")[2]]["properties"][tag]
        mapping.update(dict.fromkeys(values["enum"] if "enum" in values else [values["const"]], branch["$ref"]))
    return mapping


# ---- JSON values and pointers ----


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether a JSON value is an array."""
    return isinstance(value, list)


def escape(key: str) -> str:
    """A key as a part of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def walk(value: object, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object within a JSON value with its pointer, outer ones first."""
    if is_object(value):
        yield pointer, value
        for key, item in value.items():
            yield from walk(item, f"{pointer}/{escape(key)}")
    elif is_list(value):
        for index, item in enumerate(value):
            yield from walk(item, f"{pointer}/{index}")


def resolve(value: Any, pointer: str) -> Any:
    """What a pointer points to; LookupError or ValueError if it points to nothing."""
    if not pointer.startswith("/"):
        raise ValueError(pointer)
    for part in pointer[1:].split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if is_list(value) else value[key]
    return value


# ---- YAML ----

_SCALARS: Final[tuple[tuple[re.Pattern[str], Callable[[str], float | None]], ...]] = (
    (re.compile(r"(?:~|null|Null|NULL)?"), lambda text: None),
    (re.compile(r"true|True|TRUE|false|False|FALSE"), lambda text: text.lower() == "true"),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
)


def read_yaml(path: Path, name: str, *, strict: bool = True) -> Any:
    """Read a YAML or JSON file as YAML 1.2 does: `on`, `no` and dates are strings.

    Strict reading also refuses what makes a file mean something else than it seems to: keys given twice, keys that
    are not strings, aliases and tags.
    """
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=loader)
    except OSError as error:
        raise SpecError(name, "", error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise SpecError(name, "", "not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise SpecError(name, "", f"{line}{error.problem}") from error
    except yaml.YAMLError as error:  # characters that YAML does not allow
        raise SpecError(name, "", str(error)) from error
    return None if node is None else _Yaml(name, strict).value(node, "")


class _Yaml:
    """Turns the nodes of one YAML file into plain values."""

    def __init__(self, file: str, strict: bool) -> None:
        self.file = file
        self.strict = strict
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, pointer: str) -> Any:
        if self.strict:
            if id(node) in self.seen:
                raise self.error(node, pointer, "aliases are not allowed, use $ref")
            self.seen.add(id(node))
            if node.tag not in ("tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"):
                raise self.error(node, pointer, f"the tag {node.tag} is not allowed")
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, pointer)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, f"{pointer}/{index}") for index, item in enumerate(node.value)]
        return self.scalar(node)

    def mapping(self, node: yaml.MappingNode, pointer: str) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, item in node.value:
            key = self.value(key_node, pointer)
            if self.strict and not isinstance(key, str):
                raise self.error(key_node, pointer, f"the key {key!r} is not a string, quote it")
            if self.strict and key in result:
                raise self.error(key_node, f"{pointer}/{escape(key)}", "the key is given twice")
            result[str(key)] = self.value(item, f"{pointer}/{escape(str(key))}")
        return result

    def scalar(self, node: yaml.Node) -> Any:
        text: str = node.value
        if not getattr(node, "style", None):  # plain, neither quoted nor a block
            for pattern, convert in _SCALARS:
                if pattern.fullmatch(text):
                    return convert(text)
        return text

    def error(self, node: yaml.Node, pointer: str, reason: str) -> SpecError:
        mark: yaml.Mark | None = node.start_mark
        return SpecError(self.file, pointer, reason if mark is None else f"line {mark.line + 1}: {reason}")


# ---- merging the files of a version ----


def _merge_files(folder: Path, version: str) -> Document:
    trees = {path.name: _read_spec(path, version) for path in sorted(folder.glob("*.yaml"))}
    if not trees:
        raise SpecError(f"{version}/", "", "there are no spec files")
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    files: dict[str, str] = {}
    roots: list[str] = []
    operations: dict[str, str] = {}
    for name, tree in trees.items():
        file = f"{version}/{name}"
        for path, item in tree["paths"].items():
            pointer = f"/paths/{escape(path)}"
            if pointer in files:
                raise SpecError(file, pointer, f"the path is in {files[pointer]} too")
            files[pointer] = file
            paths[path] = item
            _check_path_item(item, file, pointer, operations)
        for schema_name, schema in tree["components"]["schemas"].items():
            pointer = f"{SCHEMAS}/{escape(schema_name)}"
            if pointer in files:
                raise SpecError(file, pointer, f"the schema is in {files[pointer]} too")
            files[pointer] = file
            schemas[schema_name] = schema
        for index, root in enumerate(tree["x-roots"]):
            if root not in tree["components"]["schemas"]:
                raise SpecError(file, f"/x-roots/{index}", f"there is no schema {root} in this file")
            roots.append(root)
    for name, tree in trees.items():
        _rewrite_refs(tree, f"{version}/{name}", files)
    return Document(version, paths, schemas, tuple(roots), files)


def _read_spec(path: Path, version: str) -> dict[str, Any]:
    """One spec file with all its sections present, checked as far as merging needs it."""
    file = f"{version}/{path.name}"
    tree = read_yaml(path, file)
    if not is_object(tree):
        raise SpecError(file, "", "the file is not a mapping")
    if unknown := sorted(tree.keys() - _TOP_LEVEL):
        raise SpecError(file, f"/{escape(unknown[0])}", "unknown key")
    if tree.get("openapi") != "3.1.0":
        raise SpecError(file, "/openapi", "must be 3.1.0")
    info = tree.get("info")
    if not is_object(info) or info.get("version") != version:
        raise SpecError(file, "/info/version", f"must be {version}, like the folder")
    components = tree.setdefault("components", {})
    if not is_object(components) or components.keys() - {"schemas"}:
        raise SpecError(file, "/components", "must be a mapping with nothing but schemas")
    for pointer, value in (("/paths", tree.setdefault("paths", {})), (SCHEMAS, components.setdefault("schemas", {}))):
        if not is_object(value) or not all(is_object(item) for item in value.values()):
            raise SpecError(file, pointer, "must be a mapping of mappings")
    if not is_list(tree.setdefault("x-roots", [])):
        raise SpecError(file, "/x-roots", "must be a list of schema names")
    return tree


def _check_path_item(item: dict[str, Any], file: str, pointer: str, operations: dict[str, str]) -> None:
    """Refuse unknown methods and operation ids that are missing or taken; notes the ids."""
    for method, operation in item.items():
        at = f"{pointer}/{escape(method)}"
        if method not in METHODS:
            raise SpecError(file, at, f"not one of {', '.join(METHODS)}")
        operation_id = operation.get("operationId") if is_object(operation) else None
        if not isinstance(operation_id, str):
            raise SpecError(file, at, "the operation has no operationId")
        if operation_id in operations:
            raise SpecError(file, f"{at}/operationId", f"{operation_id} is taken, see {operations[operation_id]}")
        operations[operation_id] = f"{file}: {at}"


def _rewrite_refs(tree: dict[str, Any], file: str, files: Mapping[str, str]) -> None:
    """Give all references the form that holds in the merged document; refuse those that lead nowhere."""
    for pointer, value in walk(tree):
        if "$ref" not in value:
            continue
        ref = value["$ref"]
        match = _REF.fullmatch(ref) if isinstance(ref, str) else None
        if match is None:
            raise SpecError(file, f"{pointer}/$ref", f"{ref!r} is not [FILE.yaml]#{SCHEMAS}/NAME")
        folder = file.rpartition("/")[0]
        target = f"{folder}/{match['file']}" if match["file"] else file
        home = files.get(f"{SCHEMAS}/{match['name']}")
        if home != target:
            hint = f", but in {home}" if home else ""
            raise SpecError(file, f"{pointer}/$ref", f"{match['name']} is not in {target}{hint}")
        value["$ref"] = f"#{SCHEMAS}/{match['name']}"


def _check_uses(document: Document) -> None:
    """Refuse references to schemas that do not exist, and schemas that nothing needs."""
    used: set[str] = set()
    todo: list[tuple[str, object]] = [("/paths", document.paths)]
    todo += [(f"{SCHEMAS}/{name}", {"$ref": f"#{SCHEMAS}/{name}"}) for name in document.roots]
    while todo:
        start, value = todo.pop()
        for pointer, inner in walk(value, start):
            if "$ref" not in inner:
                continue
            prefix, _, name = str(inner["$ref"]).rpartition("/")
            if prefix != f"#{SCHEMAS}" or name not in document.schemas:
                raise document.error(f"{pointer}/$ref", f"{inner['$ref']!r} leads nowhere")
            if name not in used:
                used.add(name)
                todo.append((f"{SCHEMAS}/{name}", document.schemas[name]))
    for name in document.schemas:
        if name not in used:
            raise document.error(f"{SCHEMAS}/{name}", "nothing uses the schema and it is not in x-roots")


# ---- overlay ----


@dataclass(frozen=True)
class Correction:
    """One entry of the overlay."""

    pointer: str
    """Where the entry is in the overlay."""
    version: str
    targets: list[str]
    merge: dict[str, Any] | None
    drop: list[str] | None


def read_overlay(specs: Path, overlay: Path) -> list[Correction]:
    """The entries of the overlay, of all versions."""
    entries = read_yaml(overlay, _OVERLAY)
    if not is_list(entries):
        raise SpecError(_OVERLAY, "", "the file is not a list")
    return [_read_correction(entry, f"/{index}", specs) for index, entry in enumerate(entries)]


def _read_correction(raw: object, pointer: str, specs: Path) -> Correction:
    if not is_object(raw) or raw.keys() not in ({"at", "merge", "why"}, {"at", "drop", "why"}):
        raise SpecError(_OVERLAY, pointer, "an entry has the keys at, why, and either merge or drop")
    at, merge, drop, why = raw["at"], raw.get("merge"), raw.get("drop"), raw["why"]
    if not is_list(at) or len(at) < 2 or not all(isinstance(part, str) for part in at):
        raise SpecError(_OVERLAY, f"{pointer}/at", "must be [version, pointer, ...]")
    if not (specs / at[0]).is_dir():
        raise SpecError(_OVERLAY, f"{pointer}/at/0", f"there is no version {at[0]}")
    if not isinstance(why, str) or not why.strip():
        raise SpecError(_OVERLAY, f"{pointer}/why", "must say why")
    if "merge" in raw and (not is_object(merge) or not merge or _EVERYWHERE in at):
        raise SpecError(_OVERLAY, f"{pointer}/merge", "must be a mapping, for the objects at certain pointers")
    if "drop" in raw and (not is_list(drop) or not drop):
        raise SpecError(_OVERLAY, f"{pointer}/drop", "must be a list of keys or items")
    return Correction(pointer, at[0], at[1:], merge, drop)


def _apply_overlay(document: Document, corrections: list[Correction]) -> Document:
    tree = {"paths": document.paths, "components": {"schemas": document.schemas}}
    corrected: list[str] = []
    for correction in corrections:
        if correction.version != document.version:
            continue
        for target in correction.targets:
            try:
                _correct(tree, target, correction)
            except _StaleError as error:
                raise SpecError(_OVERLAY, correction.pointer, f"{target}: {error}") from None
            corrected.append(target)
    return replace(document, corrected=tuple(corrected))


class _StaleError(Exception):
    """A correction has nothing to correct."""


def _correct(tree: dict[str, Any], target: str, correction: Correction) -> None:
    if target == _EVERYWHERE:
        for key in correction.drop or ():
            if not _drop_key(tree["paths"], key) + _drop_key(tree["components"]["schemas"], key, names=True):
                raise _StaleError(f"there is no {key}")
        return
    try:
        value = resolve(tree, target)
    except (LookupError, TypeError, ValueError):
        raise _StaleError("there is nothing") from None
    if correction.merge is not None:
        if not is_object(value):
            raise _StaleError("there is no object to merge into")
        _merge_patch(value, correction.merge, "")
    for name in correction.drop or ():
        if is_object(value) and name in value:
            del value[name]
        elif is_list(value) and name in value:
            value.remove(name)
        else:
            raise _StaleError(f"there is no {name}")


def _merge_patch(value: dict[str, Any], patch: dict[str, Any], pointer: str) -> None:
    """RFC 7386, but each part of the patch must make a difference."""
    for key, new in patch.items():
        at = f"{pointer}/{escape(key)}"
        old = value.get(key)
        if is_object(new) and (new or not is_object(old)):
            inner = value[key] = old if is_object(old) else {}
            _merge_patch(inner, new, at)
        elif new == {} or (key not in value if new is None else key in value and old == new):
            raise _StaleError(f"merging {at} changes nothing")
        elif new is None:
            del value[key]
        else:
            value[key] = copy.deepcopy(new)


def _drop_key(value: object, key: str, *, names: bool = False) -> int:
    """Remove a key from all objects within; the keys of name maps (`properties`) are no keywords and stay."""
    count = 0
    if is_object(value):
        if not names and key in value:
            del value[key]
            count += 1
        for inner_key, inner in value.items():
            count += _drop_key(inner, key, names=not names and inner_key == "properties")
    elif is_list(value):
        count += sum(_drop_key(inner, key) for inner in value)
    return count
