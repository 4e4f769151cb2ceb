"""Types of the API.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from .._lazy import lazy_exports

if TYPE_CHECKING:
    from . import (
        assistants as assistants,
        assistants_params as assistants_params,
        beta as beta,
        files as files,
        files_params as files_params,
        run_steps as run_steps,
        runs as runs,
        shared as shared,
        shared_params as shared_params,
        threads as threads,
        threads_params as threads_params,
        uploads as uploads,
        v1 as v1,
        vector_stores as vector_stores,
    )
    from .assistants_params import (
        AutoFileChunkingStrategyParam as AutoFileChunkingStrategyParam,
        FileChunkingStrategyParam as FileChunkingStrategyParam,
        StaticFileChunkingStrategyObjectParam as StaticFileChunkingStrategyObjectParam,
        StaticFileChunkingStrategyParam as StaticFileChunkingStrategyParam,
    )
    from .files import (
        Batch as Batch,
        BatchError as BatchError,
        BatchRequestCounts as BatchRequestCounts,
        BatchUsage as BatchUsage,
        FileDeleted as FileDeleted,
        FileObject as FileObject,
        Model as Model,
        ModelDeleted as ModelDeleted,
    )
    from .files_params import (
        BatchCreateParams as BatchCreateParams,
        BatchListParams as BatchListParams,
        FileCreateParams as FileCreateParams,
        FileListParams as FileListParams,
        FilePurpose as FilePurpose,
        UploadCompleteParams as UploadCompleteParams,
        UploadCreateParams as UploadCreateParams,
        VectorStoreCreateParams as VectorStoreCreateParams,
        VectorStoreListParams as VectorStoreListParams,
        VectorStoreSearchParams as VectorStoreSearchParams,
        VectorStoreUpdateParams as VectorStoreUpdateParams,
    )
    from .shared import (
        ChatModel as ChatModel,
        ComparisonFilter as ComparisonFilter,
        CompoundFilter as CompoundFilter,
        ErrorObject as ErrorObject,
        FileChunkingStrategy as FileChunkingStrategy,
        FileContent as FileContent,
        FunctionDefinition as FunctionDefinition,
        FunctionParameters as FunctionParameters,
        Metadata as Metadata,
        OtherFileChunkingStrategyObject as OtherFileChunkingStrategyObject,
        ReasoningEffort as ReasoningEffort,
        ResponseFormatJSONObject as ResponseFormatJSONObject,
        ResponseFormatJSONSchema as ResponseFormatJSONSchema,
        ResponseFormatText as ResponseFormatText,
        StaticFileChunkingStrategy as StaticFileChunkingStrategy,
        StaticFileChunkingStrategyObject as StaticFileChunkingStrategyObject,
    )
    from .uploads import Upload as Upload
    from .vector_stores import (
        VectorStore as VectorStore,
        VectorStoreDeleted as VectorStoreDeleted,
        VectorStoreSearchResponse as VectorStoreSearchResponse,
    )

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "ChatModel": "openai_assistants.types.shared:ChatModel",
        "ComparisonFilter": "openai_assistants.types.shared:ComparisonFilter",
        "CompoundFilter": "openai_assistants.types.shared:CompoundFilter",
        "ErrorObject": "openai_assistants.types.shared:ErrorObject",
        "FileChunkingStrategy": "openai_assistants.types.shared:FileChunkingStrategy",
        "FileContent": "openai_assistants.types.shared:FileContent",
        "FunctionDefinition": "openai_assistants.types.shared:FunctionDefinition",
        "FunctionParameters": "openai_assistants.types.shared:FunctionParameters",
        "Metadata": "openai_assistants.types.shared:Metadata",
        "OtherFileChunkingStrategyObject": "openai_assistants.types.shared:OtherFileChunkingStrategyObject",
        "ReasoningEffort": "openai_assistants.types.shared:ReasoningEffort",
        "ResponseFormatJSONObject": "openai_assistants.types.shared:ResponseFormatJSONObject",
        "ResponseFormatJSONSchema": "openai_assistants.types.shared:ResponseFormatJSONSchema",
        "ResponseFormatText": "openai_assistants.types.shared:ResponseFormatText",
        "StaticFileChunkingStrategy": "openai_assistants.types.shared:StaticFileChunkingStrategy",
        "StaticFileChunkingStrategyObject": "openai_assistants.types.shared:StaticFileChunkingStrategyObject",
        "AutoFileChunkingStrategyParam": "openai_assistants.types.assistants_params:AutoFileChunkingStrategyParam",
        "FileChunkingStrategyParam": "openai_assistants.types.assistants_params:FileChunkingStrategyParam",
        "StaticFileChunkingStrategyObjectParam": (
            "openai_assistants.types.assistants_params:StaticFileChunkingStrategyObjectParam"
        ),
        "StaticFileChunkingStrategyParam": "openai_assistants.types.assistants_params:StaticFileChunkingStrategyParam",
        "FileDeleted": "openai_assistants.types.files:FileDeleted",
        "FileObject": "openai_assistants.types.files:FileObject",
        "FileCreateParams": "openai_assistants.types.files_params:FileCreateParams",
        "FileListParams": "openai_assistants.types.files_params:FileListParams",
        "FilePurpose": "openai_assistants.types.files_params:FilePurpose",
        "Model": "openai_assistants.types.files:Model",
        "ModelDeleted": "openai_assistants.types.files:ModelDeleted",
        "VectorStore": "openai_assistants.types.vector_stores:VectorStore",
        "VectorStoreDeleted": "openai_assistants.types.vector_stores:VectorStoreDeleted",
        "VectorStoreSearchResponse": "openai_assistants.types.vector_stores:VectorStoreSearchResponse",
        "VectorStoreCreateParams": "openai_assistants.types.files_params:VectorStoreCreateParams",
        "VectorStoreListParams": "openai_assistants.types.files_params:VectorStoreListParams",
        "VectorStoreSearchParams": "openai_assistants.types.files_params:VectorStoreSearchParams",
        "VectorStoreUpdateParams": "openai_assistants.types.files_params:VectorStoreUpdateParams",
        "Upload": "openai_assistants.types.uploads:Upload",
        "UploadCompleteParams": "openai_assistants.types.files_params:UploadCompleteParams",
        "UploadCreateParams": "openai_assistants.types.files_params:UploadCreateParams",
        "Batch": "openai_assistants.types.files:Batch",
        "BatchError": "openai_assistants.types.files:BatchError",
        "BatchRequestCounts": "openai_assistants.types.files:BatchRequestCounts",
        "BatchUsage": "openai_assistants.types.files:BatchUsage",
        "BatchCreateParams": "openai_assistants.types.files_params:BatchCreateParams",
        "BatchListParams": "openai_assistants.types.files_params:BatchListParams",
    },
)
