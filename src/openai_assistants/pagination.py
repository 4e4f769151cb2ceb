"""The classes of pages."""

from typing import TYPE_CHECKING

from ._lazy import lazy_exports

if TYPE_CHECKING:
    from ._pagination import (
        AsyncCursorPage as AsyncCursorPage,
        AsyncPage as AsyncPage,
        AsyncPaginator as AsyncPaginator,
        SyncCursorPage as SyncCursorPage,
        SyncPage as SyncPage,
    )

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "AsyncCursorPage": "openai_assistants._pagination",
        "AsyncPage": "openai_assistants._pagination",
        "AsyncPaginator": "openai_assistants._pagination",
        "SyncCursorPage": "openai_assistants._pagination",
        "SyncPage": "openai_assistants._pagination",
    },
)
