"""Arguments as type checkers see them: literals for nested parameters, and results in their place."""

from __future__ import annotations

from typing import Literal

from openai_assistants import OpenAI, UnknownValue, omit
from openai_assistants.types import FileCreateParams, FileObject
from openai_assistants.types.beta import Assistant, AssistantCreateParams, Thread, ThreadCreateParams
from openai_assistants.types.beta.threads import Message, MessageCreateParams, Run
from openai_assistants.types.beta.threads.run_create_params import RunCreateParamsNonStreaming
from openai_assistants.types.beta.threads.run_submit_tool_outputs_params import ToolOutput
from openai_assistants.types.beta.threads.runs import RunStepInclude
from openai_assistants.types.vector_stores import VectorStoreFile


def literals(client: OpenAI) -> None:
    """Plain dicts and lists, spelled out in the call."""
    client.beta.assistants.create(
        model="any-model",
        name="Guide",
        description=None,
        reasoning_effort="low",
        tools=[
            {"type": "code_interpreter"},
            {
                "type": "file_search",
                "file_search": {
                    "max_num_results": 5,
                    "ranking_options": {"ranker": "auto", "score_threshold": 0.5},
                },
            },
            {
                "type": "function",
                "function": {
                    "name": "lookup",
                    "description": "Look it up.",
                    "parameters": {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]},
                    "strict": True,
                },
            },
        ],
        tool_resources={
            "code_interpreter": {"file_ids": ["f"]},
            "file_search": {
                "vector_stores": [
                    {
                        "file_ids": ["f"],
                        "chunking_strategy": {
                            "type": "static",
                            "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400},
                        },
                        "metadata": {"a": "b"},
                    }
                ]
            },
        },
        metadata={"a": "b"},
        temperature=1,
        top_p=0.5,
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "n", "schema": {"type": "object"}, "strict": None},
        },
    )
    client.beta.threads.messages.create(
        "t",
        role="user",
        content=[
            {"type": "text", "text": "x"},
            {"type": "image_file", "image_file": {"file_id": "f", "detail": "high"}},
            {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
        ],
        attachments=[{"file_id": "f", "tools": [{"type": "file_search"}, {"type": "code_interpreter"}]}],
    )
    client.beta.threads.runs.create(
        "t",
        assistant_id="a",
        include=["step_details.tool_calls[*].file_search.results[*].content"],
        additional_messages=[{"role": "assistant", "content": "x"}],
        truncation_strategy={"type": "last_messages", "last_messages": 3},
        tool_choice={"type": "function", "function": {"name": "lookup"}},
        response_format="auto",
        parallel_tool_calls=False,
        max_prompt_tokens=None,
    )
    client.beta.threads.create_and_run(
        assistant_id="a",
        thread={"messages": [{"role": "user", "content": "x"}], "tool_resources": {"file_search": {}}},
        tool_choice="required",
    )
    client.beta.threads.runs.submit_tool_outputs(
        "r", thread_id="t", tool_outputs=[{"tool_call_id": "c", "output": "x"}]
    )
    client.files.create(
        file=b"x", purpose="user_data", expires_after={"anchor": "created_at", "seconds": 3600}, max_retries=0
    )


def results(client: OpenAI, assistant: Assistant, run: Run, thread: Thread, message: Message) -> None:
    """What came with one object goes into the next, as it is."""
    client.beta.assistants.create(
        model=assistant.model,
        tools=assistant.tools,
        tool_resources=assistant.tool_resources,
        metadata=assistant.metadata,
        response_format=assistant.response_format,
    )
    client.beta.assistants.update(
        assistant.id, tools=[*assistant.tools, {"type": "code_interpreter"}], tool_resources=assistant.tool_resources
    )
    client.beta.threads.create(tool_resources=thread.tool_resources, metadata=thread.metadata)
    client.beta.threads.update(thread.id, tool_resources=thread.tool_resources)
    client.beta.threads.runs.create(
        run.thread_id,
        assistant_id=run.assistant_id,
        tools=run.tools,
        tool_choice=run.tool_choice,
        truncation_strategy=run.truncation_strategy,
        response_format=run.response_format,
    )
    pictures = [block for block in message.content if block.type == "image_file"]
    client.beta.threads.messages.create(
        message.thread_id, role="user", content=pictures, attachments=message.attachments, metadata=message.metadata
    )
    client.beta.assistants.create(model="m", tools=(tool for tool in assistant.tools if tool.type == "function"))


def listed_values(client: OpenAI, message: Message, run: Run, file: FileObject, member: VectorStoreFile) -> None:
    """Values of open lists, read from a result, go into the next call; a value that is newer than this version too."""
    client.beta.threads.messages.create("t", role=message.role, content=message.text)
    client.beta.threads.create(messages=[{"role": message.role, "content": "x"}])
    client.beta.threads.runs.create("t", assistant_id="a", additional_messages=[{"role": message.role, "content": "x"}])
    client.beta.threads.runs.create("t", assistant_id="a", model=run.model, tool_choice=run.tool_choice, stream=True)
    if run.truncation_strategy is not None:
        client.beta.threads.runs.create(
            "t", assistant_id="a", truncation_strategy={"type": run.truncation_strategy.type, "last_messages": 1}
        )
    if run.tool_choice is not None and not isinstance(run.tool_choice, str):
        client.beta.threads.create_and_run(assistant_id="a", tool_choice={"type": run.tool_choice.type})
    client.vector_stores.files.list("v", filter=member.status)
    client.files.list(purpose=file.purpose)
    if file.purpose == "assistants" or file.purpose == "vision":  # what code wrote cannot be uploaded
        client.files.create(file=b"x", purpose=file.purpose)
    client.files.create(file=b"x", purpose=UnknownValue("newer"))
    client.beta.threads.messages.list("t", order=UnknownValue("newer"))


def lists_of_listed_values(
    client: OpenAI,
    narrow: list[Literal["step_details.tool_calls[*].file_search.results[*].content"]],
    wide: list[RunStepInclude],
) -> None:
    """A list declared with exactly the value that there is today, one declared with our name, a tuple."""
    steps = client.beta.threads.runs.steps
    steps.list("r", thread_id="t", include=narrow)
    steps.list("r", thread_id="t", include=wide)
    steps.list("r", thread_id="t", include=("step_details.tool_calls[*].file_search.results[*].content",))


def left_out(client: OpenAI, name: str | None, streaming: bool) -> None:
    """`omit` for what shall not be sent."""
    client.beta.assistants.create(model="m", name=name if streaming else omit, tools=omit)
    client.beta.threads.messages.list("t", after=omit, run_id="r" if streaming else omit)


def collected(client: OpenAI) -> None:
    """Arguments collected beforehand."""
    assistant: AssistantCreateParams = {"model": "m", "tools": [{"type": "file_search"}]}
    message: MessageCreateParams = {"role": "user", "content": "x"}
    answer: MessageCreateParams = {"role": "assistant", "content": [{"type": "text", "text": "y"}]}
    thread: ThreadCreateParams = {"messages": [message, answer]}
    run: RunCreateParamsNonStreaming = {"assistant_id": "a", "additional_messages": [message]}
    file: FileCreateParams = {"file": ("n", b"x"), "purpose": "batch"}
    outputs: list[ToolOutput] = [{"tool_call_id": "c"}]
    client.beta.assistants.create(**assistant)
    client.beta.threads.create(**thread)
    client.beta.threads.runs.create("t", **run)
    client.files.create(**file)
    client.beta.threads.runs.submit_tool_outputs("r", thread_id="t", tool_outputs=outputs)


def options(client: OpenAI) -> None:
    """Options of a request."""
    client.beta.assistants.retrieve(
        "a",
        timeout=5.0,
        deadline=30,
        max_retries=1,
        extra_headers={"x-a": "b", "openai-beta": omit},
        extra_query={"a": 1},
        extra_body={"b": None},
        idempotency_key="k",
    )
