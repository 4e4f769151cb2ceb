"""A turn as the body of a chat-completions request."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ...spec import JsonObject, child
from ..base import ModelError, ThreadMessage, Turn
from .tools import OfferedTools, outcome

USUAL: Final = 1.0
"""Temperature and `top_p` of a run that says nothing; left out, because some models refuse to be told them at all."""
MAX_IMAGE_BYTES: Final = 50 << 20
"""Most bytes of image files in one request."""

_SIGNATURES: Final = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


def body_of(turn: Turn, model: str, tools: OfferedTools, images: Mapping[str, str]) -> JsonObject:
    """What is asked; `images` holds the data URLs of image files."""
    body: JsonObject = {
        "model": model,
        "messages": list(_messages(turn, tools, images)),
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if schemas := tools.schemas:
        body["tools"] = schemas
        if tools.choice is not None:
            body["tool_choice"] = tools.choice
        if not turn.parallel_tool_calls:
            body["parallel_tool_calls"] = False
    if turn.response_format not in (None, "auto", {"type": "text"}):
        body["response_format"] = turn.response_format
    if turn.temperature not in (None, USUAL):
        body["temperature"] = turn.temperature
    if turn.top_p not in (None, USUAL):
        body["top_p"] = turn.top_p
    if turn.reasoning_effort is not None:
        body["reasoning_effort"] = turn.reasoning_effort
    if turn.max_completion_tokens is not None:
        body["max_completion_tokens"] = turn.max_completion_tokens
    return body


async def load_images(turn: Turn) -> dict[str, str]:
    """The image files of the user's messages as data URLs, by id; those that are gone are left out.

    Raises:
        ModelError: They are too large together.
    """
    loaded: dict[str, str] = {}
    left = MAX_IMAGE_BYTES
    for file_id in dict.fromkeys(_image_files(turn)):
        try:
            content = await turn.files.read(file_id, limit=left)
        except ValueError:
            raise ModelError(
                f"The image files of this thread have more than {MAX_IMAGE_BYTES >> 20} MiB together, too much to send "
                "to the model.",
                code="invalid_prompt",
            ) from None
        if content is not None:
            left -= len(content)
            loaded[file_id] = f"data:{_media_type(content)};base64,{base64.b64encode(content).decode()}"
    return loaded


def _image_files(turn: Turn) -> Iterator[str]:
    for message in turn.messages:
        for block in message.content:
            if message.role == "user" and block["type"] == "image_file":
                yield str(block["image_file"]["file_id"])


def _media_type(content: bytes) -> str:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _SIGNATURES if content.startswith(start)), "application/octet-stream")


def _messages(turn: Turn, tools: OfferedTools, images: Mapping[str, str]) -> Iterator[JsonObject]:
    if turn.instructions.strip():
        yield {"role": "system", "content": turn.instructions}
    for message in turn.messages:
        content = _content(message, images)
        if content:
            yield {"role": message.role, "content": content}
    for earlier in turn.rounds:
        said: JsonObject = {"role": "assistant", "content": earlier.text}
        if earlier.calls:
            said["tool_calls"] = [tools.call(call) for call in earlier.calls]
        if earlier.text or earlier.calls:
            yield said
        for call in earlier.calls:
            yield {"role": "tool", "tool_call_id": call.id, "content": outcome(call)}


def _content(message: ThreadMessage, images: Mapping[str, str]) -> Any:
    """Plain text where there is nothing else: not every server takes parts."""
    parts = [_part(block, images if message.role == "user" else None) for block in message.content]
    if all(part["type"] == "text" for part in parts):
        return "\n".join(part["text"] for part in parts)
    return parts


def _part(block: JsonObject, images: Mapping[str, str] | None) -> JsonObject:
    """A block of a message. Images of the assistant itself are only named: a model sees those of its user."""
    match block["type"]:
        case "text":
            return {"type": "text", "text": block["text"]["value"]}
        case "refusal":
            return {"type": "text", "text": block["refusal"]}
        case "image_url" if images is not None:
            return _image(block["image_url"]["url"], block["image_url"])
        case "image_file" if images is not None and block["image_file"]["file_id"] in images:
            return _image(images[block["image_file"]["file_id"]], block["image_file"])
        case kind:
            details = child(block, kind)
            return {"type": "text", "text": f"[{kind}: {details.get('file_id') or details.get('url') or ''}]"}


def _image(url: str, settings: JsonObject) -> JsonObject:
    image = {"url": url}
    if settings.get("detail") in ("low", "high"):
        image["detail"] = settings["detail"]
    return {"type": "image_url", "image_url": image}
