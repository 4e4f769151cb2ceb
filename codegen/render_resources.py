"""Modules of resources, as their template wants them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from codegen.annotate import Annotator, Imports, quote
from codegen.docs import described, method_docstring
from codegen.ir import (
    Answer,
    Api,
    Argument,
    Built,
    Child,
    Flow,
    Helper,
    Keyword,
    Method,
    Nullable,
    Operation,
    Primitive,
    ReadAs,
    Ref,
    Resource,
)
from codegen.operations import names_in, substitute
from codegen.render_raw import MODULE, VIEWS, makes_one_request
from codegen.render_types import generated_doc

Side = Literal["sync", "async"]

PAGES: Final[Mapping[tuple[str, Side], tuple[str, ...]]] = {
    ("cursor_page", "sync"): ("SyncCursorPage",),
    ("cursor_page", "async"): ("AsyncPaginator", "AsyncCursorPage"),
    ("plain_page", "sync"): ("SyncPage",),
    ("plain_page", "async"): ("AsyncPaginator", "AsyncPage"),
}
SENDERS: Final = {"object": "send", "cursor_page": "page", "plain_page": "plain_page", "binary": "binary"}
ITERATION: Final[Mapping[Side, str]] = {
    "sync": "Iterate over it for the items of all pages.",
    "async": "Await it for the first page, or iterate over it for the items of all pages.",
}
STREAMED: Final = "With `{}=True` its events as they happen."
DUPLICATE: Final = (
    "If the connection is lost before the answer, the retry can create {} a second time, except on servers that honour "
    "`Idempotency-Key`."
)
ERRORS: Final = (
    ("APIStatusError", "The server answered with an error; the subclass tells which."),
    ("APIConnectionError", "No answer arrived, or not in time."),
)
EMPTY_PATH: Final = ("ValueError", "A path argument is empty.")
OPTIONS_DOC: Final = "Request options, see `RequestOptions`."
PLAIN_NAMES: Final = frozenset({"bool", "bytes", "dict", "float", "int", "object", "str", "type"})
TYPING_NAMES: Final = frozenset({"Any", "Awaitable", "Callable", "Iterable", "Literal", "Mapping"})


def of_side(both: tuple[str, str], side: Side) -> str:
    """The sync or the async one of two texts."""
    return both[0 if side == "sync" else 1]


@dataclass(frozen=True, slots=True)
class Signature:
    parameters: list[str]
    returns: str


@dataclass(frozen=True, slots=True)
class MethodView:
    name: str
    is_coroutine: bool
    marks: list[str]
    """Decorators."""
    overloads: list[Signature]
    signature: Signature
    docstring: str
    imports: list[str]
    call: str
    result: str
    send: str
    stream: str | None
    events: str
    flow: str
    expression: str

    @property
    def waiting(self) -> str:
        return "await " if self.is_coroutine else ""


@dataclass(frozen=True, slots=True)
class ChildView:
    attribute: str
    class_name: str
    source: str
    """Module to import it from; empty for its own."""
    doc: str


@dataclass(frozen=True, slots=True)
class ClassView:
    name: str
    base: str
    views: list[tuple[str, str]]
    """Attributes of raw access, with what type checkers take them for."""
    doc: str
    children: list[ChildView]
    methods: list[MethodView]


@dataclass(frozen=True, slots=True)
class ResourceView:
    doc: str
    imports: list[str]
    typing_imports: list[str]
    operations: list[str]
    classes: list[ClassView]


@dataclass(frozen=True, slots=True)
class Shown:
    """An argument of a method: API's or our own, with its name and annotation as in the signature."""

    name: str
    annotation: str
    default: str
    doc: str


def resources_view(api: Api, resources: list[Resource]) -> ResourceView:
    """The module of a resource, or of several."""
    return _ResourceModule(api, resources).view()


