"""The chat-completions API as the chat model speaks it: a turn as the body of a request, the answer, chunk by chunk, as
the parts of a turn, and what goes wrong at the model server as the errors that runs end with.

That API knows no tools but functions, so the tools of a run are offered as such. Tool calls are put together from
deltas, however a server cuts, numbers and names them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..._errors import APIConnectionError, APIError, APIStatusError, AuthenticationError, PermissionDeniedError
from ..spec import JsonObject, child, is_array, is_object
from . import (
    CodeCall,
    ErrorCode,
    FileSearchCall,
    Finish,
    FunctionCall,
    ModelError,
    Part,
    RefusalDelta,
    TextDelta,
    ThreadMessage,
    ToolCall,
    ToolCallDelta,
    ToolKind,
    Turn,
    Usage,
)

USUAL: Final = 1.0
"""Temperature and `top_p` of a run that says nothing; left out, because some models refuse to be told them at all."""
MAX_IMAGE_BYTES: Final = 50 << 20
"""Most bytes of image files in one request."""

_SIGNATURES: Final = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))

_BUILT_IN: Final[tuple[tuple[ToolKind, str, str, str], ...]] = (
    (
        "file_search",
        "query",
        "What to look for, as a question or key words.",
        "Search the files of this conversation for passages. Each passage that is found comes with a marker. Whenever "
        "a sentence of your answer rests on a passage, write the marker of that passage behind the sentence, "
        "exactly as it stands.",
    ),
    (
        "code_interpreter",
        "code",
        "The Python program.",
        "Run a Python program and see what it prints. Files of the user lie in its working directory, /mnt/data; it "
        "has no network. To give a file to the user, write it there and link to it in the answer, as in "
        "[table.csv](sandbox:/mnt/data/table.csv).",
    ),
)
"""Tools that the server carries out: kind, the one parameter and its description, what the tool does."""

TOO_MANY: Final = 429
_ABOUT_THE_PROMPT: Final = (400, 413, 422)
_LIMITS: Final = ("rate_limit", "insufficient_quota", "too_many_requests", "429")
_PROMPTS: Final = (
    "invalid_prompt",
    "content_filter",
    "content_policy",
    "context_length",
    "invalid_image",
    "moderation",
)
_LONGEST: Final = 500


# Requests.


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
        # It called something: otherwise there would be no further turn.
        yield {
            "role": "assistant",
            "content": earlier.text,
            "tool_calls": [tools.call(call) for call in earlier.calls],
        }
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


# Tools.


class OfferedTools:
    """The tools that may be called in a turn. Those that the server carries out are functions under their own name,
    or under one behind which a number stands if the user has a function of that name."""

    def __init__(self, turn: Turn) -> None:
        self._choice = turn.tool_choice
        self._called_before = any(each.calls for each in turn.rounds)
        self._functions: list[JsonObject] = [tool["function"] for tool in turn.tools if tool["type"] == "function"]
        self._here = [each for each in _BUILT_IN if any(tool["type"] == each[0] for tool in turn.tools)]
        taken = {str(function["name"]) for function in self._functions}
        self._names: dict[ToolKind, str] = {kind: _free(kind, taken) for kind, *_ in _BUILT_IN}
        self._kinds: dict[str, tuple[ToolKind, str]] = {
            self._names[kind]: (kind, parameter) for kind, parameter, *_ in self._here
        }
        self.most_calls = 0 if self._choice == "none" else None if turn.parallel_tool_calls else 1
        """How many calls the turn may make; None: any number. Not every server keeps to what it is told."""

    @property
    def schemas(self) -> list[JsonObject]:
        """What the request offers. What may not be called is there only if earlier turns called it: some servers refuse
        calls of tools that they are not told of."""
        if self._choice == "none" and not self._called_before:
            return []
        functions: list[JsonObject] = [{"type": "function", "function": each} for each in self._functions]
        for kind, parameter, about, what in self._here:
            parameters = {
                "type": "object",
                "properties": {parameter: {"type": "string", "description": about}},
                "required": [parameter],
                "additionalProperties": False,
            }
            function = {"name": self._names[kind], "description": what, "parameters": parameters}
            functions.append({"type": "function", "function": function})
        return functions

    @property
    def choice(self) -> object:
        """The demand for a tool; None for the usual one."""
        choice: object = self._choice
        if not is_object(choice):
            return choice if choice in ("required", "none") else None
        name = next((self._names[kind] for kind in self._names if kind == choice.get("type")), None)
        return {"type": "function", "function": {"name": name or child(choice, "function").get("name", "")}}

    def carried_out_here(self, name: str) -> tuple[ToolKind, str] | None:
        """Kind and parameter of a tool that this server carries out; None for a function of the user."""
        return self._kinds.get(name)

    def call(self, call: ToolCall) -> JsonObject:
        """A call of an earlier turn."""
        match call:
            case FunctionCall():
                name, arguments = call.name, call.arguments if call.arguments.strip() else "{}"
            case FileSearchCall():
                name, arguments = self._names["file_search"], json.dumps({"query": call.query}, ensure_ascii=False)
            case CodeCall():
                name, arguments = self._names["code_interpreter"], json.dumps({"code": call.code}, ensure_ascii=False)
        return {"id": call.id, "type": "function", "function": {"name": name, "arguments": arguments}}


def outcome(call: ToolCall) -> str:
    """What came of a call, as text for the model."""
    match call:
        case FunctionCall():
            return call.output
        case FileSearchCall():
            if not call.results:
                return "Nothing was found."
            return "\n\n".join(f"{each.marker} from {each.filename}:\n{each.text}" for each in call.results)
        case CodeCall():
            made = f"Files made: {', '.join(f'sandbox:{path}' for path in call.paths)}" if call.paths else ""
            return "\n".join(each for each in (call.logs.rstrip("\n"), made) if each) or "The program printed nothing."


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free


# Answers.


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


# Tool calls in answers.


@dataclass
class _Call:
    number: int
    """The place of the call in the turn."""
    index: object
    """Its index as the server gives it."""
    id: str | None = None
    name: str | None = None
    built_in: tuple[ToolKind, str] | None = None
    text: str = ""
    """The arguments so far."""
    sent: int = 0
    """How much of them was passed on."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing can follow: the arguments are a JSON object."""
        try:
            return is_object(json.loads(self.text))
        except ValueError:
            return False


