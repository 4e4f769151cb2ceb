"""Models that the server offers.

Generated from codegen/specs/v2/models.yaml; do not edit.
"""

from datetime import datetime
from typing import Literal

from .._models import BaseModel, Timestamp, as_datetime


class Model(BaseModel):
    """A model that requests can name."""

    id: str
    """Name to use as `model` in requests."""

    created: Timestamp
    """When the model was made, in Unix seconds."""

    object: Literal["model"]
    """Names the kind of object."""

    owned_by: str
    """Organization that the model belongs to."""

    @property
    def created_datetime(self) -> datetime:
        """`created` as an aware datetime in UTC."""
        return as_datetime(self.created)


class ModelDeleted(BaseModel):
    """Confirms that a model was deleted."""

    id: str
    """Id of the deleted model."""

    deleted: bool
    """Whether it was deleted."""

    object: str
    """Names the kind of object."""
