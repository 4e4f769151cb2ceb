"""The intermediate form -> Python source, by templates that only lay out.

What is decided here is notation: annotations, imports, the order of definitions, which argument goes where in a call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import jinja2

from codegen import docs
from codegen.annotate import Imports
from codegen.ir import FLAVOURS, Api, PublicModule, Resource, Topic
from codegen.load import SpecError
from codegen.render_public import LazyView, lazy_view
from codegen.render_raw import MODULE, raw_view
from codegen.render_resources import resources_view
from codegen.render_types import generated_doc, types_view
from codegen.sdk import FILE

TEMPLATES: Final = Path(__file__).parent / "templates"


def render(api: Api) -> dict[str, str]:
    """Source of all modules, by path below the package; not yet formatted."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - this is Python, not HTML
    )
    return {
        path: environment.get_template(f"{template}.py.jinja").render(module=view, docstring=docs.docstring)
        for path, template, view in _modules(api)
    }


@dataclass(frozen=True, slots=True)
class PublicView:
    doc: str
    source: str
    """Module that has `lazy_exports`."""
    parts: list[str]
    lazy: LazyView


def _modules(api: Api) -> Iterator[tuple[str, str, object]]:
    """Path, template and view of each module."""
    made: set[str] = set()

    def module(name: str, template: str, view: object, *, is_package: bool = False) -> tuple[str, str, object]:
        path = name.replace(".", "/") + ("/__init__.py" if is_package else ".py")
        made.add(path)
        return path, template, view

    public_modules = {public.module: public for public in api.public}
    for flavour in FLAVOURS:
        topics: dict[str, list[Topic]] = {}
        for topic in api.topics.values():
            topics.setdefault(topic.module(flavour), []).append(topic)
        for name, shared in topics.items():
            public = public_modules.get(name)
            if view := types_view(api, name, flavour, shared, public.exports if public else ()):
                yield module(name, "types", view)
    resources: dict[str, list[Resource]] = {}
    for resource in sorted(api.resources, key=lambda one: not one.is_root):
        resources.setdefault(resource.module, []).append(resource)
    for name, own in resources.items():
        yield module(name, "resource", resources_view(api, own), is_package=name == api.resources_package)
    yield module(f"{api.resources_package}.{MODULE}", "raw", raw_view(api))
    topic_modules = {path.removesuffix(".py").replace("/", ".") for path in made}
    for public in api.public:
        if public.module not in topic_modules:
            parts = _parts(public, [*topic_modules, *public_modules, *api.other_types])
            yield module(public.module, "public", _public_view(public, parts), is_package=public.is_package)
    for package in sorted({path.rpartition("/")[0] for path in made}):
        if f"{package}/__init__.py" not in made:
            reason = f"the package {package.replace('/', '.')} is not among the public modules"
            raise SpecError(FILE, "/versions", reason)


def _parts(package: PublicModule, modules: list[str]) -> list[str]:
    """The modules right below a package: type checkers must see them where programs write `types.beta.Thread`."""
    parents = (name.rpartition(".") for name in modules) if package.is_package else ()
    return sorted({part for parent, _, part in parents if parent == package.module})


def _public_view(public: PublicModule, parts: list[str]) -> PublicView:
    imports = Imports(public.module, is_package=public.is_package)
    doc = generated_doc(public.doc, [])
    return PublicView(doc, imports.relative("_lazy"), parts, lazy_view(public.exports, imports))
