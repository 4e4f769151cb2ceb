"""Names that load their module on first use (PEP 562), so that an import costs what it uses."""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False  # as in the package itself
if TYPE_CHECKING:
    from typing import Any, Callable, Mapping

    LazyExports = tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]


# What programs of the official client look for and do not find here.

AZURE = frozenset({"AsyncAzureOpenAI", "AzureOpenAI"})
RESOURCES = frozenset({"batches", "beta", "files", "models", "uploads", "vector_stores"})
SETTINGS = frozenset(
    {"api_key", "base_url", "default_headers", "default_query", "max_retries", "organization", "project", "timeout"}
)
OTHER_APIS = frozenset(
    {
        *("audio", "chat", "chatkit", "completions", "containers", "conversations", "embeddings", "evals"),
        *("fine_tuning", "images", "moderations", "realtime", "responses", "videos"),
    }
)


def other_api(name: str) -> str | None:
    """What to do about a resource that is of another API; None for any other name."""
    if name not in OTHER_APIS:
        return None
    return (
        "this package speaks the Assistants API, with files, vector stores, uploads, batches and models; for the rest "
        "use the official package beside it, or a client's methods get, post and so on: "
        'client.post("/chat/completions", body={...})'
    )


def way_out(name: str) -> str | None:
    """What to do about a name that the official package has at its top and this one has not; None for any other."""
    if name in AZURE:
        from ._http import SWITCHED_OFF_ON

        return (
            f"Azure OpenAI switched its Assistants API off on {SWITCHED_OFF_ON}. For Microsoft Foundry use "
            f"{name.replace('Azure', '')}(base_url=..., api_key=...), where api_key may be a function that gives the "
            'token; see "Where to run it" in the README'
        )
    if name in RESOURCES:
        return f"there is no client at the top of this package; make one, client = OpenAI(), and use client.{name}"
    if name in SETTINGS:
        return f"there is no client at the top of this package; pass it to the client: OpenAI({name}=...)"
    return other_api(name)


def lazy_exports(
    module: str, names: Mapping[str, str], advice: Callable[[str], str | None] | None = None
) -> LazyExports:
    """Build `__getattr__`, `__dir__` and `__all__` of a module.

    Args:
        module: `__name__` of the module that exports the names.
        names: Exported name to `package.module:Attribute`, `package.module` for an attribute of the same
            name. Submodules need no entry.
        advice: What to do about some of the names that are not there.
    """

    def load(name: str) -> Any:
        target = names.get(name)
        if target is None:
            said = advice(name) if advice is not None else None
            if said is not None:
                # Of an AttributeError `from ... import` would say nothing but that the name is not there.
                is_import = sys._getframe(1).f_code.co_name == "_handle_fromlist"  # pyright: ignore[reportPrivateUsage]
                raise (ImportError if is_import else AttributeError)(f"module {module!r} has no {name!r}: {said}")
            return _submodule(module, name)
        source, _, attribute = target.partition(":")
        value = getattr(import_module(source), attribute or name)
        setattr(sys.modules[module], name, value)
        return value

    def listing() -> list[str]:
        return sorted({*vars(sys.modules[module]), *names})

    return load, listing, list(names)


def _submodule(module: str, name: str) -> Any:
    """A submodule that nobody has imported yet, so that `package.part.Name` works as it does with eager packages."""
    from importlib.util import find_spec

    is_package = "__path__" in vars(sys.modules[module])
    if not is_package or name.startswith("_") or find_spec(f"{module}.{name}") is None:
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    return import_module(f"{module}.{name}")
