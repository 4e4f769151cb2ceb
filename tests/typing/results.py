"""Results as type checkers see them: unions narrow on their tag, open lists of values narrow on their values."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import datetime
from typing import Any, Literal, assert_type

from openai_assistants import (
    AsyncOpenAI,
    Citation,
    CitedText,
    HttpxBinaryResponseContent,
    OpenAI,
    UnknownValue,
    cite,
)
from openai_assistants.types import FileDeleted, FileObject, Model, ModelDeleted
from openai_assistants.types.beta import (
    Assistant,
    AssistantDeleted,
    AssistantTool,
    CodeInterpreterTool,
    FileSearchTool,
    FunctionTool,
    Thread,
    ThreadDeleted,
)
from openai_assistants.types.beta.threads import (
    FileCitationAnnotation,
    FilePathAnnotation,
    ImageFileContentBlock,
    ImageURLContentBlock,
    Message,
    MessageContent,
    MessageDeleted,
    RefusalContentBlock,
    RequiredActionFunctionToolCall,
    Run,
    RunStatus,
    TextContentBlock,
)
from openai_assistants.types.beta.threads.runs import (
    CodeInterpreterToolCall,
    FileSearchToolCall,
    FunctionToolCall,
    MessageCreationStepDetails,
    RunStep,
    ToolCall,
    ToolCallsStepDetails,
)
from openai_assistants.types.threads import UnknownMessageContent


def message_content(block: MessageContent) -> str:
    """Each tag has one class; what is left is the unknown one."""
    if block.type == "text":
        assert_type(block, TextContentBlock)
        for annotation in block.text.annotations:
            if annotation.type == "file_citation":
                assert_type(annotation, FileCitationAnnotation)
                assert_type(annotation.file_citation.quote, str | None)
            elif annotation.type == "file_path":
                assert_type(annotation, FilePathAnnotation)
                assert_type(annotation.start_index, int)
        return block.text.value
    if block.type == "image_file":
        assert_type(block, ImageFileContentBlock)
        return block.image_file.file_id
    if block.type == "image_url":
        assert_type(block, ImageURLContentBlock)
        return block.image_url.url
    if block.type == "refusal":
        assert_type(block, RefusalContentBlock)
        return block.refusal
    assert_type(block, UnknownMessageContent)
    return str(block.to_dict())


def unknown_fields(block: UnknownMessageContent) -> object:
    """All fields of an unknown member are attributes."""
    anything: object = block.whatever.it["may be"]
    return anything


def by_match(block: MessageContent) -> str:
    """`match` narrows too."""
    match block:
        case TextContentBlock(text=text):
            return text.value
        case RefusalContentBlock(refusal=refusal):
            return refusal
        case _:
            assert_type(block, ImageFileContentBlock | ImageURLContentBlock | UnknownMessageContent)
            return block.type


def tools(tool: AssistantTool) -> str:
    """Tools of an assistant."""
    if tool.type == "function":
        assert_type(tool, FunctionTool)
        assert_type(tool.function.parameters, dict[str, object] | None)
        return tool.function.name
    if tool.type == "file_search":
        assert_type(tool, FileSearchTool)
        return str(tool.file_search.max_num_results) if tool.file_search else ""
    if tool.type == "code_interpreter":
        assert_type(tool, CodeInterpreterTool)
    return ""


def steps(step: RunStep) -> list[str]:
    """Details of a step, and its tool calls."""
    assert_type(step.created_at, int)
    assert_type(step.expired_at, int | None)
    details = step.step_details
    if details.type == "message_creation":
        assert_type(details, MessageCreationStepDetails)
        return [details.message_creation.message_id]
    if details.type == "tool_calls":
        assert_type(details, ToolCallsStepDetails)
        assert_type(details.tool_calls, list[ToolCall])
        return [call_text(call) for call in details.tool_calls]
    return []


def call_text(call: ToolCall) -> str:
    """A tool call of a step."""
    if call.type == "function":
        assert_type(call, FunctionToolCall)
        assert_type(call.function.output, str | None)
        return call.function.arguments
    if call.type == "code_interpreter":
        assert_type(call, CodeInterpreterToolCall)
        for output in call.code_interpreter.outputs:
            if output.type == "logs":
                assert_type(output.logs, str)
            elif output.type == "image":
                assert_type(output.image.file_id, str)
        return call.code_interpreter.input
    if call.type == "file_search":
        assert_type(call, FileSearchToolCall)
        return ", ".join(result.file_name for result in call.file_search.results or [])
    return call.type


def open_lists(run: Run) -> str:
    """A status is one that is listed, or an `UnknownValue`."""
    status: RunStatus = run.status
    if status == "requires_action":
        assert_type(status, Literal["requires_action"] | UnknownValue)
    if isinstance(status, UnknownValue):
        assert_type(status, UnknownValue)
    else:
        assert_type(
            status,
            Literal[
                "queued",
                "in_progress",
                "requires_action",
                "cancelling",
                "cancelled",
                "failed",
                "completed",
                "incomplete",
                "expired",
            ],
        )
    text: str = status
    return text


def required_action(run: Run) -> list[RequiredActionFunctionToolCall]:
    """What a run waits for is null most of the time."""
    if run.required_action is None:
        return []
    calls = run.required_action.submit_tool_outputs.tool_calls
    assert_type(calls, list[RequiredActionFunctionToolCall])
    return calls


def choices_beside_text(run: Run) -> str:
    """A union of words and objects."""
    choice, form = run.tool_choice, run.response_format
    named = "" if choice is None or isinstance(choice, str) else choice.type
    if form is None or isinstance(form, str):
        return named
    if form.type == "json_schema":
        assert_type(form.json_schema.schema_, dict[str, object] | None)
        return form.json_schema.name
    return named


def footnotes(message: Message, citation: Citation, client: OpenAI) -> CitedText:
    """Citations with and without the names of the files."""
    assert_type(citation.kind, Literal["file_citation", "file_path"])
    assert_type(citation.start_index, int | None)
    assert_type(citation.file_name, str | None)
    assert_type(cite(message, steps=client.beta.threads.runs.steps.list("r", thread_id="t")), CitedText)
    assert_type(cite(message, mark=lambda each: each.quote or "").sources, tuple[Citation, ...])
    return cite(message, client, mark=lambda each: f"({each.number})", timeout=5.0)


async def footnotes_awaited(message: Message, client: AsyncOpenAI, either: OpenAI | AsyncOpenAI) -> CitedText:
    """The same with the async client, and with one of which only is known that it is one of both."""
    assert_type(cite(message, either), CitedText | Coroutine[Any, Any, CitedText])
    return await cite(message, client, max_retries=0)


def everything(
    assistant: Assistant,
    assistant_deleted: AssistantDeleted,
    thread: Thread,
    thread_deleted: ThreadDeleted,
    message: Message,
    message_deleted: MessageDeleted,
    file: FileObject,
    file_deleted: FileDeleted,
    model: Model,
    model_deleted: ModelDeleted,
    content: HttpxBinaryResponseContent,
) -> None:
    """Fields of the other results."""
    assert_type(assistant.id, str)
    assert_type(assistant.object, Literal["assistant"])
    assert_type(assistant.name, str | None)
    assert_type(assistant.temperature, float | None)
    assert_type(assistant.tools, list[AssistantTool])
    assert_type(assistant.metadata, dict[str, str] | None)
    assert_type(assistant_deleted.deleted, bool)
    assert_type(thread.created_at, int)
    assert_type(thread_deleted.object, Literal["thread.deleted"])
    assert_type(message.content, list[MessageContent])
    assert_type(message.role, Literal["user", "assistant"] | UnknownValue)
    assert_type(message.text, str)
    assert_type(message.citations, list[Citation])
    assert_type(message.created_at_datetime, datetime)
    assert_type(message.completed_at_datetime, datetime | None)
    assert_type(model.created_datetime, datetime)
    assert_type(message_deleted.id, str)
    assert_type(file.bytes, int)
    assert_type(file.expires_at, int | None)
    assert_type(file_deleted.deleted, bool)
    assert_type(model.created, int)
    assert_type(model_deleted.object, str)
    assert_type(content.content, bytes)
    assert_type(content.text, str)
    assert_type(assistant.to_dict(), dict[str, object])
    assert_type(assistant.to_json(), str)
