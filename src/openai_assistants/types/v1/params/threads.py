"""Parameters: threads, their messages and the files that came with these.

Generated from codegen/specs/v1/message_files.yaml, codegen/specs/v1/messages.yaml, codegen/specs/v1/runs.yaml,
codegen/specs/v1/threads.yaml; do not edit.
"""

from typing import Iterable, Literal, Required, TypeAlias, TypedDict

from ...._models import UnknownValue
from ..shared import Metadata
from .assistants import AssistantToolParam


class MessageCreateParams(TypedDict, total=False):
    """A message to add to a thread."""

    role: Required[Literal["user"] | UnknownValue]
    """Who speaks; only people can."""

    content: Required[str]
    """The text, from 1 to 32,768 characters."""

    file_ids: list[str]
    """Ids of files that the tools may use, from 1 to 10; leave it out for none."""

    metadata: Metadata | None
    """Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class ThreadCreateParams(TypedDict, total=False):
    """A thread to create."""

    messages: Iterable[MessageCreateParams]
    """Messages to start with, oldest first."""

    metadata: Metadata | None
    """Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class ThreadUpdateParams(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}`."""

    metadata: Metadata | None
    """Your notes on the thread. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class ThreadCreateAndRunParamsBase(TypedDict, total=False):
    """Arguments of `POST /threads/runs`, streamed or not."""

    assistant_id: Required[str]
    """Id of the assistant to run."""

    thread: ThreadCreateParams
    """The thread to create; an empty one if left out."""

    model: str | None
    """Id of a model to use instead of the assistant's."""

    instructions: str | None
    """System prompt for this run, instead of the assistant's."""

    tools: Iterable[AssistantToolParam] | None
    """Tools for this run instead of the assistant's, at most 20."""

    metadata: Metadata | None
    """Your notes on the run. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class ThreadCreateAndRunParamsNonStreaming(ThreadCreateAndRunParamsBase, total=False):
    """Arguments of `POST /threads/runs`, not streamed."""

    stream: Literal[False] | None
    """Whether to answer with a stream of events while the run works."""


class ThreadCreateAndRunParamsStreaming(ThreadCreateAndRunParamsBase, total=False):
    """Arguments of `POST /threads/runs`, streamed."""

    stream: Required[Literal[True]]
    """Whether to answer with a stream of events while the run works."""


ThreadCreateAndRunParams: TypeAlias = ThreadCreateAndRunParamsNonStreaming | ThreadCreateAndRunParamsStreaming
"""Arguments of `POST /threads/runs`."""


class MessageUpdateParams(TypedDict, total=False):
    """Arguments of `POST /threads/{thread_id}/messages/{message_id}`."""

    thread_id: Required[str]
    """Id of the message's thread."""

    metadata: Metadata | None
    """Your notes on the message. At most 16 entries. Keys up to 64 characters. Values up to 512 characters."""


class MessageListParams(TypedDict, total=False):
    """Arguments of `GET /threads/{thread_id}/messages`."""

    limit: int
    """Messages per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by creation time; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a message; the page starts behind it."""

    before: str
    """Id of a message; the page ends in front of it."""


class MessageFileListParams(TypedDict, total=False):
    """Arguments of `GET /threads/{thread_id}/messages/{message_id}/files`."""

    thread_id: Required[str]
    """Id of the message's thread."""

    limit: int
    """Files per page, from 1 to 100. Default: 20."""

    order: Literal["asc", "desc"] | UnknownValue
    """Order by the time of attaching; `asc` is oldest first, `desc` newest first. Default: `desc`."""

    after: str
    """Id of a file; the page starts behind it."""

    before: str
    """Id of a file; the page ends in front of it."""
