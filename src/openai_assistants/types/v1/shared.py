"""What several topics use.

Generated from codegen/specs/v1/shared.yaml; do not edit.
"""

from typing import TypeAlias

from ..._models import BaseModel

Metadata: TypeAlias = dict[str, str]
"""Your own notes on an object, as a map of strings. At most 16 entries, keys up to 64 characters, values up to 512."""


FunctionParameters: TypeAlias = dict[str, object]
"""A JSON Schema object that describes the arguments of a function."""


class ErrorObject(BaseModel):
    """What went wrong."""

    code: str | None = None
    """Machine-readable reason, stable enough to match on; null if there is none."""

    message: str
    """Explanation for people; the wording may change."""

    param: str | None = None
    """Parameter at fault; null if it is not a single one."""

    type: str
    """Broad class of the error, such as `invalid_request_error` or `server_error`."""


class FunctionDefinition(BaseModel):
    """A function that the model may ask you to call."""

    name: str
    """Name that the model calls it by. Letters, digits, underscores and dashes, at most 64 characters."""

    description: str | None = None
    """What the function does; the model reads this to decide when to call it."""

    parameters: FunctionParameters | None = None
    """JSON Schema of the arguments. Without it the function takes none."""
