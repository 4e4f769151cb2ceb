"""Types of the API.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from .._lazy import lazy_exports

if TYPE_CHECKING:
    from . import assistants as assistants
    from . import beta as beta
    from . import events as events
    from . import files as files
    from . import messages as messages
    from . import models as models
    from . import run_steps as run_steps
    from . import runs as runs
    from . import shared as shared
    from . import shared_params as shared_params
    from . import threads as threads
    from .files import FileDeleted as FileDeleted
    from .files import FileObject as FileObject
    from .models import Model as Model
    from .models import ModelDeleted as ModelDeleted
    from .params.files import FileCreateParams as FileCreateParams
    from .params.files import FileListParams as FileListParams
    from .params.files import FilePurpose as FilePurpose
    from .params.shared import AutoFileChunkingStrategyParam as AutoFileChunkingStrategyParam
    from .params.shared import FileChunkingStrategyParam as FileChunkingStrategyParam
    from .params.shared import StaticFileChunkingStrategyObjectParam as StaticFileChunkingStrategyObjectParam
    from .params.shared import StaticFileChunkingStrategyParam as StaticFileChunkingStrategyParam
    from .shared import ChatModel as ChatModel
    from .shared import ErrorObject as ErrorObject
    from .shared import FunctionDefinition as FunctionDefinition
    from .shared import FunctionParameters as FunctionParameters
    from .shared import Metadata as Metadata
    from .shared import ReasoningEffort as ReasoningEffort
    from .shared import ResponseFormatJSONObject as ResponseFormatJSONObject
    from .shared import ResponseFormatJSONSchema as ResponseFormatJSONSchema
    from .shared import ResponseFormatText as ResponseFormatText

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "ChatModel": "openai_assistants.types.shared:ChatModel",
        "ErrorObject": "openai_assistants.types.shared:ErrorObject",
        "FunctionDefinition": "openai_assistants.types.shared:FunctionDefinition",
        "FunctionParameters": "openai_assistants.types.shared:FunctionParameters",
        "Metadata": "openai_assistants.types.shared:Metadata",
        "ReasoningEffort": "openai_assistants.types.shared:ReasoningEffort",
        "ResponseFormatJSONObject": "openai_assistants.types.shared:ResponseFormatJSONObject",
        "ResponseFormatJSONSchema": "openai_assistants.types.shared:ResponseFormatJSONSchema",
        "ResponseFormatText": "openai_assistants.types.shared:ResponseFormatText",
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
    },
)
