"""The module that tells type checkers what raw access gives, as its template wants it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from codegen.annotate import Imports
from codegen.ir import Api, Helper, Method, ReadAs, Resource
from codegen.render_types import generated_doc

MODULE: Final = "_raw"
VIEWS: Final = {"with_raw_response": "WithRawResponse", "with_streaming_response": "WithStreamingResponse"}
"""Attributes of a resource, and what the names of their classes end in."""
DOC: Final = (
    "What type checkers know of `with_raw_response` and `with_streaming_response`; at run time both are dynamic."
)


@dataclass(frozen=True, slots=True)
class RawClass:
    name: str
    base: str
    """Only for the root, which has methods of its own."""
    doc: str
    children: list[tuple[str, str]]
    """Attribute and class."""
    methods: list[tuple[str, str]]
    """Name, and the expression that makes it of the resource's method."""


@dataclass(frozen=True, slots=True)
class RawView:
    doc: str
    imports: list[str]
    typing_imports: list[str]
    classes: list[RawClass]


def raw_view(api: Api) -> RawView:
    """The module for all resources of a version."""
    module = f"{api.resources_package}.{MODULE}"
    imports, typing_imports = Imports(module), Imports(module)
    classes = [made for resource in api.resources for made in _classes(api, resource, imports, typing_imports)]
    if typing_imports.names:
        imports.add_from("typing", "TYPE_CHECKING")
    return RawView(generated_doc(DOC, []), imports.lines(), typing_imports.lines(), classes)


def makes_one_request(method: Method | Helper) -> bool:
    """Whether one answer can stand for a method."""
    return isinstance(method, Method) or isinstance(method.work, ReadAs)


def _classes(api: Api, resource: Resource, imports: Imports, typing_imports: Imports) -> Iterator[RawClass]:
    methods = [method.name for method in resource.methods if makes_one_request(method)]
    for attribute, suffix in VIEWS.items():
        kind = attribute.split("_")[1]
        for side, (name, prefix) in enumerate(zip(resource.names, ("", "async_"), strict=True)):
            children = [(child, f"{child.names[side]}{suffix}") for child in resource.children]
            for child, class_name in children:
                if child.package != api.resources_package:  # which may import this one
                    typing_imports.add(f"{child.package}.{MODULE}", class_name)
            base = ""
            if resource.is_root:
                base = imports.add("_raw", f"{prefix.title().replace('_', '')}{kind.title()}Requests")
            if methods:
                imports.add(resource.module, name)
                imports.add("_raw", f"{prefix}{kind}_method")
            yield RawClass(
                name=f"{name}{suffix}",
                base=base,
                doc=f"`{name}.{attribute}`.",
                children=[(child.attribute, class_name) for child, class_name in children],
                methods=[(method, f"{prefix}{kind}_method({name}.{method})") for method in methods],
            )
