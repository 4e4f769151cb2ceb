"""The classes of pages."""

from typing import TYPE_CHECKING

from ._lazy import lazy_exports

if TYPE_CHECKING:
    from ._pagination import AsyncCursorPage as AsyncCursorPage
    from ._pagination import AsyncPage as AsyncPage
    from ._pagination import AsyncPaginator as AsyncPaginator
    from ._pagination import SyncCursorPage as SyncCursorPage
    from ._pagination import SyncPage as SyncPage

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
