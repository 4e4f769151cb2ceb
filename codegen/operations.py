"""Operations of the specs, and the resources of `sdk.yaml` -> methods, helpers and resources."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any, Final

from codegen.ir import (
    Answer,
    Argument,
    Array,
    Child,
    Flow,
    Helper,
    Method,
    Nullable,
    Operation,
    ParamsClass,
    Primitive,
    Ref,
    Resource,
    Type,
)
from codegen.load import Document, SpecError, escape, is_object
from codegen.schemas import SchemaParser
from codegen.sdk import FILE, ROOT, HelperEntry, MethodEntry, ResourceEntry, VersionEntry

JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"
FORM: Final = "multipart/form-data"
BYTES: Final = "application/octet-stream"
OWN_NAMES: Final = frozenset(
    {
        *("self", "options", "call", "core", "flow"),
        *("deadline", "extra_body", "extra_headers", "extra_query", "idempotency_key", "max_retries", "timeout"),
    }
)
"""Names that generated methods use themselves, and those of the request options."""
OWN_MEMBERS: Final = frozenset({"with_raw_response", "with_streaming_response"})

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """An operation of the spec, not yet read."""

    path: str
    verb: str
    raw: Raw
    pointer: str


class OperationParser:
    """Reads the operations of one version."""

    def __init__(
        self, document: Document, version: VersionEntry, versions: Collection[VersionEntry], schemas: SchemaParser
    ) -> None:
        self.document = document
        self.version = version
        self.versions = {one.name: one for one in versions}
        self.schemas = schemas
        self.found = {
            raw["operationId"]: Found(path, verb.upper(), raw, f"/paths/{escape(path)}/{verb}")
            for path, item in document.paths.items()
            for verb, raw in item.items()
        }

    def operations(self) -> dict[str, Operation]:
        """All operations, by id; each belongs to one method."""
        operations: dict[str, Operation] = {}
        constants: set[str] = set()
        for resource in self.version.resources:
            for method in resource.methods:
                if method.operation not in self.found:
                    raise SpecError(FILE, method.pointer, f"there is no operation {method.operation}")
                if method.operation in operations:
                    raise SpecError(FILE, method.pointer, f"{method.operation} is a method already")
                operations[method.operation] = operation = self.operation(method, resource)
                if operation.constant in constants:
                    raise SpecError(FILE, method.pointer, f"another method has the constant {operation.constant} too")
                constants.add(operation.constant)
        for name, found in self.found.items():
            if name not in operations:
                raise self.document.error(found.pointer, f"the operation {name} is not in {FILE}")
        return operations

    def resources(self, operations: Mapping[str, Operation]) -> Iterator[Resource]:
        """All resources, the root last."""
        placed = {
            self._place(child, version)
            for version in self.versions.values()
            for entry in (*version.resources, version.root)
            for child in entry.children.values()
        }
        for entry in (*self.version.resources, self.version.root):
            is_root = entry is self.version.root
            if not is_root and (self.version.name, entry.name) not in placed:
                raise SpecError(FILE, entry.pointer, "no resource has this one as child")
            own = [operations[method.operation] for method in entry.methods]
            methods = [self.method(method, operations[method.operation]) for method in entry.methods]
            helpers = [self.helper(helper, operations) for helper in entry.helpers]
            names = [*entry.children, *(m.name for m in methods), *(h.name for h in helpers)]
            if len(set(names)) < len(names):
                raise SpecError(FILE, entry.pointer, "two members of the resource have the same name")
            if taken := OWN_MEMBERS.intersection(names):
                raise SpecError(FILE, entry.pointer, f"every resource has a member {min(taken)} of ours")
            yield Resource(
                module=_module(self.version, entry),
                names=_class_names(entry),
                doc=entry.doc,
                children=tuple(self._child(entry, attribute) for attribute in entry.children),
                methods=(*methods, *helpers),
                operations=tuple(own),
                sources=tuple(sorted({operation.source for operation in own})),
                is_root=is_root,
            )

    def _place(self, child: str, version: VersionEntry) -> tuple[str, str]:
        """Version and name of a resource that is named as a child: `name`, or `version:name`."""
        other, _, name = child.rpartition(":")
        return other or version.name, name

    def _child(self, parent: ResourceEntry, attribute: str) -> Child:
        pointer = f"{parent.pointer}/children/{escape(attribute)}"
        version_name, name = self._place(parent.children[attribute], self.version)
        version = self.versions.get(version_name)
        if version is None:
            raise SpecError(FILE, pointer, f"there is no version {version_name}")
        entry = next((entry for entry in version.resources if entry.name == name), None)
        if entry is None:
            raise SpecError(FILE, pointer, f"there is no resource {name}")
        taken = {own.class_name for own in (*self.version.resources, self.version.root)}
        if version is not self.version and entry.class_name in taken:
            raise SpecError(FILE, pointer, f"{self.version.name} has a class {entry.class_name} too")
        return Child(attribute, version.resources_package, _module(version, entry), _class_names(entry), entry.doc)

    # ---- one operation ----

    def operation(self, method: MethodEntry, resource: ResourceEntry) -> Operation:
        found = self.found[method.operation]
        raw, pointer = found.raw, found.pointer
        self._allow(raw, pointer, {"operationId", "summary", "description", "parameters", "requestBody", "responses"})
        parameters = list(self._parameters(found))
        body, multipart = self._body(found)
        arguments = (*parameters, *body)
        names = [*(argument.name for argument in arguments), *(keyword.name for keyword in method.keywords)]
        for name in names:
            if names.count(name) > 1 or name in OWN_NAMES or iskeyword(name) or not name.isidentifier():
                raise self.document.error(pointer, f"{name} cannot be an argument, or is one already")
        self._check_path(found, arguments)
        answer = self._answer(found, method)
        if answer.kind == "cursor_page" and "after" not in names:
            raise SpecError(FILE, method.pointer, f"{method.operation} has no parameter `after` to page with")
        summary = raw.get("summary")
        if not isinstance(summary, str):
            raise self.document.error(pointer, "there is no summary")
        return Operation(
            id=method.operation,
            constant=f"{resource.name}_{method.name}".upper(),
            module=_module(self.version, resource),
            verb=found.verb,
            path=found.path,
            beta=self.version.beta if resource.beta else None,
            multipart=multipart,
            has_body="requestBody" in raw,
            arguments=arguments,
            answer=answer,
            may_duplicate=method.may_duplicate,
            keywords=method.keywords,
            doc="\n\n".join(" ".join(text.split()) for text in (summary, raw.get("description")) if text),
            source=self.document.file(pointer),
        )

    def _parameters(self, found: Found) -> Iterator[Argument]:
        for index, raw in enumerate(found.raw.get("parameters", [])):
            pointer = f"{found.pointer}/parameters/{index}"
            self._allow(raw, pointer, {"name", "in", "required", "description", "schema"})
            wire, place, required = str(raw["name"]), raw["in"], raw.get("required", False)
            if place not in ("path", "query"):
                raise self.document.error(f"{pointer}/in", f"parameters in {place} are not understood")
            type_ = self.schemas.type(raw["schema"], f"{pointer}/schema")
            if place == "path" and not (required and type_ == Primitive("str")):
                raise self.document.error(pointer, "a path parameter is a required string")
            if isinstance(type_, Array) != wire.endswith("[]"):
                raise self.document.error(pointer, "exactly the arrays in a query have a name that ends in []")
            note = self.schemas.note({**raw["schema"], "description": raw.get("description")}, pointer)
            yield Argument(wire.removesuffix("[]"), wire, place, type_, required, note)

    def _body(self, found: Found) -> tuple[list[Argument], bool]:
        raw = found.raw.get("requestBody")
        if raw is None:
            return [], False
        pointer = f"{found.pointer}/requestBody"
        self._allow(raw, pointer, {"required", "description", "content"})
        content = raw["content"]
        if content.keys() not in ({JSON}, {FORM}):
            raise self.document.error(f"{pointer}/content", f"a request body is either {JSON} or {FORM}")
        ((media, value),) = content.items()
        at = f"{pointer}/content/{escape(media)}/schema"
        schema = value["schema"]
        if "$ref" not in schema:
            raise self.document.error(at, "a request body must be a schema with a name")
        name = self.schemas.target(schema, at)
        if self.version.schemas[name].role not in ("body", "named"):
            raise self.document.error(at, f"{FILE} does not say that {name} is a body")
        home = f"/components/schemas/{escape(name)}"
        fields = self.schemas.fields(self.schemas.raw(name), home, owner=None)
        arguments = [Argument(f.wire, f.wire, "body", f.type, f.required, f.note) for f in fields]
        return arguments, media == FORM

    def _check_path(self, found: Found, arguments: tuple[Argument, ...]) -> None:
        template = re.findall(r"\{(\w+)\}", found.path)
        declared = [argument.name for argument in arguments if argument.place == "path"]
        if template != declared:
            reason = f"the path has the parameters {template}, the operation declares {declared}"
            raise self.document.error(found.pointer, reason)

    def _answer(self, found: Found, method: MethodEntry) -> Answer:
        responses = found.raw["responses"]
        if responses.keys() != {"200"}:
            raise self.document.error(f"{found.pointer}/responses", "an operation has one answer, 200")
        raw = responses["200"]
        pointer = f"{found.pointer}/responses/200"
        self._allow(raw, pointer, {"description", "content"})
        doc = self.schemas.description(raw, pointer)
        content: Raw = raw["content"]
        events = self._events(content.get(EVENTS), pointer, method)
        if (method.stream is None) != (events is None):
            raise SpecError(
                FILE, method.pointer, f"stream is for operations that can answer {EVENTS}, and only for these"
            )
        if content.keys() == {BYTES}:
            if method.page is not None:
                raise SpecError(FILE, method.pointer, "a file has no pages")
            return Answer("binary", None, None, doc)
        if content.keys() - {EVENTS} != {JSON}:
            raise self.document.error(f"{pointer}/content", f"the media types {', '.join(content)} are not understood")
        at = f"{pointer}/content/{escape(JSON)}/schema"
        schema = content[JSON]["schema"]
        if "$ref" not in schema:
            raise self.document.error(at, "an answer must be a schema with a name")
        name = self.schemas.target(schema, at)
        is_page = self.version.schemas[name].role == "page"
        if is_page != (method.page is not None):
            raise SpecError(FILE, method.pointer, f"page does not fit the answer {name}")
        if is_page:
            return Answer("cursor_page" if method.page == "cursor" else "plain_page", self._item(name), None, doc)
        return Answer("object", self.schemas.type(schema, at), events, doc)

    def _events(self, content: Raw | None, pointer: str, method: MethodEntry) -> str | None:
        if content is None:
            return None
        at = f"{pointer}/content/{escape(EVENTS)}/schema"
        if "$ref" not in content["schema"]:
            raise self.document.error(at, "events must be a schema with a name")
        return self.schemas.target(content["schema"], at)

    def _item(self, page: str) -> Type:
        """Type of the items of a page."""
        pointer = f"/components/schemas/{escape(page)}"
        fields = {field.wire: field for field in self.schemas.fields(self.schemas.raw(page), pointer, owner=None)}
        data = fields["data"].type if "data" in fields else None
        if not isinstance(data, Array) or not isinstance(data.item, Ref):
            raise self.document.error(pointer, "a page has an array `data` of references")
        return data.item

    def _allow(self, raw: object, pointer: str, keywords: set[str]) -> None:
        if not is_object(raw):
            raise self.document.error(pointer, "must be a mapping")
        for key in raw:
            if key not in keywords:
                raise self.document.error(f"{pointer}/{escape(key)}", f"the keyword {key} is not understood here")

    # ---- methods and helpers ----

    def method(self, entry: MethodEntry, operation: Operation) -> Method:
        self._check_positional(entry.positional, operation, entry.pointer)
        if entry.stream is not None:
            switch = next((a for a in operation.arguments if a.name == entry.stream), None)
            if switch is None or switch.type != Nullable(Primitive("bool")) or switch.place != "body":
                raise SpecError(FILE, entry.pointer, f"{entry.stream} is no boolean or null in the body")
        return Method(entry.name, operation, entry.positional, entry.stream)

    def helper(self, entry: HelperEntry, operations: Mapping[str, Operation]) -> Helper:
        operation = operations.get(entry.wraps)
        if operation is None:
            raise SpecError(FILE, entry.pointer, f"there is no operation {entry.wraps}")
        wrapped = next(m for r in self.version.resources for m in r.methods if m.operation == entry.wraps)
        names = {argument.name for argument in operation.arguments}
        own = {keyword.name for keyword in operation.keywords}
        for name in (*entry.without, *entry.fixed, *entry.renamed):
            if name not in names and not (name in own and name in entry.without):
                raise SpecError(FILE, entry.pointer, f"{entry.wraps} has no argument {name}")
        positional = wrapped.positional if entry.positional is None else entry.positional
        hidden = {*entry.without, *entry.fixed}
        needed = {a.name for a in operation.arguments if a.required and a.name not in hidden}
        needed |= {keyword.name for keyword in entry.keywords if not keyword.default}
        self._check_positional(positional, operation, entry.pointer, needed)
        kept = [entry.renamed.get(a.name, a.name) for a in operation.arguments if a.name not in hidden]
        kept += sorted(own - hidden)
        all_names = [*kept, *(keyword.name for keyword in entry.keywords)]
        if len(set(all_names)) < len(all_names):
            raise SpecError(FILE, entry.pointer, "two arguments have the same name")
        for variant in entry.overloads:
            if all(keyword.name != variant.keyword for keyword in entry.keywords):
                raise SpecError(FILE, entry.pointer, f"there is no keyword {variant.keyword} to overload")
        if not isinstance(entry.work, Flow) and not all(entry.returns):
            raise SpecError(FILE, entry.pointer, "read_as and build need returns")
        return Helper(
            pointer=entry.pointer,
            name=entry.name,
            operation=operation,
            doc=entry.doc,
            positional=positional,
            without=entry.without,
            fixed=entry.fixed,
            renamed=entry.renamed,
            keywords=entry.keywords,
            returns=entry.returns,
            returns_doc=entry.returns_doc,
            overloads=entry.overloads,
            raises=entry.raises,
            work=entry.work,
        )

    def _check_positional(
        self, positional: tuple[str, ...], operation: Operation, pointer: str, needed: Collection[str] = ()
    ) -> None:
        """Path parameters may be given without a name; in a helper, whatever must be given."""
        path = [argument.name for argument in operation.arguments if argument.place == "path"]
        for name in positional:
            if name not in path and name not in needed:
                what = "path parameter" if not needed else "required argument"
                raise SpecError(FILE, pointer, f"{name} is no {what} of {operation.id}")
        if path and not positional:
            raise SpecError(FILE, pointer, f"positional is missing; the path parameters are {', '.join(path)}")

    # ---- parameters as TypedDicts ----

    def params(self, operations: Mapping[str, Operation]) -> Iterator[ParamsClass]:
        """The TypedDicts that hold the arguments of operations."""
        for resource in self.version.resources:
            for method in resource.methods:
                operation = operations[method.operation]
                arguments = tuple(a for a in operation.arguments if a.name not in method.positional[:1])
                if (method.params is None) == any(a.place != "path" for a in arguments):
                    reason = f"params is for operations with a query or body, and needed there; see {operation.id}"
                    raise SpecError(FILE, method.pointer, reason)
                if method.params is None or self._is_the_body(method, arguments):
                    continue
                if resource.topic is None or resource.topic not in self.version.topics:
                    raise SpecError(FILE, resource.pointer, "params need the topic of the resource")
                doc = f"Arguments of `{operation.verb} {operation.path}`."
                yield ParamsClass(method.params, resource.topic, doc, arguments, method.stream, operation.source)

    def _is_the_body(self, method: MethodEntry, arguments: tuple[Argument, ...]) -> bool:
        """Whether the arguments are a body that has a class of this name already, because others contain it."""
        raw = self.found[method.operation].raw
        if "requestBody" not in raw:
            return False
        ((_, content),) = raw["requestBody"]["content"].items()
        entry = self.version.schemas[str(content["schema"]["$ref"]).rpartition("/")[2]]
        if entry.param != method.params:
            return False
        if not all(argument.place == "body" for argument in arguments):
            raise SpecError(FILE, method.pointer, f"{method.params} is the name of the body alone already")
        return True


def _module(version: VersionEntry, resource: ResourceEntry) -> str:
    """The module of a resource, by its dotted name below the package."""
    package = version.resources_package
    return package if resource.module == ROOT else f"{package}.{resource.module}"


def _class_names(resource: ResourceEntry) -> tuple[str, str]:
    """Sync and async."""
    return resource.class_name, f"Async{resource.class_name}"


def names_in(expression: str, pointer: str) -> list[str]:
    """The names that an expression of `sdk.yaml` uses."""
    return [node.id for node in ast.walk(_parsed(expression, pointer)) if isinstance(node, ast.Name)]


def substitute(expression: str, names: Mapping[str, str], pointer: str) -> str:
    """An expression of `sdk.yaml` with its names replaced; refuses names that mean nothing."""
    return ast.unparse(_Substitution(names, pointer).visit(_parsed(expression, pointer)))


def _parsed(expression: str, pointer: str) -> ast.Expression:
    try:
        return ast.parse(expression, mode="eval")
    except SyntaxError as error:
        raise SpecError(FILE, pointer, f"no Python expression: {expression}") from error


class _Substitution(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str], pointer: str) -> None:
        self.names = names
        self.pointer = pointer

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.names:
            raise SpecError(FILE, self.pointer, f"{node.id} means nothing in this expression")
        return ast.parse(self.names[node.id], mode="eval").body
