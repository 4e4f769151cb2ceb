"""What of an object has no counterpart in version 2, or another form there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Mapping

Effect = Literal["changed", "dropped"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something that is not in version 2 what it was in version 1."""

    path: str
    """Where it is in the object, such as `content[0].text.annotations[1]`."""
    effect: Effect
    """`changed`: it is there, in another form; `dropped`: it is not there."""
    reason: str
    """Why, for people."""
    value: object = None
    """What was there, or the part of it that is lost."""

    def to_dict(self) -> dict[str, object]:
        """The note as plain data."""
        return {"path": self.path, "effect": self.effect, "reason": self.reason, "value": self.value}


class Fields:
    """The fields of one object, taken one by one. What nobody takes is noted, so that nothing is lost silently."""

    def __init__(self, data: Mapping[str, Any], notes: list[Note], path: str = "") -> None:
        self._left = dict(data)
        self._path = path
        self.notes = notes

    def place(self, name: str) -> str:
        """The path of a field."""
        return f"{self._path}.{name}" if self._path else name

    def take(self, name: str) -> Any:
        """The value of a field; None if it is missing."""
        return self._left.pop(name, None)

    def text(self, name: str, limit: int) -> str | None:
        """A text, cut at a number of characters; None if there is none."""
        value = self.take(name)
        if value is None or (isinstance(value, str) and len(value) <= limit):
            return value
        if not isinstance(value, str):
            self.drop(name, "it should be a text", value)
            return None
        self.change(name, f"version 2 takes at most {limit:,} characters; the rest is cut off", value[limit:])
        return value[:limit]

    def drop(self, name: str, reason: str, value: object) -> None:
        """Note that something is not taken over."""
        self.notes.append(Note(self.place(name), "dropped", reason, value))

    def change(self, name: str, reason: str, value: object) -> None:
        """Note that something gets another form."""
        self.notes.append(Note(self.place(name), "changed", reason, value))

    def end(self, reason: str = "neither version of the API has this field") -> None:
        """Note what is left and says something."""
        for name, value in self._left.items():
            if value is not None and value != [] and value != {} and value != "":
                self.drop(name, reason, value)
        self._left.clear()


def entries(fields: Fields, name: str) -> list[Any]:
    """The entries of a list field; none if it is missing or no list."""
    value = fields.take(name)
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        found: list[Any] = list(value)  # pyright: ignore[reportUnknownArgumentType]
        return found
    fields.drop(name, "it should be a list", value)
    return []
