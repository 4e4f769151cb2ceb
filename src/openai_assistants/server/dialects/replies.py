"""Answers as they go out: errors in every shape, and what an endpoint says that does not exist."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from http import HTTPStatus

from .. import errors
from ..faults import Send
from .dialect import Dialect, ErrorForm, Json

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Reply:
    """A whole answer."""

    status: int
    content_type: str = JSON
    content: bytes = b""
    headers: Headers = ()

    @classmethod
    def of(cls, status: int, value: object, headers: Headers = ()) -> Reply:
        """A JSON answer."""
        return cls(status, JSON, json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), headers)

    async def send(self, send: Send) -> None:
        """Write it."""
        headers = [*self.headers]
        if self.content:
            headers.append((b"content-type", self.content_type.encode()))
        if self.status != HTTPStatus.NO_CONTENT:
            headers.append((b"content-length", str(len(self.content)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.content})


def error(dialect: Dialect, status: int, details: Json, headers: Headers = ()) -> Reply:
    """An error of the API in this dialect; `details` has its message, type, param and code."""
    if status == HTTPStatus.BAD_REQUEST and details.get("param"):
        status = dialect.invalid_status
    return replace(_error(dialect.errors_of.get(status, dialect.errors), status, details), headers=headers)


def _error(form: ErrorForm, status: int, details: Json) -> Reply:
    message: str = details["message"]
    match form:
        case "openai":
            return Reply.of(status, {"error": details})
        case "string":
            return Reply.of(status, {"error": message})
        case "detail":
            return Reply.of(status, {"detail": message})
        case "details":
            where = ["body", *([details["param"]] if details.get("param") else [])]
            return Reply.of(status, {"detail": [{"type": "value_error", "loc": where, "msg": message}]})
        case "message":
            return Reply.of(status, {"message": message})
        case "text":
            return Reply(status, TEXT, message.encode())
        case "html":
            return Reply(status, HTML, _page(status, message))
        case "empty":
            return Reply(status)


def missing(dialect: Dialect, method: str, path: str, *, other_methods: bool) -> Reply:
    """What an endpoint answers that does not exist; `other_methods`: its path does, with other methods."""
    status = HTTPStatus.METHOD_NOT_ALLOWED if other_methods else HTTPStatus.NOT_FOUND
    match dialect.profile.missing:
        case "unknown_url":
            return Reply.of(404, errors.unknown_url(method, path).body())
        case "detail":
            return Reply.of(status, {"detail": status.phrase})
        case "error":
            details = {"code": "http_error", "message": status.phrase, "type": None, "param": None}
            return Reply.of(status, {"error": details})
        case "text":
            return Reply(404, TEXT, f"Cannot {method} {path}".encode())
        case "html":
            return Reply(404, HTML, _page(404, f"{method} {path} was not found on this server."))
        case "empty":
            return Reply(404)
        case "not_implemented":
            return Reply.of(501, errors.error_object("Not implemented.", type="server_error"))


def _page(status: int, text: str) -> bytes:
    title = f"{status} {HTTPStatus(status).phrase}"
    page = f"<!doctype html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{escape(text)}</p>"
    return f"{page}</body></html>\n".encode()
