"""Parameters: what several topics use.

Generated from codegen/specs/v1/shared.yaml; do not edit.
"""

from typing import Required, TypedDict

from ..shared import FunctionParameters


class FunctionDefinitionParam(TypedDict, total=False):
    """A function that the model may ask you to call."""

    name: Required[str]
    """Name that the model calls it by. Letters, digits, underscores and dashes, at most 64 characters."""

    description: str
    """What the function does; the model reads this to decide when to call it."""

    parameters: FunctionParameters
    """JSON Schema of the arguments. Without it the function takes none."""