@dataclass
class CallReader:
    """The calls of one turn. A function's arguments are passed on as they come; those of tools that this server carries
    out when they are complete, because their one value is wanted without the JSON around it."""

    tools: OfferedTools
    """Calls beyond the number that they allow are dropped."""
    known_ids: set[str]
    """Ids of the run's earlier calls."""
    _calls: list[_Call] = field(default_factory=list[_Call])
    _ids: set[str] = field(default_factory=set[str])

    def take(self, delta: JsonObject) -> Iterator[Part]:
        """The parts that one delta of a call makes."""
        function = child(delta, "function")
        name = _filled(function.get("name"))
        arguments = function.get("arguments")
        text = arguments if isinstance(arguments, str) else "" if arguments is None else json.dumps(arguments)
        call = self._find(delta.get("index"), _filled(delta.get("id")), name, text)
        if self._is_dropped(call):
            return
        if not (call.text and not isinstance(arguments, str)):
            call.text += text
        if call.name is None and name is not None:
            call.name = name
            call.built_in = self.tools.carried_out_here(name)
            if call.built_in is None:
                yield ToolCallDelta(call.number, name=name, id=self._unique(call.id))
            else:
                yield ToolCallDelta(call.number, id=self._unique(call.id), kind=call.built_in[0])
        if call.name is not None and call.built_in is None and call.sent < len(call.text):
            yield ToolCallDelta(call.number, arguments=call.text[call.sent :])
            call.sent = len(call.text)

    def finish(self) -> Iterator[Part]:
        """What is left when the turn has ended.

        Raises:
            ModelError: A call names no tool.
        """
        for call in self._calls:
            if self._is_dropped(call):
                return
            if call.name is None:
                raise ModelError("The model called a tool without saying which.")
            if call.built_in is not None:
                kind, parameter = call.built_in
                yield ToolCallDelta(call.number, arguments=_only_value(call.text, parameter), kind=kind)

    def _find(self, index: object, id_: str | None, name: str | None, text: str) -> _Call:
        """The call that a delta belongs to. The index says so, or the id; but there are servers that give the same
        index to all calls, a new id to each delta, or neither, and those that repeat the name on each delta."""
        if index is not None:
            current = next((call for call in reversed(self._calls) if call.index == index), None)
        elif id_ is not None and any(call.id == id_ for call in self._calls):
            current = next(call for call in self._calls if call.id == id_)
        else:
            current = self._calls[-1] if self._calls else None
        if current is not None:
            if name is None or current.name is None or (id_ is not None and id_ == current.id):
                begins = False
            elif id_ is not None and current.id is not None:
                begins = True
            else:
                begins = name != current.name or (bool(text) and current.is_whole)
            if not begins:
                current.id = current.id or id_
                return current
        self._calls.append(_Call(len(self._calls), index, id_))
        return self._calls[-1]

    def _is_dropped(self, call: _Call) -> bool:
        return self.tools.most_calls is not None and call.number >= self.tools.most_calls

    def _unique(self, id_: str | None) -> str | None:
        """The id, unless it is one that another call of the run has: there are servers that count from 0 each turn."""
        if id_ is None or id_ in self.known_ids or id_ in self._ids:
            return None
        self._ids.add(id_)
        return id_


