"""Values that fit a schema. The list of samples as a whole has every branch of every union and every listed value."""

from __future__ import annotations

import itertools
from typing import Any

from .spec import Schema, branches, is_null, resolved

NOW = 1_700_000_000


class Sampler:
    """Makes samples; no text and no number comes twice. The same calls give the same samples."""

    def __init__(self, *, optional: bool = True) -> None:
        self._optional = optional
        self._numbers = itertools.count(1)
        self._inside: list[Schema] = []

    def samples(self, schema: Schema, name: str = "value") -> list[Any]:
        """All samples of a schema, those that are `null` last."""
        found: list[Any] = []
        for branch in sorted(branches(schema), key=is_null):
            found += self._of_branch(branch, name)
        return found

    def _of_branch(self, branch: Schema, name: str) -> list[Any]:
        number = next(self._numbers)
        match branch:
            case {"const": value}:
                return [value]
            case {"enum": values}:
                return list(values)
            case {"type": "null"}:
                return [None]
            case {"type": "boolean"}:
                return [True, False]
            case {"type": "string"}:
                return [f'{name} {number} é"\\\n\u2028😀']
            case {"type": "integer", "format": "unixtime"}:
                return [NOW + number]
            case {"type": "integer"}:
                low, high = branch.get("minimum", 0), branch.get("maximum")
                return [low + number if high is None else low + number % (high - low + 1)]
            case {"type": "number"}:
                low, high = branch.get("minimum", -7), branch.get("maximum", 7)
                return [low + (high - low) * (number % 997 + 1) / 1000, high]
            case {"type": "array"}:
                return self._arrays(branch, name)
            case {"type": "object"}:
                return self._objects(branch, name)
        raise AssertionError(f"no samples of {branch}")

    def _arrays(self, branch: Schema, name: str) -> list[Any]:
        items = self.samples(branch["items"], name)
        if len(items) == 1 and self._optional:
            items += self.samples(branch["items"], name)
        size = min(branch.get("maxItems", len(items)), len(items))
        arrays: list[Any] = [items[start : start + size] for start in range(0, len(items), size)]
        return arrays if branch.get("minItems") else [*arrays, []]

    def _objects(self, branch: Schema, name: str) -> list[Any]:
        if "properties" not in branch:
            return [self._map(branch["additionalProperties"], name)]
        if any(outer is branch for outer in self._inside):
            return []  # once within itself is enough
        self._inside.append(branch)
        kept = branch["properties"] if self._optional else branch.get("required", ())
        columns = {key: self.samples(resolved(branch["properties"][key]), key) for key in kept}
        self._inside.pop()
        count = max(map(len, columns.values()), default=1)
        return [{key: column[index % len(column)] for key, column in columns.items()} for index in range(count)]

    def _map(self, values: Any, name: str) -> dict[str, Any]:
        if values is True:
            return {name: {"deep": [next(self._numbers), 0.5, None, True, {"text": "ü"}]}, "empty": {}}
        items = self.samples(values, name)
        if len(items) == 1:
            items += self.samples(values, name)
        return {f"{name} key {index}": item for index, item in enumerate(items)}


def full(schema: Schema, name: str = "value") -> list[Any]:
    """Samples with all fields."""
    return Sampler().samples(schema, name)


def minimal(schema: Schema, name: str = "value") -> list[Any]:
    """Samples with the required fields only."""
    return Sampler(optional=False).samples(schema, name)
