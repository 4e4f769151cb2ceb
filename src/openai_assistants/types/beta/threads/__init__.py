"""Types of messages and runs.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from ...._lazy import lazy_exports

if TYPE_CHECKING:
    from ...messages import (
        Annotation as Annotation,
        AnnotationDelta as AnnotationDelta,
        FileCitationAnnotation as FileCitationAnnotation,
        FileCitationDeltaAnnotation as FileCitationDeltaAnnotation,
        FilePathAnnotation as FilePathAnnotation,
        FilePathDeltaAnnotation as FilePathDeltaAnnotation,
        ImageFile as ImageFile,
        ImageFileContentBlock as ImageFileContentBlock,
        ImageFileDelta as ImageFileDelta,
        ImageFileDeltaBlock as ImageFileDeltaBlock,
        ImageURL as ImageURL,
        ImageURLContentBlock as ImageURLContentBlock,
        ImageURLDelta as ImageURLDelta,
        ImageURLDeltaBlock as ImageURLDeltaBlock,
        Message as Message,
        MessageContent as MessageContent,
        MessageContentDelta as MessageContentDelta,
        MessageDeleted as MessageDeleted,
        MessageDelta as MessageDelta,
        MessageDeltaEvent as MessageDeltaEvent,
        RefusalContentBlock as RefusalContentBlock,
        RefusalDeltaBlock as RefusalDeltaBlock,
        Text as Text,
        TextContentBlock as TextContentBlock,
        TextDelta as TextDelta,
        TextDeltaBlock as TextDeltaBlock,
    )
    from ...runs import (
        RequiredActionFunctionToolCall as RequiredActionFunctionToolCall,
        Run as Run,
        RunStatus as RunStatus,
    )
    from ...threads_params import (
        ImageFileContentBlockParam as ImageFileContentBlockParam,
        ImageFileParam as ImageFileParam,
        ImageURLContentBlockParam as ImageURLContentBlockParam,
        ImageURLParam as ImageURLParam,
        MessageContentPartParam as MessageContentPartParam,
        MessageCreateParams as MessageCreateParams,
        MessageListParams as MessageListParams,
        MessageUpdateParams as MessageUpdateParams,
        RunCreateParams as RunCreateParams,
        RunListParams as RunListParams,
        RunSubmitToolOutputsParams as RunSubmitToolOutputsParams,
        RunUpdateParams as RunUpdateParams,
        TextContentBlockParam as TextContentBlockParam,
    )
    from . import (
        message as message,
        message_create_params as message_create_params,
        run as run,
        run_create_params as run_create_params,
        run_submit_tool_outputs_params as run_submit_tool_outputs_params,
        runs as runs,
    )

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
        "ImageFileContentBlockParam": "openai_assistants.types.threads_params:ImageFileContentBlockParam",
        "ImageFileParam": "openai_assistants.types.threads_params:ImageFileParam",
        "ImageURLContentBlockParam": "openai_assistants.types.threads_params:ImageURLContentBlockParam",
        "ImageURLParam": "openai_assistants.types.threads_params:ImageURLParam",
        "MessageContentPartParam": "openai_assistants.types.threads_params:MessageContentPartParam",
        "MessageCreateParams": "openai_assistants.types.threads_params:MessageCreateParams",
        "MessageListParams": "openai_assistants.types.threads_params:MessageListParams",
        "MessageUpdateParams": "openai_assistants.types.threads_params:MessageUpdateParams",
        "TextContentBlockParam": "openai_assistants.types.threads_params:TextContentBlockParam",
        "RequiredActionFunctionToolCall": "openai_assistants.types.runs:RequiredActionFunctionToolCall",
        "Run": "openai_assistants.types.runs:Run",
        "RunStatus": "openai_assistants.types.runs:RunStatus",
        "RunCreateParams": "openai_assistants.types.threads_params:RunCreateParams",
        "RunListParams": "openai_assistants.types.threads_params:RunListParams",
        "RunSubmitToolOutputsParams": "openai_assistants.types.threads_params:RunSubmitToolOutputsParams",
        "RunUpdateParams": "openai_assistants.types.threads_params:RunUpdateParams",
    },
)
