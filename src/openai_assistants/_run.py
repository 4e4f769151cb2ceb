"""What runs can do beside holding their fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Iterator, NoReturn

from ._models import BaseModel


class RunBase(BaseModel):
    """Base of runs. A run is no stream of events, so iterating over one says what is missing."""

    if TYPE_CHECKING:
        __iter__: None  # type: ignore[assignment]
    else:

        def __iter__(self) -> NoReturn:
            raise TypeError(
                "a run is not a stream of events; did you forget stream=True? (Its fields as a dict: run.to_dict().)"
            )

        __aiter__ = __iter__

        # `dict(run)`, which iteration gives to other results, goes through these two.

        def keys(self) -> Iterable[str]:
            return [name for name, _ in self._items()]

        def __getitem__(self, name: str) -> Any:
            return dict(self._items())[name]

        def _items(self) -> Iterator[tuple[str, Any]]:
            return super().__iter__()
