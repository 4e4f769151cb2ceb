"""Names that load their module on first use (PEP 562), so that an import costs what it uses."""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False  # as in the package itself
if TYPE_CHECKING:
    from typing import Any, Callable, Mapping

    LazyExports = tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]


def lazy_exports(module: str, names: Mapping[str, str]) -> LazyExports:
    """Build `__getattr__`, `__dir__` and `__all__` of a module.

    Args:
        module: `__name__` of the module that exports the names.
        names: Exported name to `package.module:Attribute`, `package.module` for an attribute of the same
            name. Submodules need no entry.
    """

    def load(name: str) -> Any:
        target = names.get(name)
        if target is None:
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
