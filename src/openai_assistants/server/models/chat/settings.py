"""Where the chat model asks: URLs, keys, and what of them may be shown.

The target of a route is `chat:URL`. What stands behind a `#` belongs to us and is not sent: the name of the model to
ask for, or options as in a query, `chat:https://api.example.com/v1#model=large&api_key_env=EXAMPLE_KEY&timeout=60`.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import httpx

from ...._basics import Omit, omit
from ...._errors import is_secret

KEY_VARIABLE: Final = "OPENAI_ASSISTANTS_CHAT_API_KEY"
_PATH: Final = "/chat/completions"
_SHORTEST_SECRET: Final = 4
_SENDABLE: Final = re.compile(r"[\x21-\x7e]*")
_HIDDEN: Final = "***"

_OPTIONS: Final[Mapping[str, Callable[[str], Any]]] = {
    "model": str,
    "api_key_env": str,
    "key_header": str,
    "timeout": float,
    "deadline": float,
    "max_retries": int,
    "limit_parameter": str,
}
"""What can stand behind the `#`, and how it is read."""


@dataclass(frozen=True)
class Upstream:
    """A server to ask."""

    base_url: str = field(repr=False)
    """Without user name and password: the HTTP library writes URLs to its log."""
    headers: Mapping[str, str | Omit] = field(repr=False)
    """What authenticates us, and headers that were asked for."""
    query: Mapping[str, str] = field(repr=False)
    shown: str
    """The URL without anything secret."""
    secrets: tuple[str, ...] = field(repr=False)

    def redacted(self, text: str) -> str:
        """A text without the secrets: servers like to quote the key that they refuse."""
        for secret in self.secrets:
            text = text.replace(secret, _HIDDEN)
        return text


def upstream(url: str, *, api_key: str, key_header: str, headers: Mapping[str, str]) -> Upstream:
    """The server at a URL: what stands before `/chat/completions`, or all of it.

    Raises:
        ValueError: It is no http(s) URL, or the key cannot be sent.
    """
    if not _SENDABLE.fullmatch(api_key):
        raise ValueError("the chat model's key holds blanks or characters outside ASCII: is it pasted as it should be?")
    try:
        parsed = httpx.URL(url.strip())
    except httpx.InvalidURL as error:
        reason = "check user name and password" if "@" in url else error  # which may quote a part of them
        raise ValueError(f"the chat model's URL cannot be read: {reason}") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ValueError(
            "the chat model needs a URL that begins with http:// or https://, such as chat:http://localhost:11434/v1"
        )
    path = parsed.path.rstrip("/").removesuffix(_PATH)
    query = dict(parse_qsl(parsed.query.decode(), keep_blank_values=True))
    bare = parsed.copy_with(path=path + "/", query=None, fragment=None, username=None, password=None)
    basic = b64encode(f"{parsed.username}:{parsed.password}".encode()).decode() if parsed.userinfo else ""
    secrets = [
        api_key,
        parsed.password,
        basic,
        *query.values(),
        *(headers[name] for name in headers if is_secret(name)),
    ]
    return Upstream(
        base_url=str(bare),
        query=query,
        headers={**_authentication(api_key, key_header, basic), **headers},
        shown=str(bare).rstrip("/"),
        secrets=tuple(sorted({each for each in secrets if len(each) >= _SHORTEST_SECRET}, key=len, reverse=True)),
    )


def _authentication(api_key: str, key_header: str, basic: str) -> dict[str, str | Omit]:
    if basic:
        return {"authorization": f"Basic {basic}"}
    if not api_key:
        return {"authorization": omit}
    if key_header.lower() == "authorization":
        return {"authorization": f"Bearer {api_key}"}
    return {"authorization": omit, key_header: api_key}


def key_from_environment(variable: str = KEY_VARIABLE) -> str:
    """The key of the chat model; empty if there is none. `OPENAI_API_KEY` is another server's: it is not looked at,
    unless a route names it."""
    return os.environ.get(variable, "").strip()


def options_of(target: str) -> tuple[str, dict[str, Any]]:
    """The URL in the target of a route, and the options behind its `#` as arguments of `ChatModel`.

    Raises:
        ValueError: An option is unknown or has no fitting value, or the variable that should hold the key is not set.
    """
    url, _, fragment = target.partition("#")
    if "=" not in fragment:
        return url, {"model": unquote(fragment)} if fragment else {}
    options: dict[str, Any] = {}
    for name, text in parse_qsl(fragment, keep_blank_values=True):
        if name not in _OPTIONS:
            raise ValueError(f"the chat model has no option {name!r}; known are: {', '.join(_OPTIONS)}")
        try:
            options[name] = _OPTIONS[name](text)
        except ValueError:
            raise ValueError(f"the chat model's option {name} must be a number, not {text!r}") from None
    if (variable := options.pop("api_key_env", None)) is not None:
        options["api_key"] = key_from_environment(variable) if variable else ""
        if variable and not options["api_key"]:
            raise ValueError(f"the environment variable {variable} should hold the chat model's key, but is not set")
    return url, options
