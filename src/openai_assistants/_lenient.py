"""Schemas of pydantic-core made more tolerant than those of the models."""

from __future__ import annotations

from typing import Any, cast

import pydantic

from ._guards import is_dict, is_sequence
from ._models import NO_SCHEMAS


def without_required(node: Any) -> Any:
    """The same schema in which a field that was left out is `None`."""
    if is_dict(node):
        schema = node
        kind = schema.get("type")
        if kind == "model":
            return built_by_hand(schema, without_required(schema["schema"]))
        if kind in ("model-fields", "typed-dict"):
            fields = {name: _not_required(field, kind) for name, field in schema["fields"].items()}
            return {**schema, "fields": fields, "extra_behavior": "allow"}
        if kind == "tagged-union":
            return {**schema, "choices": {tag: without_required(choice) for tag, choice in schema["choices"].items()}}
        return {key: value if key in NO_SCHEMAS else without_required(value) for key, value in schema.items()}
    if is_sequence(node):
        return type(node)(without_required(item) for item in node)
    return node


def built_by_hand(schema: dict[str, Any], fields: Any) -> dict[str, Any]:
    """A model whose fields are validated by another schema than its own. Left to pydantic-core, the class would be
    validated by its own validator."""
    model = cast("type[pydantic.BaseModel]", schema["cls"])
    if not model.__pydantic_complete__:  # its instances must be able to serialize themselves
        model.model_rebuild()

    def build(parts: tuple[dict[str, Any], dict[str, Any] | None, set[str]]) -> pydantic.BaseModel:
        fields, extra, fields_set = parts
        instance = model.__new__(model)
        object.__setattr__(instance, "__dict__", fields)
        object.__setattr__(instance, "__pydantic_extra__", extra)
        object.__setattr__(instance, "__pydantic_fields_set__", fields_set)
        object.__setattr__(instance, "__pydantic_private__", None)
        return instance

    built: dict[str, Any] = {
        "type": "function-after",
        "function": {"type": "no-info", "function": build},
        "schema": fields,
    }
    return {**built, "ref": schema["ref"]} if "ref" in schema else built


def _not_required(field: dict[str, Any], kind: str) -> dict[str, Any]:
    schema = without_required(field["schema"])
    if field.get("required") is False:  # of a plain dict, which says by itself what was sent
        return {**field, "schema": schema}
    if schema["type"] != "default":
        schema = {"type": "default", "schema": schema, "default": None}
    changed = {**field, "schema": schema}
    if kind == "typed-dict":
        changed["required"] = False
    return changed
