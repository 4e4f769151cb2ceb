"""The offline model: no language model, no network, the same answer every time.

It calls a function when one is demanded or when the last user message holds values for all its required parameters,
and answers with the sentences of the tool outputs, or of the thread, that fit the question best. It says what it is.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

from ..spec import child, is_object
from . import reading
from .base import Part, TextDelta, ToolCallDelta, Turn
from .reading import best_passages, key_words, readable

INTRODUCTION = (
    "I am the offline stand-in of this server: no language model is running here. "
    "I can call your functions and quote passages that share words with your question.\n\n"
)
_SHORT = 300


class OfflineModel:
    """Answers by rules."""

    name = "offline"

    async def respond(self, turn: Turn) -> AsyncIterator[Part]:
        """A function call, or text word by word."""
        if (call := _choose_call(turn)) is not None:
            name, values = call
            yield ToolCallDelta(0, name=name)
            for piece in _pieces(json.dumps(values, ensure_ascii=False)):
                yield ToolCallDelta(0, arguments=piece)
            return
        # In a thread: a long text takes a while to read, and other runs want to go on.
        for piece in _pieces(await asyncio.to_thread(_answer, turn)):
            yield TextDelta(piece)


def _choose_call(turn: Turn) -> tuple[str, dict[str, Any]] | None:
    functions = {str(function["name"]): function for function in turn.functions}
    if not functions or turn.rounds:
        return None
    question = turn.question
    if is_object(turn.tool_choice):
        name = str(child(turn.tool_choice, "function").get("name", ""))
        return (name, reading.fill_anyway(functions[name], question)) if name in functions else None
    ranked = sorted(functions.values(), key=lambda function: -_kinship(function, question))
    for function in ranked:
        values = reading.fill(function, question)
        # A function that needs nothing can always be "filled": only one that the message speaks of is meant.
        if values is not None and (values or _kinship(function, question) > 0):
            return str(function["name"]), values
    if turn.tool_choice == "required":
        return str(ranked[0]["name"]), reading.fill_anyway(ranked[0], question)
    return None


def _kinship(function: Mapping[str, Any], question: str) -> int:
    told = key_words(f"{function['name']} {function.get('description') or ''}".replace("_", " "))
    return len({word.lower() for word in told} & {word.lower() for word in key_words(question)})


def _answer(turn: Turn) -> str:
    text = _from_outputs(turn) if turn.rounds else _from_thread(turn)
    match turn.response_format:
        case {"type": "json_object"}:
            return json.dumps({"answer": text}, ensure_ascii=False)
        case {"type": "json_schema", "json_schema": {"schema": schema}}:
            return json.dumps(reading.example(schema, text), ensure_ascii=False)
        case _:
            known = any(message.role == "assistant" for message in turn.messages)
            return text if known else INTRODUCTION + text


def _from_outputs(turn: Turn) -> str:
    outputs = [(call.name, readable(call.output).strip()) for round_ in turn.rounds for call in round_.functions]
    found = best_passages(turn.question, outputs)
    if found:
        return "Here is what I found:\n\n" + "\n".join(f"> {each.text} ({each.source})" for each in found)
    lines: list[str] = []
    for name, output in outputs:
        if not output:
            lines.append(f"{name} returned nothing.")
        elif len(output) <= _SHORT:
            lines.append(f"{name} returned: {output}")
        else:
            lines.append(
                f"{name} returned a text that shares no words with your question. It begins: {output[:_SHORT]}"
            )
    return "\n".join(lines) or "I have nothing to add."


def _from_thread(turn: Turn) -> str:
    if not turn.question.strip():
        return "There is no user message with text in this thread yet."
    last = max(index for index, message in enumerate(turn.messages) if message.role == "user")
    sources = [("instructions", turn.instructions)]
    sources += [(f"{each.role} message", each.text) for each in turn.messages[:last]]
    found = best_passages(turn.question, sources)
    if not found:
        about = ", ".join(key_words(turn.question)[:8])
        return f"Nothing in my instructions or earlier in this thread is about: {about or turn.question.strip()[:80]}."
    return "From this thread:\n\n" + "\n".join(f"> {each.text} ({each.source})" for each in found)


def _pieces(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)
