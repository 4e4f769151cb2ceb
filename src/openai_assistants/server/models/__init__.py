"""What answers the runs: models behind a routing table, which tells the model for a model name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from .base import Model, Turn
from .offline import OfflineModel
from .scripted import ScriptedModel, Scripts

KINDS: dict[str, Callable[[Scripts], Model]] = {
    "offline": lambda scripts: OfflineModel(),
    "scripted": ScriptedModel,
}
"""Models that a route can name."""


class Routes:
    """Patterns for model names in order, each with its model. A script that waits for a run goes before them all."""

    def __init__(self, routes: Mapping[str, Model | str], scripts: Scripts) -> None:
        self._scripts = scripts
        self._scripted = ScriptedModel(scripts)
        self._default = OfflineModel()
        self._table = [(pattern, self._model(pattern, target)) for pattern, target in routes.items()]

    def model_for(self, turn: Turn) -> Model:
        """The model that answers this turn."""
        if self._scripts.holds(turn):
            return self._scripted
        return self.model_named(turn.model)

    def model_named(self, name: str) -> Model:
        """The model that a name leads to."""
        return next((model for pattern, model in self._table if fnmatchcase(name, pattern)), self._default)

    def listed(self) -> list[tuple[str, Model]]:
        """The routes by name, and the default."""
        return [*self._table, (self._default.name, self._default)]

    def _model(self, pattern: str, target: Model | str) -> Model:
        if not isinstance(target, str):
            return target
        if target not in KINDS:
            known = ", ".join(sorted(KINDS))
            raise ValueError(f"route {pattern!r}: there is no model {target!r}; known are: {known}")
        return KINDS[target](self._scripts)
