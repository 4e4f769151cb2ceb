"""What every resource class is: a view of a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._connection import AsyncConnection, Connection


class Resource:
    """Base of the resources of `OpenAI`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection


class AsyncResource:
    """Base of the resources of `AsyncOpenAI`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
