"""Types of messages and runs.

Generated from codegen/sdk.yaml; do not edit.
"""

from typing import TYPE_CHECKING

from ...._lazy import lazy_exports

if TYPE_CHECKING:
    from ...runs import (
        RequiredActionFunctionToolCall as RequiredActionFunctionToolCall,
        Run as Run,
        RunStatus as RunStatus,
    )
    from ...threads import (
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
        "Annotation": "openai_assistants.types.threads:Annotation",
        "AnnotationDelta": "openai_assistants.types.threads:AnnotationDelta",
        "FileCitationAnnotation": "openai_assistants.types.threads:FileCitationAnnotation",
        "FileCitationDeltaAnnotation": "openai_assistants.types.threads:FileCitationDeltaAnnotation",
        "FilePathAnnotation": "openai_assistants.types.threads:FilePathAnnotation",
        "FilePathDeltaAnnotation": "openai_assistants.types.threads:FilePathDeltaAnnotation",
        "ImageFile": "openai_assistants.types.threads:ImageFile",
        "ImageFileContentBlock": "openai_assistants.types.threads:ImageFileContentBlock",
        "ImageFileDelta": "openai_assistants.types.threads:ImageFileDelta",
        "ImageFileDeltaBlock": "openai_assistants.types.threads:ImageFileDeltaBlock",
        "ImageURL": "openai_assistants.types.threads:ImageURL",
        "ImageURLContentBlock": "openai_assistants.types.threads:ImageURLContentBlock",
        "ImageURLDelta": "openai_assistants.types.threads:ImageURLDelta",
        "ImageURLDeltaBlock": "openai_assistants.types.threads:ImageURLDeltaBlock",
        "Message": "openai_assistants.types.threads:Message",
        "MessageContent": "openai_assistants.types.threads:MessageContent",
        "MessageContentDelta": "openai_assistants.types.threads:MessageContentDelta",
        "MessageDeleted": "openai_assistants.types.threads:MessageDeleted",
        "MessageDelta": "openai_assistants.types.threads:MessageDelta",
        "MessageDeltaEvent": "openai_assistants.types.threads:MessageDeltaEvent",
        "RefusalContentBlock": "openai_assistants.types.threads:RefusalContentBlock",
        "RefusalDeltaBlock": "openai_assistants.types.threads:RefusalDeltaBlock",
        "Text": "openai_assistants.types.threads:Text",
        "TextContentBlock": "openai_assistants.types.threads:TextContentBlock",
        "TextDelta": "openai_assistants.types.threads:TextDelta",
        "TextDeltaBlock": "openai_assistants.types.threads:TextDeltaBlock",
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
