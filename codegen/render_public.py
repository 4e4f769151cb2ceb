"""Names that modules lead on to, as their templates want them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from codegen.annotate import Imports
from codegen.ir import Export

PACKAGE: Final = "openai_assistants"


@dataclass(frozen=True, slots=True)
class LazyView:
    """What a module offers: loaded on first use, imported for type checkers."""

    imports: list[tuple[str, list[str]]]
    aliases: list[tuple[str, str]]
    targets: list[tuple[str, str]]


def lazy_view(exports: Iterable[Export], imports: Imports) -> LazyView:
    """Exports of a module; those of its own need no import. `imports` gets what type checkers see."""
    exports = list(exports)
    aliases: list[tuple[str, str]] = []
    own = {(export.module, export.name) for export in exports if export.name == export.target}
    for export in exports:
        if export.module == imports.module:
            continue
        if export.name == export.target:
            imports.add(export.module, f"{export.name} as {export.name}")
        else:
            if (export.module, export.target) not in own:
                imports.add(export.module, export.target)
            aliases.append((export.name, export.target))
    return LazyView(
        imports=[(source, sorted(names)) for source, names in sorted(imports.names.items())],
        aliases=aliases,
        targets=[(export.name, f"{PACKAGE}.{export.module}:{export.target}") for export in exports],
    )
