"""What answers the runs: models behind a routing table, which tells the model for a model name.

The target of a route is a model, or text: the name of a kind, for some kinds with `:` and what it is to be made from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from .base import Model, Turn

if TYPE_CHECKING:
    from .scripted import Scripts


@dataclass(frozen=True)
class Kind:
    """A kind of model that a route can name."""

    form: str
    """How it is written."""
    make: Callable[[str, Scripts], Model]
    """Makes one from the text behind the colon; `ValueError` if that is no good."""


def _chat(text: str, scripts: Scripts) -> Model:
    from .chat import ChatModel

    return ChatModel.from_target(text)


def _offline(text: str, scripts: Scripts) -> Model:
    from .offline import OfflineModel

    if text:
        raise ValueError("the offline model takes nothing behind its name")
    return OfflineModel()


def _scripted(text: str, scripts: Scripts) -> Model:
    from .scripted import ScriptedModel, Scripts

    return ScriptedModel(Scripts.load(text), source=text) if text else ScriptedModel(scripts)


KINDS: dict[str, Kind] = {
    "chat": Kind("chat:URL", _chat),
    "offline": Kind("offline", _offline),
    "scripted": Kind("scripted[:FILE]", _scripted),
}
"""Models that a route can name."""


class Routes:
    """Patterns for model names in order, each with its model. A script that waits for a run goes before them all.

    Raises:
        ValueError: The target of a route cannot be used.
    """

    def __init__(self, routes: Mapping[str, Model | str], scripts: Scripts) -> None:
        self._scripts = scripts
        self._scripted = _scripted("", scripts)
        self._default = _offline("", scripts)
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

    def described(self) -> list[tuple[str, str]]:
        """Each pattern and what answers there, without secrets; the last one is the default."""
        routes = [*self._table, ("*", self._default)]
        return [(pattern, str(getattr(model, "description", model.name))) for pattern, model in routes]

    async def aclose(self) -> None:
        """Close what the models hold open."""
        for _, model in self._table:
            close: Any = getattr(model, "aclose", None)
            if close is not None:
                await close()

    def _model(self, pattern: str, target: Model | str) -> Model:
        if not isinstance(target, str):
            return target
        name, _, text = target.partition(":")
        if name not in KINDS:
            # Only the name is quoted: what stands behind it may hold a password.
            known = ", ".join(kind.form for kind in KINDS.values())
            raise ValueError(f"route {pattern!r}: there is no model {name!r}; known are: {known}")
        try:
            return KINDS[name].make(text, self._scripts)
        except ValueError as error:
            raise ValueError(f"route {pattern!r}: {error}") from None