class _ResourceModule:
    def __init__(self, api: Api, resources: list[Resource]) -> None:
        self.api = api
        self.resources = resources
        self.module = resources[0].module
        self.imports, self.typing_imports = self._new_imports(), self._new_imports()
        self.results = Annotator(api.definitions, api.topics, "result", self.typing_imports, self.imports)
        self.params = Annotator(api.definitions, api.topics, "param", self.typing_imports, self.imports)

    def _new_imports(self) -> Imports:
        own_names = [name for resource in self.resources for name in resource.names]
        return Imports(self.module, own_names, is_package=self.module == self.api.resources_package)

    def view(self) -> ResourceView:
        self.imports.add_from("typing", "TYPE_CHECKING")
        operations = [self._constant(operation) for one in self.resources for operation in one.operations]
        classes = [made for resource in self.resources for made in self._classes(resource)]
        sources = [source for resource in self.resources for source in resource.sources]
        return ResourceView(
            doc=generated_doc(" ".join(resource.doc for resource in self.resources), sources),
            imports=self.imports.lines(),
            typing_imports=self.typing_imports.lines(),
            operations=operations,
            classes=classes,
        )

    def _constant(self, operation: Operation) -> str:
        parts = [quote(operation.id), quote(operation.verb), quote(operation.path)]
        if operation.beta is not None:
            parts.append(f"beta={quote(operation.beta)}")
        if operation.multipart:
            files = [argument.wire for argument in operation.arguments if argument.type == Primitive("file")]
            parts.append(f"files=({', '.join(map(quote, files))}{',' if len(files) == 1 else ''})")
        return f"{operation.constant} = {self.imports.add('_requests', 'Operation')}({', '.join(parts)})"

    def _classes(self, resource: Resource) -> tuple[ClassView, ClassView]:
        self.params.hidden = self.results.hidden = frozenset(method.name for method in resource.methods)
        return self._class(resource, "sync"), self._class(resource, "async")

    def _class(self, resource: Resource, side: Side) -> ClassView:
        name, prefix = of_side(resource.names, side), "Async" if side == "async" else ""
        base = self.imports.add("_connection", f"{prefix}{'Root' if resource.is_root else 'Resource'}")
        views = [
            (attribute, self.typing_imports.add(f"{self.api.resources_package}.{MODULE}", f"{name}{suffix}"))
            for attribute, suffix in VIEWS.items()
        ]
        return ClassView(
            name=name,
            base=base,
            views=views,
            doc=resource.doc,
            children=[self._child(child, side) for child in resource.children],
            methods=[self._method(method, side) for method in resource.methods],
        )

    def _child(self, child: Child, side: Side) -> ChildView:
        self.imports.add_from("functools", "cached_property")
        class_name = of_side(child.names, side)
        source = ""
        if child.module != self.module:
            self.typing_imports.add(child.module, class_name)
            source = self.imports.relative(child.module)
        return ChildView(child.attribute, class_name, source, child.doc)

    # ---- methods ----

    def _method(self, method: Method | Helper, side: Side) -> MethodView:
        self.imports.add("_requests", "Call")
        self.imports.add_from("typing_extensions", "Unpack")
        self.typing_imports.add("_requests", "RequestOptions")
        return self._plain(method, side) if isinstance(method, Method) else self._helper(method, side)

    def _plain(self, method: Method, side: Side) -> MethodView:
        operation = method.operation
        answer = operation.answer
        local = self._new_imports()
        shown = [self._shown(argument) for argument in self._sorted(operation.arguments, method.positional)]
        shown += [self._own(keyword, method.name, side) for keyword in operation.keywords]
        returns = self._returns(answer, side)
        overloads: list[Signature] = []
        signature = self._signature(method.positional, shown, returns)
        events = result = ""
        returns_doc = answer.doc
        if answer.kind == "cursor_page":
            returns_doc += f" {ITERATION[side]}"
        if method.stream is not None and answer.events is not None:
            events = self._local(local, answer.events)
            result = returns
            stream = self.typing_imports.add("_streaming", "Stream" if side == "sync" else "AsyncStream")
            streamed = f"{stream}[{self.results.text(Ref(answer.events))}]"
            overloads = self._switched(method, shown, returns, streamed)
            signature = self._signature(method.positional, shown, f"{returns} | {streamed}")
            returns_doc += f" {STREAMED.format(method.stream)}"
        return MethodView(
            name=method.name,
            is_coroutine=side == "async" and answer.kind in ("object", "binary"),
            marks=[],
            overloads=overloads,
            signature=signature,
            docstring=method_docstring(
                self._about(operation.doc, operation),
                f"{operation.verb} {operation.path}",
                [*((one.name, one.doc) for one in shown), ("**options", OPTIONS_DOC)],
                returns_doc,
                self._errors(operation),
            ),
            call=self._call(operation, {argument.name: argument.name for argument in operation.arguments}, local),
            imports=local.lines(),
            result=result,
            send=SENDERS[answer.kind],
            stream=method.stream,
            events=events,
            flow="",
            expression="",
        )

    def _helper(self, helper: Helper, side: Side) -> MethodView:
        operation = helper.operation
        local = self._new_imports()
        flow = ""
        sent = {a.name: helper.renamed.get(a.name, a.name) for a in operation.arguments if a.name not in helper.without}
        sent |= helper.fixed
        shown = [
            self._shown(argument, helper.renamed)
            for argument in self._sorted(operation.arguments, helper.positional)
            if argument.name not in {*helper.without, *helper.fixed}
        ]
        passed_on = [keyword for keyword in operation.keywords if keyword.name not in helper.without]
        shown += [self._own(keyword, helper.pointer, side) for keyword in (*passed_on, *helper.keywords)]
        positional = tuple(helper.renamed.get(name, name) for name in helper.positional)
        shown.sort(key=lambda one: positional.index(one.name) if one.name in positional else len(positional))
        own_returns = of_side(helper.returns, side)
        returns = (
            self._own_annotation(own_returns, helper.pointer) if own_returns else self._returns(operation.answer, side)
        )
        into = helper.work.type if isinstance(helper.work, ReadAs) else ""
        call = self._call(operation, sent, local, into, without=helper.without)
        is_coroutine = side == "async" and not isinstance(helper.work, Built)
        waiting = "await " if is_coroutine else ""
        match helper.work:
            case Flow(expression):
                flow = self._expression(expression, helper, local)
                self.typing_imports.add("_flow", "Flow")
                expression = f"{waiting}self._connection.drive(flow)"
            case ReadAs():
                expression = ""
            case Built(sync_expression, async_expression):
                expression = self._expression(sync_expression if side == "sync" else async_expression, helper, local)
        result = "" if operation.answer.type is None else self.results.text(operation.answer.type)
        return MethodView(
            name=helper.name,
            is_coroutine=is_coroutine,
            marks=[] if makes_one_request(helper) else [self.imports.add("_connection", "several_requests")],
            overloads=self._variants(helper, positional, shown, side),
            signature=self._signature(positional, shown, returns),
            docstring=method_docstring(
                self._about(helper.doc, operation),
                f"{operation.verb} {operation.path}",
                [*((one.name, one.doc) for one in shown), ("**options", OPTIONS_DOC)],
                helper.returns_doc,
                [*helper.raises.items(), *self._errors(operation)],
            ),
            call=call,
            imports=local.lines(),
            result=result,
            send="send" if into else "",
            stream=None,
            events="",
            flow=flow,
            expression=expression,
        )

    # ---- signatures ----

    def _sorted(self, arguments: Iterable[Argument], positional: tuple[str, ...]) -> list[Argument]:
        """Positional ones first, then the rest of the path, then what is required, then what is not."""

        def rank(argument: Argument) -> tuple[int, int]:
            if argument.name in positional:
                return 0, positional.index(argument.name)
            return (1 if argument.place == "path" else 2 if argument.required else 3), 0

        return sorted(arguments, key=rank)

    def _shown(self, argument: Argument, renamed: Mapping[str, str] | None = None) -> Shown:
        name = (renamed or {}).get(argument.name, argument.name)
        type_, null = (argument.type.inner, " | None") if isinstance(argument.type, Nullable) else (argument.type, "")
        annotation = self.params.text(type_)
        doc = described(argument.note, default=argument.place == "query")
        if argument.required:
            return Shown(name, f"{annotation}{null}", "", doc)
        self.imports.add("_basics", "Omit")
        return Shown(name, f"{annotation} | Omit{null}", self._own_default("omit"), doc)

    def _own(self, keyword: Keyword, pointer: str, side: Side) -> Shown:
        annotation = self._own_annotation(of_side(keyword.annotation, side), pointer)
        return Shown(keyword.name, annotation, self._own_default(keyword.default), keyword.doc)

    def _signature(self, positional: tuple[str, ...], shown: list[Shown], returns: str) -> Signature:
        written = [
            (one.name, f"{one.name}: {one.annotation}" + (f" = {one.default}" if one.default else "")) for one in shown
        ]
        parameters = ["self", *(text for name, text in written if name in positional)]
        if keyword_only := [text for name, text in written if name not in positional]:
            parameters += ["*", *keyword_only]
        return Signature([*parameters, "**options: Unpack[RequestOptions]"], returns)

    def _switched(self, method: Method, shown: list[Shown], plain: str, streamed: str) -> list[Signature]:
        """The answer as the switch says it: off, on, and known at run time only."""
        literal = self.imports.add_from("typing", "Literal")
        cases = [
            (f"{literal}[False] | Omit | None", "omit", plain),
            (f"{literal}[True]", "", streamed),
            (self.params.text(Primitive("bool")), "", f"{plain} | {streamed}"),
        ]
        return [
            self._overload(method.positional, shown, Shown(method.stream or "", annotation, default, ""), returns)
            for annotation, default, returns in cases
        ]

    def _variants(self, helper: Helper, positional: tuple[str, ...], shown: list[Shown], side: Side) -> list[Signature]:
        return [
            self._overload(
                positional,
                shown,
                Shown(
                    variant.keyword,
                    self._own_annotation(of_side(variant.annotation, side), helper.pointer),
                    variant.default,
                    "",
                ),
                self._own_annotation(of_side(variant.returns, side), helper.pointer),
            )
            for variant in helper.overloads
        ]

    def _overload(self, positional: tuple[str, ...], shown: list[Shown], changed: Shown, returns: str) -> Signature:
        self.imports.add_from("typing", "overload")
        return self._signature(positional, [changed if one.name == changed.name else one for one in shown], returns)

    def _returns(self, answer: Answer, side: Side) -> str:
        if answer.type is None:
            return self.typing_imports.add("_answers", "HttpxBinaryResponseContent")
        item = self.results.text(answer.type)
        pages = PAGES.get((answer.kind, side), ())
        names = [self.typing_imports.add("_pagination", page) for page in pages]
        match names:
            case [page]:
                return f"{page}[{item}]"
            case [paginator, page]:
                return f"{paginator}[{item}, {page}[{item}]]"
            case _:
                return item

    def _about(self, doc: str, operation: Operation) -> str:
        return doc if operation.may_duplicate is None else f"{doc}\n\n{DUPLICATE.format(operation.may_duplicate)}"

    def _errors(self, operation: Operation) -> list[tuple[str, str]]:
        has_path = any(argument.place == "path" for argument in operation.arguments)
        return [*ERRORS, EMPTY_PATH] if has_path else [*ERRORS]

    # ---- calls ----

    def _call(
        self,
        operation: Operation,
        sent: Mapping[str, str],
        local: Imports,
        into: str = "",
        *,
        without: tuple[str, ...] = (),
    ) -> str:
        """The call with the values that are sent, as Python, by name of the argument; read as `into` if given."""

        def entries(place: str) -> str:
            pairs = [
                f"{quote(a.wire)}: {sent[a.name]}" for a in operation.arguments if a.place == place and a.name in sent
            ]
            return "{" + ", ".join(pairs) + "}" if pairs else ""

        parts = [self._constant_of(operation, local)]
        if path := entries("path"):
            parts.append(path)
        if query := entries("query"):
            parts.append(f"query={query}")
        if operation.has_body:
            parts.append(f"body={entries('body') or '{}'}")
        if operation.answer.kind == "binary":
            parts.append('accept="application/octet-stream"')
        if into:
            parts.append(f"into={into}")
        elif isinstance(operation.answer.type, Ref):
            parts.append(f"into={self._local(local, operation.answer.type.schema)}")
        parts += [f"{keyword.name}={keyword.name}" for keyword in operation.keywords if keyword.name not in without]
        return f"Call({', '.join(parts)})"

    def _local(self, local: Imports, schema: str) -> str:
        """Import a result type where it is used, so that a program loads what it needs."""
        definition = self.api.definitions[schema]
        assert definition.names.result is not None
        return local.add(self.api.topics[definition.names.topic].results, definition.names.result)

    # ---- what sdk.yaml says in Python ----

    def _expression(self, expression: str, helper: Helper, local: Imports) -> str:
        names = {"core": "self._connection.core", "call": "call", "options": "options", "self": "self"}
        names |= {keyword.name: keyword.name for keyword in helper.keywords}
        for name in names_in(expression, helper.pointer):
            if name in names:
                continue
            if name == "events" and helper.operation.answer.events is not None:
                names[name] = self._local(local, helper.operation.answer.events)
            elif name in self.api.operations:
                names[name] = self._constant_of(self.api.operations[name], local)
            elif name in self.api.runtime:
                names[name] = self._runtime(name, local)
        return substitute(expression, names, helper.pointer)

    def _constant_of(self, operation: Operation, local: Imports) -> str:
        if operation.module == self.module:
            return operation.constant
        return local.add(operation.module, operation.constant)

    def _runtime(self, name: str, imports: Imports) -> str:
        """Import what hand-written code offers under a name: a module, or something in it."""
        module, _, attribute = self.api.runtime[name].partition(":")
        if attribute:
            return imports.add(module, attribute)
        imports.add("", f"{module} as {name}")
        return name

    def _own_annotation(self, text: str, pointer: str) -> str:
        names = dict.fromkeys(PLAIN_NAMES, "")
        for name in names_in(text, pointer):
            if name in PLAIN_NAMES:
                names[name] = name
            elif name in TYPING_NAMES:
                names[name] = self.imports.add_from("typing", name)
            elif name == "Omit":
                names[name] = self.imports.add("_basics", name)
            elif name in self.api.runtime:
                names[name] = self._runtime(name, self.typing_imports)
        return substitute(text, names, pointer)

    def _own_default(self, default: str) -> str:
        if default == "omit":
            self.imports.add("_basics", "omit")
        return default
