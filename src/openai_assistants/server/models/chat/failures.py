"""What goes wrong at the model server, as the errors that runs end with."""

from __future__ import annotations

from typing import Any, Final

from ...._errors import APIConnectionError, APIError, APIStatusError, AuthenticationError, PermissionDeniedError
from ...spec import JsonObject, is_object
from ..base import ErrorCode, ModelError

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
