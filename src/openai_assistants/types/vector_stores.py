"""Types of the files and file batches of a vector store.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from .._lazy import lazy_exports

if TYPE_CHECKING:
    from .file_batches import VectorStoreFileBatch as VectorStoreFileBatch
    from .params.file_batches import (
        FileBatchCreateParams as FileBatchCreateParams,
        FileBatchListFilesParams as FileBatchListFilesParams,
    )
    from .params.vector_store_files import (
        FileCreateParams as FileCreateParams,
        FileListParams as FileListParams,
        FileUpdateParams as FileUpdateParams,
    )
    from .vector_store_files import (
        FileContentResponse as FileContentResponse,
        VectorStoreFile as VectorStoreFile,
        VectorStoreFileDeleted as VectorStoreFileDeleted,
    )

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "FileContentResponse": "openai_assistants.types.vector_store_files:FileContentResponse",
        "VectorStoreFile": "openai_assistants.types.vector_store_files:VectorStoreFile",
        "VectorStoreFileDeleted": "openai_assistants.types.vector_store_files:VectorStoreFileDeleted",
        "FileCreateParams": "openai_assistants.types.params.vector_store_files:FileCreateParams",
        "FileListParams": "openai_assistants.types.params.vector_store_files:FileListParams",
        "FileUpdateParams": "openai_assistants.types.params.vector_store_files:FileUpdateParams",
        "VectorStoreFileBatch": "openai_assistants.types.file_batches:VectorStoreFileBatch",
        "FileBatchCreateParams": "openai_assistants.types.params.file_batches:FileBatchCreateParams",
        "FileBatchListFilesParams": "openai_assistants.types.params.file_batches:FileBatchListFilesParams",
    },
)
