"""Errors as the API answers them: a status and `{"error": {"message", "type", "param", "code"}}`."""

from __future__ import annotations

from typing import Any

INVALID_REQUEST = "invalid_request_error"


class ApiError(Exception):
    """A request that ends with an error body; raised anywhere below the app, answered in one place."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = INVALID_REQUEST,
        param: str | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.type = type
        self.param = param
        self.code = code
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"error": error_object(self.message, type=self.type, param=self.param, code=self.code)}


def error_object(message: str, *, type: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    """The object under `error`, also the data of an `error` event."""
    return {"message": message, "type": type, "param": param, "code": code}


def not_found(noun: str, object_id: str) -> ApiError:
    """An object that does not exist, or is not this caller's to see."""
    return ApiError(f"No {noun} found with id '{object_id}'.", status=404)


def unknown_url(method: str, path: str, *, known_to: str | None = None) -> ApiError:
    """A URL that no operation has, at most one of another version of the API."""
    return ApiError(f"Invalid URL ({method} {path}){_other_version(known_to)}", status=404, code="unknown_url")


def wrong_method(method: str, path: str, allowed: list[str], *, known_to: str | None = None) -> ApiError:
    """A URL that exists, with another method; at most another version of the API has it with this one."""
    hint = _other_version(known_to) or " (HINT: Perhaps you meant to use a different HTTP method?)"
    return ApiError(
        f"Not allowed to {method} on {path}.{hint}",
        status=405,
        headers={"allow": ", ".join(allowed)},
    )


def _other_version(name: str | None) -> str:
    if name is None:
        return ""
    return f" (HINT: Another version of the API has this; set the header 'OpenAI-Beta: assistants={name}' for it.)"


def missing_beta() -> ApiError:
    """`/assistants` and `/threads` want to be asked for by version."""
    return ApiError(
        "You must provide the 'OpenAI-Beta' header to access the Assistants API. "
        "Please try again by setting the header 'OpenAI-Beta: assistants=v2'.",
        code="invalid_beta",
    )


def missing_key() -> ApiError:
    """No credentials on a server that wants some."""
    return ApiError(
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
        "(i.e. Authorization: Bearer YOUR_KEY).",
        status=401,
    )


def wrong_key(key: str) -> ApiError:
    """Credentials that this server does not know; of a key of some length the ends are shown, to recognise it by."""
    shown = f"{key[:3]}***{key[-4:]}" if len(key) >= 16 else "***"
    return ApiError(f"Incorrect API key provided: {shown}.", status=401, code="invalid_api_key")


def too_large(what: str, limit: int) -> ApiError:
    """A body beyond the server's limits."""
    return ApiError(f"{what} is too large: the limit is {limit} bytes.", status=413)


def server_error() -> ApiError:
    """A fault of this server; what it was stands in the log only."""
    return ApiError(
        "The server had an error while processing your request. Sorry about that!", status=500, type="server_error"
    )