def _filled(value: Any) -> str | None:
    return str(value) if isinstance(value, (str, int)) and str(value).strip() else None


def _only_value(arguments: str, parameter: str) -> str:
    """The value of a tool's one parameter. Models that know such tools write the bare text at times."""
    try:
        # Not strict: programs come with real line breaks within their string.
        values: object = json.loads(arguments, strict=False)
    except ValueError:
        return arguments
    if not is_object(values):
        return str(values)
    value = values.get(parameter, next(iter(values.values()), ""))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# Failures.


class CutShort(ModelError):
    """The answer ended before the model server said that it was complete."""

    def __init__(self, how: str = "ended") -> None:
        super().__init__(f"The answer of the model server {how} before it was complete.")


def failure(error: APIError) -> ModelError:
    """The error of a run whose request was refused or not answered."""
    if isinstance(error, APIStatusError):
        said = f"The model server answered {error.message}"
        if isinstance(error, (AuthenticationError, PermissionDeniedError)):
            said = f"The model server refuses the key of this server: {error.message}"
        return ModelError(said, code=_code(error.status_code, f"{error.code} {error.type}", error.message))
    if isinstance(error, APIConnectionError):
        return ModelError(f"The model server did not answer: {error.message}")
    return ModelError(f"The model server answered with something that cannot be read: {error.message}")


def reported(problem: object) -> ModelError:
    """The error of a run whose answer holds an error: an object with a message, or some text."""
    details: JsonObject = problem if is_object(problem) else {"message": problem}
    message = str(details.get("message") or details.get("detail") or problem)[:_LONGEST]
    kinds = f"{details.get('code')} {details.get('type')}"
    return ModelError(f"The model server reported an error: {message}", code=_code(None, kinds, message))


def unreadable(what: Any) -> ModelError:
    """The error of a run whose answer is no chat completion."""
    return ModelError(f"The model server answered with something that is no chat completion: {str(what)[:200]}")


def _code(status: int | None, kinds: str, message: str) -> ErrorCode:
    kinds = kinds.lower()
    if status == TOO_MANY or any(each in kinds for each in _LIMITS):
        return "rate_limit_exceeded"
    said = f"{kinds} {message.lower()}".replace(" ", "_")
    if (status is None or status in _ABOUT_THE_PROMPT) and any(each in said for each in _PROMPTS):
        return "invalid_prompt"
    return "server_error"
