"""A call with its options applied: what stays the same over its attempts, and a fresh request for each. No I/O."""

from __future__ import annotations

import json
import re
import uuid
import warnings
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Collection, Mapping, cast

from ._bodies import encode_json, without_omitted
from ._core import HEADER_NAME, USER_AGENT, Core, lower
from ._errors import OpenAIError, is_secret
from ._hosts import is_loopback
from ._http import failure_of, forget_unsendable_cookies
from ._http_clients import CLOSED, build_request
from ._omit import Omit
from ._secrets import note_parameters, quieten, scrub
from ._text import one_line
from ._urls import check_address, encode_query, fill_path, origin, pairs_of

if TYPE_CHECKING:
    import httpx

    from ._calls import Call
    from ._multipart import Form
    from ._options import RequestOptions

SHOWN = 200
"""Characters of what cannot be sent."""
_SENDABLE = re.compile(r"([\t\x20-\x7e]*[\x21-\x7e])?")

_warned_hosts: set[str] = set()


class Draft:
    """A call with its options applied: everything that stays the same over its attempts."""

    def __init__(
        self, core: Core, call: Call[Any], options: RequestOptions, stack: ExitStack, deadline: float | None
    ) -> None:
        self._core = core
        operation = call.operation
        self._method = operation.method
        self.trusted = _is_own(core, operation.path)
        """Whether the request goes to the client's own host: no other one gets its settings."""
        self._url = _url(core, call, options, self.trusted)
        self._timeout = options.get("timeout", core.timeout)
        self._content: dict[str, Any] = {}
        self._form: Form | None = None
        self._headers: dict[str, str | Omit] = {"accept": call.accept}
        self.repeatable = True
        if operation.beta is not None:
            self._headers["openai-beta"] = operation.beta
        if operation.method == "POST":
            self._headers["idempotency-key"] = options.get("idempotency_key") or str(uuid.uuid4())
        if call.content is not None:
            if "extra_body" in options:
                raise TypeError("extra_body adds fields to a JSON object or form; this body is neither")
            self._content = {"content": call.content}
            self._headers["content-type"] = call.content_type
            self.repeatable = isinstance(call.content, (bytes, str))
        elif call.body is not None or "extra_body" in options:
            body = {**without_omitted(call.body or {}), **options.get("extra_body", {})}
            if operation.files is not None:
                self._multipart(body, operation.files, stack, deadline)
            else:
                self._content = {"content": encode_json(body)}
                self._headers["content-type"] = "application/json"
        self._extra_headers = lower(options.get("extra_headers", {}))

    def _multipart(
        self, body: Mapping[str, object], names: Collection[str], stack: ExitStack, deadline: float | None
    ) -> None:
        from ._files import file_part
        from ._multipart import Form

        files = {name: file_part(name, body[name], stack, body.get("purpose")) for name in names if name in body}
        fields = pairs_of({name: value for name, value in body.items() if name not in files})
        form = Form(fields, files.items(), deadline)
        stack.callback(form.close)
        self._form = form
        self._headers["content-type"] = form.content_type
        if form.length is None:
            self._headers["transfer-encoding"] = "chunked"
        else:
            self._headers["content-length"] = str(form.length)
        self.repeatable = form.repeatable

    def plain_body(self) -> dict[str, Any]:
        """The JSON body as it is sent."""
        return cast("dict[str, Any]", json.loads(self._content.get("content", b"{}")))

    def request(self, api_key: str) -> httpx.Request:
        """A fresh request for one attempt."""
        settings = self._core.headers(api_key) if self.trusted else {"user-agent": USER_AGENT}
        merged = {**settings, **self._headers, **self._extra_headers}
        headers = {name: _checked(name, value) for name, value in merged.items() if not isinstance(value, Omit)}
        http = self._core.http()
        if http.is_closed:
            raise OpenAIError(CLOSED)
        request = self._built(http, headers)
        if self._form is not None:
            request = self._form.request(request, http)
        quieten(request)
        if not self.trusted:
            for name in filter(is_secret, list(request.headers)):  # those of the HTTP client
                if name not in self._extra_headers:
                    del request.headers[name]
        if (
            request.url.scheme == "http"
            and not is_loopback(request.url.host)
            and (request.url.userinfo or any(map(is_secret, request.headers)))
        ):
            _warn_about_plain_http(request.url.host)
        return request

    def _built(self, http: Any, headers: Mapping[str, str]) -> httpx.Request:
        """The request as the HTTP client builds it."""
        try:
            request = build_request(http, self._method, self._url, headers, self._timeout, self._content)
            host = request.url.host
        except Exception as error:
            scrub(error)
            if isinstance(error, UnicodeError) and forget_unsendable_cookies(http):
                return self._built(http, headers)
            if not isinstance(error, UnicodeError) and failure_of(error) is None:
                raise
            raise ValueError(f"the URL of this request cannot be sent: {one_line(str(error), SHOWN)}") from None
        if not host:
            raise ValueError("the URL of this request names no host")
        if not self.trusted:
            check_address(request.url, "the URL of this request cannot be sent: ")
        return request


def _url(core: Core, call: Call[Any], options: RequestOptions, trusted: bool) -> str:
    path = fill_path(call.operation.path, call.path)
    url = path if _is_absolute(path) else str(core.base_url) + path.lstrip("/")
    default: Mapping[str, object] = core.default_query if trusted else {}
    query = encode_query({**default, **without_omitted(call.query), **options.get("extra_query", {})})
    if default or "extra_query" in options:
        note_parameters((*default, *options.get("extra_query", {})))
    if query:
        url += ("&" if "?" in url else "?") + query
    return url


def _is_absolute(path: str) -> bool:
    return path[:8].lower().startswith(("http://", "https://"))


def _is_own(core: Core, path: str) -> bool:
    """Whether a path is below the base URL, or an absolute URL on the same host."""
    if not _is_absolute(path):
        return True
    try:
        return origin(type(core.base_url)(path)) == origin(core.base_url)
    except Exception:  # no URL, as building the request will say
        return False


def _warn_about_plain_http(host: str) -> None:
    if host not in _warned_hosts:
        _warned_hosts.add(host)
        warnings.warn(f"The API key is sent to {host} over plain http, readable on the way; use https.", stacklevel=2)


def _checked(name: str, value: object) -> str:
    """A header value that cannot smuggle in another header, under a name that cannot either. The value itself is never
    shown."""
    if not HEADER_NAME.fullmatch(name):
        raise ValueError(f"header name {one_line(name, SHOWN)!r} cannot be sent: names have letters, digits and dashes")
    if not isinstance(value, str):
        raise TypeError(f"header {one_line(name, SHOWN)} must be a string, not {type(value).__name__}")
    plain = value.isascii() and value.isprintable() and value[-1:] != " "  # what follows says the same, more slowly
    if not plain and not _SENDABLE.fullmatch(value):
        what = "the API key" if name == "authorization" else f"header {one_line(name, SHOWN)}"
        raise ValueError(
            f"{what} cannot be sent: it contains a line break, a control character or one outside ASCII, "
            "or a blank at its end; strip it"
        )
    return value
