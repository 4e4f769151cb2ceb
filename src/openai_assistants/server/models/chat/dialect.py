"""What a model server does not understand: found out once, from its refusal, and not sent to it again."""

from __future__ import annotations

import json
import logging
import re
from typing import Final, Literal

from ...._errors import APIStatusError, BadRequestError, UnprocessableEntityError
from ...spec import JsonObject

logger = logging.getLogger("openai_assistants.server")

LimitParameter = Literal["max_completion_tokens", "max_tokens"]

_LIMITS: Final[tuple[LimitParameter, ...]] = ("max_completion_tokens", "max_tokens")
_DISPENSABLE: Final = ("stream_options", "parallel_tool_calls", *_LIMITS)
"""What an answer does not depend on: the server counts tokens, keeps to their limit and to single calls by itself."""

_NAMES = re.compile(rf"(?<!\w)(?:{'|'.join(_DISPENSABLE)})(?!\w)")
_UNKNOWN = re.compile(
    r"unsupported|not (be )?(support|permit|allow|recogni|valid|known)|un(recogni[sz]ed|known|expected)|"
    r"does ?n.t support|does not (support|accept|know)|extra|forbidden|additional",
    re.IGNORECASE,
)


class Dialect:
    """How one model of one server wants to be asked."""

    def __init__(self, place: str, limit_parameter: LimitParameter) -> None:
        self._place = place
        self._refused: set[str] = set()
        self._limits = sorted(_LIMITS, key=lambda name: name != limit_parameter)

    def adapted(self, body: JsonObject) -> JsonObject:
        """The body without what was refused before; the limit of tokens under the first name that was not."""
        adapted = {name: value for name, value in body.items() if name not in self._refused}
        limit = next((name for name in self._limits if name not in self._refused), None)
        if "max_completion_tokens" in body:
            adapted.pop("max_completion_tokens", None)
            if limit is not None:
                adapted[limit] = body["max_completion_tokens"]
        return adapted

    def learn(self, error: APIStatusError, sent: JsonObject) -> bool:
        """Whether a refusal is about something that can be left out, so that it is worth asking again without it."""
        if not isinstance(error, (BadRequestError, UnprocessableEntityError)):
            return False
        said = f"{error.param} {error.code} {error.message} {json.dumps(error.body, default=str)}"
        # The one that is named first: a message may go on to list those that are known.
        named = next((name for name in _NAMES.findall(said) if name in sent), None)
        if named is None or _UNKNOWN.search(said) is None:
            return False
        if named not in self._refused:  # another run may have been quicker
            self._refused.add(named)
            logger.warning("%s does not know %s: it is asked without from now on", self._place, named)
        return True
