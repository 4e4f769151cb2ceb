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
from codegen.ir import Api, PublicModule
from codegen.load import SpecError
from codegen.render_raw import MODULE, raw_view
from codegen.render_resources import resource_view
from codegen.render_types import generated_doc, params_view, results_view
from codegen.sdk import FILE

TEMPLATES: Final = Path(__file__).parent / "templates"
PACKAGE: Final = "openai_assistants"


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
class PackageView:
    doc: str


@dataclass(frozen=True, slots=True)
class PublicView:
    doc: str
    lazy: str
    parts: list[str]
    imports: list[tuple[str, list[str]]]
    aliases: list[tuple[str, str]]
    targets: list[tuple[str, str]]


def _modules(api: Api) -> Iterator[tuple[str, str, object]]:
    """Path, template and view of each module."""
    made: set[str] = set()

    def module(name: str, template: str, view: object, *, is_package: bool = False) -> tuple[str, str, object]:
        path = name.replace(".", "/") + ("/__init__.py" if is_package else ".py")
        made.add(path)
        return path, template, view

    for topic in api.topics:
        if view := results_view(api, topic):
            yield module(f"{api.types_package}.{topic.name}", "types", view)
        if view := params_view(api, topic):
            yield module(f"{api.types_package}.params.{topic.name}", "types", view)
    for resource in api.resources:
        yield module(f"{api.resources_package}.{resource.module}", "resource", resource_view(api, resource))
    yield module(f"{api.resources_package}.{MODULE}", "raw", raw_view(api))
    topic_modules = {path.removesuffix(".py").replace("/", ".") for path in made}
    for public in api.public:
        if public.module not in topic_modules:
            parts = _parts(public, [*topic_modules, *(other.module for other in api.public), *api.other_types])
            yield module(public.module, "public", _public_view(public, parts), is_package=public.is_package)
    for package in sorted({path.rpartition("/")[0] for path in made}):
        if f"{package}/__init__.py" not in made:
            name = package.replace("/", ".")
            yield module(name, "package", PackageView(generated_doc(_package_doc(api, name), [])), is_package=True)


def _package_doc(api: Api, package: str) -> str:
    """What a package is about that no public module describes."""
    if package == api.resources_package:
        return "Resources of the client, a module for each."
    if package == f"{api.types_package}.params":
        return "Parameters of the API's methods, a module for each topic."
    raise SpecError(FILE, "/versions", f"the package {package} is not among the public modules")


def _parts(package: PublicModule, modules: list[str]) -> list[str]:
    """The modules right below a package: type checkers must see them where programs write `types.beta.Thread`."""
    parents = (name.rpartition(".") for name in modules) if package.is_package else ()
    return sorted({part for parent, _, part in parents if parent == package.module})


def _public_view(public: PublicModule, parts: list[str]) -> PublicView:
    imports = Imports(public.module, is_package=public.is_package)
    aliases: list[tuple[str, str]] = []
    own = {(export.module, export.name) for export in public.exports if export.name == export.target}
    for export in public.exports:
        if export.name == export.target:
            imports.add(export.module, f"{export.name} as {export.name}")
        else:
            if (export.module, export.target) not in own:
                imports.add(export.module, export.target)
            aliases.append((export.name, export.target))
    return PublicView(
        doc=generated_doc(public.doc, []),
        lazy=imports.relative("_lazy"),
        parts=parts,
        imports=[(source, sorted(names)) for source, names in sorted(imports.names.items())],
        aliases=aliases,
        targets=[(export.name, f"{PACKAGE}.{export.module}:{export.target}") for export in public.exports],
    )
