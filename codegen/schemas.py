"""Schemas of the specs -> types and definitions of the intermediate form."""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword
from typing import Any, Final

from codegen.ir import (
    Alias,
    Array,
    Choice,
    Definition,
    Field,
    Limit,
    Literals,
    Map,
    Model,
    Names,
    Note,
    Nullable,
    Primitive,
    Ref,
    SuggestedString,
    TaggedUnion,
    Type,
    view_name,
)
from codegen.load import SCHEMAS, Document, SpecError, escape, is_list, is_object
from codegen.sdk import FILE, SchemaEntry, VersionEntry

TEXTS: Final = frozenset({"description", "default"})
"""Keywords that may stand in every schema."""
LIMITS: Final[Mapping[str, tuple[str, ...]]] = {
    "integer": ("minimum", "maximum"),
    "number": ("minimum", "maximum"),
    "string": ("minLength", "maxLength", "pattern"),
    "array": ("minItems", "maxItems"),
    "object": ("maxProperties",),
    "boolean": (),
}
FORMATS: Final[Mapping[tuple[str, str | None], Primitive]] = {
    ("string", None): Primitive("str"),
    ("string", "binary"): Primitive("file"),
    ("integer", None): Primitive("int"),
    ("integer", "unixtime"): Primitive("timestamp"),
    ("number", None): Primitive("float"),
    ("boolean", None): Primitive("bool"),
}
TAKEN_BY_MODELS: Final = frozenset(
    {
        "construct",
        "copy",
        "deviations",
        "dict",
        "fields",
        "from_orm",
        "json",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "response_record",
        "schema",
        "schema_json",
        "to_dict",
        "to_json",
        "update_forward_refs",
        "validate",
    }
)
"""Attributes of the model base class; a field of that name would hide one."""

USUAL_BASE: Final = "_models:BaseModel"

Raw = dict[str, Any]


