"""Types of messages and runs.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from ...._lazy import lazy_exports

if TYPE_CHECKING:
    from ...messages import Annotation as Annotation
    from ...messages import AnnotationDelta as AnnotationDelta
    from ...messages import FileCitationAnnotation as FileCitationAnnotation
    from ...messages import FileCitationDeltaAnnotation as FileCitationDeltaAnnotation
    from ...messages import FilePathAnnotation as FilePathAnnotation
    from ...messages import FilePathDeltaAnnotation as FilePathDeltaAnnotation
    from ...messages import ImageFile as ImageFile
    from ...messages import ImageFileContentBlock as ImageFileContentBlock
    from ...messages import ImageFileDelta as ImageFileDelta
    from ...messages import ImageFileDeltaBlock as ImageFileDeltaBlock
    from ...messages import ImageURL as ImageURL
    from ...messages import ImageURLContentBlock as ImageURLContentBlock
    from ...messages import ImageURLDelta as ImageURLDelta
    from ...messages import ImageURLDeltaBlock as ImageURLDeltaBlock
    from ...messages import Message as Message
    from ...messages import MessageContent as MessageContent
    from ...messages import MessageContentDelta as MessageContentDelta
    from ...messages import MessageDeleted as MessageDeleted
    from ...messages import MessageDelta as MessageDelta
    from ...messages import MessageDeltaEvent as MessageDeltaEvent
    from ...messages import RefusalContentBlock as RefusalContentBlock
    from ...messages import RefusalDeltaBlock as RefusalDeltaBlock
    from ...messages import Text as Text
    from ...messages import TextContentBlock as TextContentBlock
    from ...messages import TextDelta as TextDelta
    from ...messages import TextDeltaBlock as TextDeltaBlock
    from ...params.messages import ImageFileContentBlockParam as ImageFileContentBlockParam
    from ...params.messages import ImageFileParam as ImageFileParam
    from ...params.messages import ImageURLContentBlockParam as ImageURLContentBlockParam
    from ...params.messages import ImageURLParam as ImageURLParam
    from ...params.messages import MessageContentPartParam as MessageContentPartParam
    from ...params.messages import MessageCreateParams as MessageCreateParams
    from ...params.messages import MessageListParams as MessageListParams
    from ...params.messages import MessageUpdateParams as MessageUpdateParams
    from ...params.messages import TextContentBlockParam as TextContentBlockParam
    from ...params.runs import RunCreateParams as RunCreateParams
    from ...params.runs import RunListParams as RunListParams
    from ...params.runs import RunSubmitToolOutputsParams as RunSubmitToolOutputsParams
    from ...params.runs import RunUpdateParams as RunUpdateParams
    from ...runs import RequiredActionFunctionToolCall as RequiredActionFunctionToolCall
    from ...runs import Run as Run
    from ...runs import RunStatus as RunStatus
    from . import message as message
    from . import message_create_params as message_create_params
    from . import run as run
    from . import run_create_params as run_create_params
    from . import run_submit_tool_outputs_params as run_submit_tool_outputs_params
    from . import runs as runs

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "Annotation": "openai_assistants.types.messages:Annotation",
        "AnnotationDelta": "openai_assistants.types.messages:AnnotationDelta",
        "FileCitationAnnotation": "openai_assistants.types.messages:FileCitationAnnotation",
        "FileCitationDeltaAnnotation": "openai_assistants.types.messages:FileCitationDeltaAnnotation",
        "FilePathAnnotation": "openai_assistants.types.messages:FilePathAnnotation",
        "FilePathDeltaAnnotation": "openai_assistants.types.messages:FilePathDeltaAnnotation",
        "ImageFile": "openai_assistants.types.messages:ImageFile",
        "ImageFileContentBlock": "openai_assistants.types.messages:ImageFileContentBlock",
        "ImageFileDelta": "openai_assistants.types.messages:ImageFileDelta",
        "ImageFileDeltaBlock": "openai_assistants.types.messages:ImageFileDeltaBlock",
        "ImageURL": "openai_assistants.types.messages:ImageURL",
        "ImageURLContentBlock": "openai_assistants.types.messages:ImageURLContentBlock",
        "ImageURLDelta": "openai_assistants.types.messages:ImageURLDelta",
        "ImageURLDeltaBlock": "openai_assistants.types.messages:ImageURLDeltaBlock",
        "Message": "openai_assistants.types.messages:Message",
        "MessageContent": "openai_assistants.types.messages:MessageContent",
        "MessageContentDelta": "openai_assistants.types.messages:MessageContentDelta",
        "MessageDeleted": "openai_assistants.types.messages:MessageDeleted",
        "MessageDelta": "openai_assistants.types.messages:MessageDelta",
        "MessageDeltaEvent": "openai_assistants.types.messages:MessageDeltaEvent",
        "RefusalContentBlock": "openai_assistants.types.messages:RefusalContentBlock",
        "RefusalDeltaBlock": "openai_assistants.types.messages:RefusalDeltaBlock",
        "Text": "openai_assistants.types.messages:Text",
        "TextContentBlock": "openai_assistants.types.messages:TextContentBlock",
        "TextDelta": "openai_assistants.types.messages:TextDelta",
        "TextDeltaBlock": "openai_assistants.types.messages:TextDeltaBlock",
        "ImageFileContentBlockParam": "openai_assistants.types.params.messages:ImageFileContentBlockParam",
        "ImageFileParam": "openai_assistants.types.params.messages:ImageFileParam",
        "ImageURLContentBlockParam": "openai_assistants.types.params.messages:ImageURLContentBlockParam",
        "ImageURLParam": "openai_assistants.types.params.messages:ImageURLParam",
        "MessageContentPartParam": "openai_assistants.types.params.messages:MessageContentPartParam",
        "MessageCreateParams": "openai_assistants.types.params.messages:MessageCreateParams",
        "MessageListParams": "openai_assistants.types.params.messages:MessageListParams",
        "MessageUpdateParams": "openai_assistants.types.params.messages:MessageUpdateParams",
        "TextContentBlockParam": "openai_assistants.types.params.messages:TextContentBlockParam",
        "RequiredActionFunctionToolCall": "openai_assistants.types.runs:RequiredActionFunctionToolCall",
        "Run": "openai_assistants.types.runs:Run",
        "RunStatus": "openai_assistants.types.runs:RunStatus",
        "RunCreateParams": "openai_assistants.types.params.runs:RunCreateParams",
        "RunListParams": "openai_assistants.types.params.runs:RunListParams",
        "RunSubmitToolOutputsParams": "openai_assistants.types.params.runs:RunSubmitToolOutputsParams",
        "RunUpdateParams": "openai_assistants.types.params.runs:RunUpdateParams",
    },
)
