"""Types of the API.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from .._lazy import lazy_exports

if TYPE_CHECKING:
    from . import assistants as assistants
    from . import batches as batches
    from . import beta as beta
    from . import events as events
    from . import file_batches as file_batches
    from . import files as files
    from . import messages as messages
    from . import models as models
    from . import run_steps as run_steps
    from . import runs as runs
    from . import shared as shared
    from . import shared_params as shared_params
    from . import threads as threads
    from . import upload as upload
    from . import uploads as uploads
    from . import vector_store as vector_store
    from . import vector_store_files as vector_store_files
    from . import vector_stores as vector_stores
    from .batches import Batch as Batch
    from .batches import BatchError as BatchError
    from .batches import BatchRequestCounts as BatchRequestCounts
    from .batches import BatchUsage as BatchUsage
    from .files import FileDeleted as FileDeleted
    from .files import FileObject as FileObject
    from .models import Model as Model
    from .models import ModelDeleted as ModelDeleted
    from .params.batches import BatchCreateParams as BatchCreateParams
    from .params.batches import BatchListParams as BatchListParams
    from .params.files import FileCreateParams as FileCreateParams
    from .params.files import FileListParams as FileListParams
    from .params.files import FilePurpose as FilePurpose
    from .params.shared import AutoFileChunkingStrategyParam as AutoFileChunkingStrategyParam
    from .params.shared import FileChunkingStrategyParam as FileChunkingStrategyParam
    from .params.shared import StaticFileChunkingStrategyObjectParam as StaticFileChunkingStrategyObjectParam
    from .params.shared import StaticFileChunkingStrategyParam as StaticFileChunkingStrategyParam
    from .params.upload import UploadCompleteParams as UploadCompleteParams
    from .params.upload import UploadCreateParams as UploadCreateParams
    from .params.vector_store import VectorStoreCreateParams as VectorStoreCreateParams
    from .params.vector_store import VectorStoreListParams as VectorStoreListParams
    from .params.vector_store import VectorStoreSearchParams as VectorStoreSearchParams
    from .params.vector_store import VectorStoreUpdateParams as VectorStoreUpdateParams
    from .shared import ChatModel as ChatModel
    from .shared import ComparisonFilter as ComparisonFilter
    from .shared import CompoundFilter as CompoundFilter
    from .shared import ErrorObject as ErrorObject
    from .shared import FileChunkingStrategy as FileChunkingStrategy
    from .shared import FileContent as FileContent
    from .shared import FunctionDefinition as FunctionDefinition
    from .shared import FunctionParameters as FunctionParameters
    from .shared import Metadata as Metadata
    from .shared import OtherFileChunkingStrategyObject as OtherFileChunkingStrategyObject
    from .shared import ReasoningEffort as ReasoningEffort
    from .shared import ResponseFormatJSONObject as ResponseFormatJSONObject
    from .shared import ResponseFormatJSONSchema as ResponseFormatJSONSchema
    from .shared import ResponseFormatText as ResponseFormatText
    from .shared import StaticFileChunkingStrategy as StaticFileChunkingStrategy
    from .shared import StaticFileChunkingStrategyObject as StaticFileChunkingStrategyObject
    from .upload import Upload as Upload
    from .vector_store import VectorStore as VectorStore
    from .vector_store import VectorStoreDeleted as VectorStoreDeleted
    from .vector_store import VectorStoreSearchResponse as VectorStoreSearchResponse

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
        "AutoFileChunkingStrategyParam": "openai_assistants.types.params.shared:AutoFileChunkingStrategyParam",
        "FileChunkingStrategyParam": "openai_assistants.types.params.shared:FileChunkingStrategyParam",
        "StaticFileChunkingStrategyObjectParam": (
            "openai_assistants.types.params.shared:StaticFileChunkingStrategyObjectParam"
        ),
        "StaticFileChunkingStrategyParam": "openai_assistants.types.params.shared:StaticFileChunkingStrategyParam",
        "FileDeleted": "openai_assistants.types.files:FileDeleted",
        "FileObject": "openai_assistants.types.files:FileObject",
        "FileCreateParams": "openai_assistants.types.params.files:FileCreateParams",
        "FileListParams": "openai_assistants.types.params.files:FileListParams",
        "FilePurpose": "openai_assistants.types.params.files:FilePurpose",
        "Model": "openai_assistants.types.models:Model",
        "ModelDeleted": "openai_assistants.types.models:ModelDeleted",
        "VectorStore": "openai_assistants.types.vector_store:VectorStore",
        "VectorStoreDeleted": "openai_assistants.types.vector_store:VectorStoreDeleted",
        "VectorStoreSearchResponse": "openai_assistants.types.vector_store:VectorStoreSearchResponse",
        "VectorStoreCreateParams": "openai_assistants.types.params.vector_store:VectorStoreCreateParams",
        "VectorStoreListParams": "openai_assistants.types.params.vector_store:VectorStoreListParams",
        "VectorStoreSearchParams": "openai_assistants.types.params.vector_store:VectorStoreSearchParams",
        "VectorStoreUpdateParams": "openai_assistants.types.params.vector_store:VectorStoreUpdateParams",
        "Upload": "openai_assistants.types.upload:Upload",
        "UploadCompleteParams": "openai_assistants.types.params.upload:UploadCompleteParams",
        "UploadCreateParams": "openai_assistants.types.params.upload:UploadCreateParams",
        "Batch": "openai_assistants.types.batches:Batch",
        "BatchError": "openai_assistants.types.batches:BatchError",
        "BatchRequestCounts": "openai_assistants.types.batches:BatchRequestCounts",
        "BatchUsage": "openai_assistants.types.batches:BatchUsage",
        "BatchCreateParams": "openai_assistants.types.params.batches:BatchCreateParams",
        "BatchListParams": "openai_assistants.types.params.batches:BatchListParams",
    },
)