class SchemaParser:
    """Reads the schemas of one version."""

    def __init__(self, document: Document, version: VersionEntry) -> None:
        self.document = document
        self.version = version
        self.unions = self._find_unions()

    # ---- definitions ----

    def definitions(self) -> dict[str, Definition]:
        """All schemas that have a Python name."""
        for name in self.document.schemas:
            if name not in self.version.schemas:
                raise self.document.error(f"{SCHEMAS}/{name}", f"the schema is not in {FILE}")
        for name, entry in self.version.schemas.items():
            if name not in self.document.schemas:
                raise SpecError(FILE, entry.pointer, f"there is no schema {name}")
        return {
            name: self.definition(name, entry)
            for name, entry in self.version.schemas.items()
            if entry.role in ("named", "body")
        }

    def definition(self, name: str, entry: SchemaEntry) -> Definition:
        pointer = f"{SCHEMAS}/{escape(name)}"
        raw = self.raw(name)
        names = Names(entry.topic, entry.result, entry.param, self._accepted(entry))
        source = self.document.file(pointer)
        doc = self.description(raw, pointer)
        if "properties" in raw:
            if entry.unknown is not None:
                raise SpecError(FILE, entry.pointer, "unknown is for tagged unions")
            return Model(name, names, doc, self.fields(raw, pointer, name), self._base(name), source)
        if (tag := self.tag_of(name)) is not None:
            return self.tagged_union(name, tag, entry, names, doc, source)
        if entry.role == "body":
            raise self.document.error(pointer, "a request body must be an object with properties")
        if entry.unknown is not None or entry.base is not None:
            raise SpecError(FILE, entry.pointer, "unknown and base are for classes")
        return Alias(name, names, doc, self.type(raw, pointer), source)

    def tagged_union(self, name: str, tag: str, entry: SchemaEntry, names: Names, doc: str, source: str) -> TaggedUnion:
        raw, pointer = self.raw(name), f"{SCHEMAS}/{escape(name)}"
        self.allow(raw, pointer, {"oneOf", "discriminator"})
        strings: list[str] = []
        members: list[str] = []
        for index, branch in enumerate(raw["oneOf"]):
            at = f"{pointer}/oneOf/{index}"
            if "$ref" not in branch:
                literals = self.type(branch, at)
                if not isinstance(literals, Literals):
                    raise self.document.error(at, "a tagged union has references and string enums only")
                strings += literals.values
            elif self.version.schemas[target := self.target(branch, at)].role != "skipped":
                members.append(target)
        if entry.result is not None and entry.unknown is None:
            raise SpecError(
                FILE, entry.pointer, "a tagged union among the results needs the name of its unknown member"
            )
        if entry.result is None and entry.unknown is not None:
            raise SpecError(FILE, entry.pointer, "unknown is for unions among the results")
        return TaggedUnion(name, names, doc, tag, tuple(strings), tuple(members), entry.unknown, entry.base, source)

    def fields(self, raw: Raw, pointer: str, owner: str | None) -> tuple[Field, ...]:
        """The properties of an object."""
        self.allow(raw, pointer, {"type", "properties", "required", "additionalProperties"})
        if raw.get("type") != "object":
            raise self.document.error(pointer, "a schema with properties must say `type: object`")
        if raw.get("additionalProperties", False) is not False:
            raise self.document.error(
                f"{pointer}/additionalProperties", "an object has properties or is a map, not both"
            )
        required = raw.get("required", [])
        for index, name in enumerate(required):
            if name not in raw["properties"]:
                raise self.document.error(f"{pointer}/required/{index}", f"there is no property {name}")
        fields: list[Field] = []
        for wire, schema in raw["properties"].items():
            at = f"{pointer}/properties/{escape(wire)}"
            type_ = self.type(schema, at)
            if owner is not None and wire in self.unions.get(owner, {}).values():
                type_ = self._closed(type_, at)
            fields.append(Field(self.field_name(wire, at), wire, type_, wire in required, self.note(schema, at)))
        names = {field.name for field in fields}
        for field in fields:
            if field.is_timestamp and view_name(field) in names:
                raise self.document.error(pointer, f"{view_name(field)} is the name of the view of {field.name}")
        return tuple(fields)

    def field_name(self, wire: str, pointer: str) -> str:
        name = self.version.renamed_fields.get(wire, wire)
        if not name.isidentifier() or iskeyword(name) or name in TAKEN_BY_MODELS or name.startswith(("_", "model_")):
            raise self.document.error(pointer, f"{name} cannot be the name of a field; rename it in {FILE} /fields")
        return name

    # ---- types ----

    def type(self, schema: object, pointer: str) -> Type:
        """The type that a schema within another describes."""
        if not is_object(schema):
            raise self.document.error(pointer, "must be a mapping")
        if "$ref" in schema:
            return self._reference(schema, pointer)
        if "anyOf" in schema or "oneOf" in schema:
            return self._choice(schema, pointer)
        if "const" in schema:
            return self._constant(schema, pointer)
        kind, nullable = self._kind(schema, pointer)
        if "enum" in schema:
            inner: Type = self._enum(schema, pointer, kind)
        elif kind == "array":
            inner = self._array(schema, pointer)
        elif kind == "object":
            inner = self._map(schema, pointer)
        else:
            inner = self._primitive(schema, pointer, kind)
        return Nullable(inner) if nullable else inner

    def note(self, schema: Raw, pointer: str) -> Note:
        """What is written about a value: description, limits, and what the server takes without it."""
        default = schema.get("default")
        return Note(
            self.description(schema, pointer),
            self._limits(schema),
            str(default) if isinstance(default, (str, int, float)) else None,
        )

    def description(self, schema: Raw, pointer: str) -> str:
        text = schema.get("description")
        if not isinstance(text, str) or not text.strip():
            raise self.document.error(pointer, "there is no description")
        return " ".join(text.split())

    def raw(self, name: str) -> Raw:
        schema = self.document.schemas[name]
        if not is_object(schema):
            raise self.document.error(f"{SCHEMAS}/{escape(name)}", "must be a mapping")
        return schema

    def target(self, schema: Raw, pointer: str) -> str:
        """Name of the schema that a reference leads to."""
        self.allow(schema, pointer, {"$ref"})
        return str(schema["$ref"]).rpartition("/")[2]

    def allow(self, schema: Raw, pointer: str, keywords: set[str]) -> None:
        """Refuse keywords that mean nothing to the generator."""
        for key in schema:
            if key not in keywords and key not in TEXTS:
                raise self.document.error(f"{pointer}/{escape(key)}", f"the keyword {key} is not understood here")

    def _reference(self, schema: Raw, pointer: str) -> Type:
        name = self.target(schema, pointer)
        role = self.version.schemas[name].role
        if role == "inline":
            return self.type(self.raw(name), f"{SCHEMAS}/{escape(name)}")
        if role != "named":
            raise self.document.error(pointer, f"{FILE} says that {name} is {role}, so nothing can refer to it here")
        return Ref(name)

    def _choice(self, schema: Raw, pointer: str) -> Type:
        key = "anyOf" if "anyOf" in schema else "oneOf"
        if "discriminator" in schema:
            raise self.document.error(pointer, "a tagged union must be a schema with a name")
        self.allow(schema, pointer, {key})
        branches = [(f"{pointer}/{key}/{index}", branch) for index, branch in enumerate(schema[key])]
        others = [self.type(branch, at) for at, branch in branches if branch != {"type": "null"}]
        if not others:
            raise self.document.error(pointer, f"{key} has no branch that is not null")
        if any(isinstance(other, Nullable) for other in others):
            raise self.document.error(pointer, "null must be a branch of its own")
        if sum(isinstance(other, Ref) and self._is_object(other.schema) for other in others) > 1:
            raise self.document.error(pointer, "a union of objects must be a schema with a name and a discriminator")
        inner = others[0] if len(others) == 1 else self._suggested(others) or Choice(tuple(others))
        return Nullable(inner) if len(others) < len(branches) else inner

    def _suggested(self, members: list[Type]) -> SuggestedString | None:
        """A plain string beside listed strings: any string, with suggestions."""
        if len(members) != 2 or members[0] != Primitive("str"):
            return None
        match members[1]:
            case Literals():
                return SuggestedString(None)
            case Ref(name) if "enum" in self.raw(name):
                return SuggestedString(name)
            case _:
                return None

    def _constant(self, schema: Raw, pointer: str) -> Literals:
        self.allow(schema, pointer, {"type", "const"})
        if schema.get("type") != "string" or not isinstance(schema["const"], str):
            raise self.document.error(pointer, "a constant must be a string")
        return Literals((schema["const"],), closed=True)

    def _kind(self, schema: Raw, pointer: str) -> tuple[str, bool]:
        """The `type` without null, and whether null is allowed."""
        kind = schema.get("type")
        kinds: list[Any] = kind if is_list(kind) else [kind]
        rest = [k for k in kinds if k != "null"]
        if len(rest) != 1 or rest[0] not in LIMITS:
            raise self.document.error(pointer, f"`type: {kind}` is not understood")
        return rest[0], len(rest) < len(kinds)

    def _enum(self, schema: Raw, pointer: str, kind: str) -> Literals:
        self.allow(schema, pointer, {"type", "enum"})
        values = schema["enum"]
        if kind != "string" or not is_list(values) or not all(isinstance(value, str) for value in values):
            raise self.document.error(pointer, "an enum must be a list of strings")
        if len(set(values)) < len(values):
            raise self.document.error(f"{pointer}/enum", "a value is listed twice")
        return Literals(tuple(values), closed=False)

    def _array(self, schema: Raw, pointer: str) -> Array:
        self.allow(schema, pointer, {"type", "items", *LIMITS["array"]})
        return Array(self.type(schema.get("items"), f"{pointer}/items"))

    def _map(self, schema: Raw, pointer: str) -> Map:
        if "properties" in schema:
            raise self.document.error(pointer, "an object with properties must be a schema with a name")
        self.allow(schema, pointer, {"type", "additionalProperties", "propertyNames", *LIMITS["object"]})
        if (keys := schema.get("propertyNames")) is not None:
            self.allow(keys, f"{pointer}/propertyNames", {"maxLength"})
        values = schema.get("additionalProperties")
        if values is True:
            return Map(Primitive("object"))
        return Map(self.type(values, f"{pointer}/additionalProperties"))

    def _primitive(self, schema: Raw, pointer: str, kind: str) -> Primitive:
        self.allow(schema, pointer, {"type", "format", *LIMITS[kind]})
        primitive = FORMATS.get((kind, schema.get("format")))
        if primitive is None:
            raise self.document.error(f"{pointer}/format", f"the format {schema['format']} is not understood")
        return primitive

    def _limits(self, schema: Raw) -> tuple[tuple[str, Limit], ...]:
        """Limits of a value, also where they stand beside null or under a name."""
        if "$ref" in schema:
            target = self.raw(str(schema["$ref"]).rpartition("/")[2])
            return () if "properties" in target else self._limits(target)
        if "anyOf" in schema or "oneOf" in schema:
            branches: list[Raw] = schema["anyOf" if "anyOf" in schema else "oneOf"]
            others = [branch for branch in branches if branch != {"type": "null"}]
            return self._limits(others[0]) if len(others) == 1 else ()
        limits: list[tuple[str, Limit]] = [
            (key, schema[key]) for keys in LIMITS.values() for key in keys if key in schema
        ]
        for key, name in (("propertyNames", "keyLength"), ("additionalProperties", "valueLength")):
            inner = schema.get(key)
            if is_object(inner) and "maxLength" in inner:
                limits.append((name, inner["maxLength"]))
        return tuple(dict(limits).items())

    # ---- unions and their members ----

    def tag_of(self, name: str) -> str | None:
        """The property by which a union is told apart; None for all that is no union of objects."""
        raw, entry = self.raw(name), self.version.schemas.get(name)
        pointer = f"{SCHEMAS}/{escape(name)}"
        given = entry.tag if entry is not None else None
        if "discriminator" not in raw:
            if given is not None and entry is not None and "oneOf" not in raw:
                raise SpecError(FILE, entry.pointer, "tag is for unions")
            return given
        discriminator = raw["discriminator"]
        if not is_object(discriminator) or discriminator.keys() != {"propertyName"} or "oneOf" not in raw:
            raise self.document.error(pointer, "a tagged union has oneOf, and a discriminator with propertyName only")
        if given is not None and entry is not None:
            raise SpecError(FILE, entry.pointer, "tag is for unions that have no discriminator")
        return str(discriminator["propertyName"])

    def _is_object(self, name: str) -> bool:
        return "properties" in self.raw(name) or self.tag_of(name) is not None

    def _find_unions(self) -> dict[str, dict[str, str]]:
        """Schema -> the unions that it is a member of, and the property by which each tells it apart."""
        found: dict[str, dict[str, str]] = {}
        for name in self.document.schemas:
            tag = self.tag_of(name)
            if tag is None:
                continue
            for index, branch in enumerate(self.raw(name)["oneOf"]):
                if "$ref" not in branch:
                    continue
                member = str(branch["$ref"]).rpartition("/")[2]
                raw = self.raw(member)
                if tag not in raw.get("properties", {}) or tag not in raw.get("required", []):
                    reason = f"{member} has no required property {tag}, by which the union is told apart"
                    raise self.document.error(f"{SCHEMAS}/{escape(name)}/oneOf/{index}", reason)
                found.setdefault(member, {})[name] = tag
        return found

    def _base(self, model: str) -> str:
        """Base class of a model: what it or a union that it is a member of says, or the usual one."""
        entry = self.version.schemas[model]
        if entry.base is not None and entry.result is None:
            raise SpecError(FILE, entry.pointer, "base is for results")
        bases = {self.version.schemas[name].base for name in (model, *self.unions.get(model, ()))} - {None}
        if len(bases) > 1:
            raise SpecError(FILE, entry.pointer, "it and its unions give it different bases")
        return bases.pop() or USUAL_BASE if bases else USUAL_BASE

    def _accepted(self, entry: SchemaEntry) -> str | None:
        """Another schema whose results a parameter takes as well; it must have the same or fewer fields."""
        if entry.accepts is None:
            return None
        if entry.param is None or entry.accepts not in self.version.schemas:
            raise SpecError(FILE, entry.pointer, "accepts is for parameters, and names a schema")
        return entry.accepts

    def _closed(self, type_: Type, pointer: str) -> Literals:
        if not isinstance(type_, Literals):
            raise self.document.error(pointer, "the tag of a union must be a constant or an enum")
        return Literals(type_.values, closed=True)
