"""The answer of a chat-completions server, chunk by chunk, as the parts of a turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...spec import JsonObject, child, is_array, is_object
from ..base import Finish, ModelError, Part, RefusalDelta, TextDelta, Turn, Usage
from .calls import CallReader
from .failures import CutShort, reported, unreadable
from .tools import OfferedTools


class AnswerReader:
    """Reads one answer: chunks of a stream, or the one object of a server that does not stream."""

    def __init__(self, turn: Turn, tools: OfferedTools) -> None:
        self._calls = CallReader(tools, {call.id for each in turn.rounds for call in each.calls})
        self._usage: Usage | None = None
        self._reason: str | None = None
        self.begun = False
        """Whether anything of the answer was passed on; then it cannot be asked for again."""
        self.ended = False
        """Whether the server has said that the answer is complete."""

    def take(self, chunk: object) -> Iterator[Part]:
        """The parts in a chunk.

        Raises:
            ModelError: It holds an error, or is none.
        """
        for part in self._parts(chunk):
            self.begun = True
            yield part

    def finish(self) -> Iterator[Part]:
        """What is known at the end only.

        Raises:
            CutShort: The answer is not complete.
            ModelError: The model server did not let the model say more.
        """
        if not self.ended:
            raise CutShort
        if self._usage is not None:
            yield self._usage
        match self._reason:
            case "length" | "content_filter" as reason:
                yield Finish(reason)
            case "error":
                raise ModelError("The model server broke off the answer because of an error.")
            case _:
                yield from self._calls.finish()

    def _parts(self, chunk: object) -> Iterator[Part]:
        if not is_object(chunk):
            raise unreadable(chunk)
        if chunk.get("error") or chunk.get("object") == "error":
            raise reported(chunk.get("error") or chunk)
        self._usage = _usage(chunk.get("usage")) or self._usage
        choices = chunk.get("choices")
        if choices is None and not chunk.keys() & {"message", "detail"}:
            return  # usage alone, a ping
        if not is_array(choices):
            raise unreadable(chunk)
        choice: Any = choices[0] if choices else None
        if not is_object(choice) or choice.get("index") not in (0, None):
            return
        yield from self._said(child(choice, "delta") or child(choice, "message"))
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self._reason, self.ended = self._reason or reason, True

    def _said(self, delta: JsonObject) -> Iterator[Part]:
        if text := _text(delta.get("content")):
            yield TextDelta(text)
        if text := _text(delta.get("refusal")):
            yield RefusalDelta(text)
        calls: Any = delta.get("tool_calls")
        if is_object(calls):
            calls = [calls]
        if is_object(old := delta.get("function_call")):
            calls = [{"index": 0, "function": old}]
        for call in calls if is_array(calls) else ():
            if is_object(call):
                yield from self._calls.take(call)


def _text(content: object) -> str:
    """Content is text, or a list of parts, of which some are text."""
    if is_array(content):
        return "".join(_text(part.get("text")) for part in content if is_object(part) and part.get("type") == "text")
    return content if isinstance(content, str) else ""


def _usage(usage: object) -> Usage | None:
    if not is_object(usage):
        return None
    counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    prompt, completion = (count if isinstance(count, int) and count >= 0 else None for count in counts)
    return None if prompt is None or completion is None else Usage(prompt, completion)
