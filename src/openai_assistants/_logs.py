"""Our log, which shows what is sent and answered without bodies (`OPENAI_LOG=info|debug` prints it), and how
credentials are kept out of what people see: texts of URLs, errors, logs, and the local variables in tracebacks.

A key has to be somewhere to be sent: in the settings of the client, in requests on their way (which the HTTP library
shows to its own frames and hooks), in what a program itself holds. From all that comes back it is taken out.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any, AnyStr, Callable, Iterable, Iterator, Mapping, cast

from ._basics import one_line
from ._http import BELOW, LIBRARIES, headers_like

if TYPE_CHECKING:
    import httpx

    from ._models import Deviation

HIDDEN = "***"

_SECRET_NAME = re.compile(
    r"(?<!idempotency-)key|token|secret|passw|credential|signature|auth|cookie|session|^(sig|code)$", re.IGNORECASE
)
"""Of headers and of query parameters."""
_PLAIN_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "connection",
        "content-length",
        "content-type",
        "date",
        "host",
        "idempotency-key",
        "last-event-id",
        "openai-beta",
        "openai-organization",
        "openai-project",
        "traceparent",
        "transfer-encoding",
        "user-agent",
        "x-client-request-id",
        "x-request-id",
    }
)
"""Headers of requests whose values are no secrets. Nothing is known of any other."""
_OF_THE_API = frozenset(
    {"after", "api-version", "before", "filter", "include", "include[]", "limit", "order", "purpose", "run_id"}
)
"""Query parameters whose values are no secrets. Nothing is known of any other."""
_SECRETS = "openai_assistants_secrets"
"""Under which name the extensions of an answer hold what its request was authenticated with."""
_LIBRARIES = frozenset(
    (*LIBRARIES, *BELOW, "httpcore", "httpcore2", "h11", "h2", "hpack", "hyperframe", "anyio", "trio")
)
"""Whose frames have what is sent in their variables."""
_OF_HTTP2 = ("hpack", "hpack.hpack", "hpack.table")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_OF_CONNECTIONS = tuple(f"{name}.{part}" for name in ("httpcore", "httpcore2") for part in ("http11", "http2", "socks"))
_PLAIN_IN_ANSWERS = frozenset(
    {
        "allow",
        "content-encoding",
        "retry-after",
        "retry-after-ms",
        "server",
        "vary",
        "x-should-retry",
    }
)
"""Headers of answers whose values are no secrets, beside those of requests. Others set cookies, or quote what was sent:
where a redirect leads to has the query in it."""
_PLAIN_BEGINNINGS = ("openai-", "x-ratelimit-")
_HEADERS_CAME = "receive_response_headers.complete return_value="
_BYTES = r"""b(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_ANSWER_SHOWN = re.compile(rf"\((?:{_BYTES}, )?(\d+), (?:{_BYTES}, )?\[(.*)\]\)")
_HEADER_SHOWN = re.compile(rf"\(({_BYTES}), ({_BYTES})\)")
_TEXTS = (str, bytes, bytearray, memoryview)
_READERS = ("openai_assistants._events", "openai_assistants._streaming")
"""Our modules whose functions have in variables what came, as it came."""
_SHORTEST = 8
"""What is shorter is not looked for or hidden: as a secret it would be worthless, and it stands in many a text by
chance."""
_TOKEN = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])\S{16,}")
_AFTER_A_SCHEME = re.compile(rf"\S+ (?=\S{{{_SHORTEST}}})([^\s\d]*\d\S*)")
"""A header's value such as `Token abc123...`."""

_sent_parameters: set[str] = set()
_secret_headers: set[str] = set()


class Secret(str):
    """A text that tracebacks with local variables do not show. Formatted or printed it is itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"'{HIDDEN}'"


class Unshown:
    """Holds a value of any kind that tracebacks are not to show."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def quieten(request: httpx.Request) -> None:
    """Let a request show its URL without secrets wherever it is shown, in tracebacks and in hooks, say."""
    if request.url.userinfo or (request.url.query and any(map(_is_hidden, request.url.params))):
        request.__class__ = _quiet(cast("Any", type(request)))


@cache
def _quiet(kind: type[httpx.Request]) -> type[httpx.Request]:
    def show(self: httpx.Request) -> str:
        return f"<Request({self.method!r}, {str(shown_url(self.url))!r})>"

    return type("Request", (kind,), {"__repr__": show, "_plain": kind})


def is_secret(header: str) -> bool:
    """Whether a header carries credentials."""
    return _SECRET_NAME.search(header) is not None or header.lower() in _secret_headers


def note_headers(headers: Mapping[str, object], key: str) -> None:
    """Those of the headers that have the key in them carry credentials, whatever they are called."""
    _secret_headers.update(name.lower() for name, value in headers.items() if key in str(value))


def note_parameters(names: Iterable[str]) -> None:
    """These are sent in queries: what is not the API's own is kept out of the HTTP library's log from now on."""
    _sent_parameters.update(name for name in names if name not in _OF_THE_API)


def shown_url(url: httpx.URL) -> httpx.URL:
    """A URL without user name, password and what may be a secret in its query."""
    return _masked(url, lambda name: name not in _OF_THE_API)


def shown_query(query: str) -> str:
    """The text of a query without what is a secret by its name."""
    pairs = (pair.partition("=") for pair in query.split("&"))
    return "&".join(name + sign + (HIDDEN if value and _is_secret_name(name) else value) for name, sign, value in pairs)


def secrets_in(request: httpx.Request) -> set[str]:
    """What a request proves its right with: the values of headers, of the query, the password in the URL or, decoded,
    in a header."""
    found = set[str]()
    if request.url.userinfo:
        found.add(_credential(request.url.username, request.url.password))
    for name, value in request.headers.multi_items():
        if is_secret(name):
            found.update((value, value.rpartition(" ")[2]))
            if value[:6].lower() == "basic ":
                found.add(_decoded(value[6:]))
            elif name.lower() == "cookie":
                found.update(cookie.partition("=")[2].strip() for cookie in value.split(";"))
    found.update(value for name, value in request.url.params.multi_items() if _is_hidden(name))
    return {each for each in found if len(each) >= _SHORTEST}


def _credential(user: str, password: str) -> str:
    """Which of the two is secret: some servers take a token as the name, and no or any password."""
    return password if len(password) >= _SHORTEST else user


def _decoded(basic: str) -> str:
    """The secret in what follows `Basic`; empty if nothing can be read there."""
    from base64 import b64decode

    with contextlib.suppress(ValueError):
        user, _, password = b64decode(basic).decode().partition(":")
        return _credential(user, password)
    return ""


def _perhaps_secrets_in(request: httpx.Request) -> set[str]:
    """The values of headers of which nothing is known, if they look like credentials: the name of a region or of a team
    may stand in any message. What the request says in other places, too, such as the name of a model, is none: answers
    have to quote it."""
    values = {
        value
        for name, value in request.headers.multi_items()
        if name.lower() not in _PLAIN_HEADERS and not is_secret(name)
    }
    tokens = {match[1] for value in values if (match := _AFTER_A_SCHEME.fullmatch(value))}
    values = tokens | {value for value in values if _TOKEN.fullmatch(value) or value.rpartition(" ")[2] in tokens}
    if not values:
        return values
    said = [request.url.path.encode(), *(v.encode() for k, v in request.headers.items() if k in _PLAIN_HEADERS)]
    with contextlib.suppress(RuntimeError):  # a stream, which is not kept
        said.append(request.content)
    return {value for value in values if not any(value.encode() in each for each in said)}


def without_secrets(request: httpx.Request) -> httpx.Request:
    """A copy of a request without what authenticates it, without its body stream, and without the values of headers of
    which nothing is known."""
    secrets = secrets_in(request)
    headers = [
        (name, value if name.lower() in _PLAIN_HEADERS or len(value) < _SHORTEST else HIDDEN)
        for name, value in request.headers.multi_items()
        if not is_secret(name) and not any(secret in value for secret in secrets)
    ]
    kind: type[httpx.Request] = getattr(request, "_plain", type(request))
    return kind(request.method, shown_url(request.url), headers=headers_like(request.headers, headers))


def hide_secrets(response: httpx.Response) -> None:
    """Take from an answer's request what authenticates it, and remember that: no error shows it where the answer quotes
    it."""
    secrets = _secrets_of(response)
    response.extensions[_SECRETS] = lambda: secrets  # it shows nothing of them
    response.request = without_secrets(response.request)


def _secrets_of(response: httpx.Response) -> set[str]:
    hidden: Callable[[], set[str]] | None = response.extensions.get(_SECRETS)
    request = response.request
    return secrets_in(request) | _perhaps_secrets_in(request) | (set() if hidden is None else hidden())


class Quotes:
    """What an answer may quote of that with which its request was authenticated: some servers do so to refuse it."""

    def __init__(self, response: httpx.Response) -> None:
        secrets = _secrets_of(response)
        secrets |= {each.encode().decode("latin-1") for each in secrets if not each.isascii()}  # UTF-8, as read below
        self._secrets = sorted(secrets, key=len, reverse=True)  # some begin like others

    def hidden(self, said: AnyStr) -> AnyStr:
        """Part of the answer without them."""
        if isinstance(said, str):
            return self._hidden(said)
        return self._hidden(said.decode("latin-1")).encode("latin-1")

    def _hidden(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN).replace("\0".join(secret), "\0".join(HIDDEN))  # the second is UTF-16
        if "\\" not in text:
            return text
        bare = _without_escapes(text)  # to look for a pattern takes far longer than to see that there is none
        for secret in self._secrets:
            if _without_escapes(secret) in bare:
                text = re.sub("".join(map(_in_json, secret)), HIDDEN, text)
        return text


def _without_escapes(text: str) -> str:
    """A text of JSON with the characters that stand for others in their place, and no backslashes."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\\", "")


def _in_json(character: str) -> str:
    """A pattern for a character as JSON may have it."""
    return rf"(?:\\?{re.escape(character)}|\\u(?i:{ord(character):04x}))"


def without_echo(response: httpx.Response) -> httpx.Response:
    """An answer that does not quote what its request was authenticated with; the same one if it did not."""
    told, hidden = response.headers.multi_items(), Quotes(response).hidden
    headers = [(name, hidden(value)) for name, value in told]
    content, reason = hidden(response.content), hidden(response.reason_phrase)
    if (content, headers, reason) == (response.content, told, response.reason_phrase):
        return response
    kept = [each for each in headers if each[0] not in ("content-encoding", "content-length")]
    return type(response)(
        response.status_code,
        headers=headers_like(response.headers, kept),
        content=content,
        request=response.request,
        extensions={**response.extensions, "reason_phrase": reason.encode("ascii", "ignore")},
        history=response.history,
    )


def scrub(error: BaseException) -> None:
    """Take from an exception what authenticated its request. From tracebacks the local variables of the HTTP libraries
    and of what reads streams are cleared: what is sent stands in them, and what quotes it, and error reports show them.
    The lines stay."""
    todo: list[BaseException | None] = [error]
    seen: set[int] = set()
    while todo:
        each = todo.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        todo += [each.__cause__, each.__context__]
        if (request := getattr(each, "_request", None)) is not None and type(each).__module__ in LIBRARIES:
            each.request = without_secrets(request)  # type: ignore[attr-defined]
        trace = each.__traceback__
        while trace is not None:
            frame, trace = trace.tb_frame, trace.tb_next
            module = str(frame.f_globals.get("__name__"))
            if module in _READERS or module.partition(".")[0] in _LIBRARIES:
                with contextlib.suppress(RuntimeError):  # it is still running
                    frame.clear()


def guard_logs() -> None:
    """Let the HTTP libraries log the URLs and, of HTTP/2, the headers of requests without what may be a secret."""
    for name in LIBRARIES:
        logging.getLogger(name).addFilter(_without_secrets)  # has it once, however often it is added
    for name in _OF_HTTP2:
        logging.getLogger(name).addFilter(_without_headers)
    for name in _OF_CONNECTIONS:
        logging.getLogger(name).addFilter(_without_values)


def _without_secrets(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(_loggable(each) for each in record.args)
    return True


def _without_headers(record: logging.LogRecord) -> bool:
    """hpack logs each header: its name and its value, or both in a tuple; and all of them as they are sent, which
    anybody can decode."""
    if isinstance(record.args, tuple):
        args = cast("tuple[Any, ...]", record.args)
        texts: list[Any] = [each for each in args if isinstance(each, _TEXTS)]
        name = texts[0] if len(texts) > 1 else None
        record.args = tuple(_loggable_part(name, each) for each in args)
    return True


def _without_values(record: logging.LogRecord) -> bool:
    """httpcore logs texts that are ready: the headers of answers, and the password of a SOCKS proxy."""
    text = record.getMessage()
    if text.startswith(_HEADERS_CAME):
        record.msg, record.args = f"{_HEADERS_CAME}{_loggable_answer(text.removeprefix(_HEADERS_CAME))}", ()
    elif " auth=(" in text:
        record.msg, record.args = f"{text.partition(' auth=(')[0]} auth={HIDDEN}", ()
    return True


def _loggable_answer(shown: str) -> str:
    """The beginning of an answer as httpcore shows it: its status and the headers, without what may be a secret."""
    found = _ANSWER_SHOWN.fullmatch(shown)
    if found is None:
        return HIDDEN
    headers: list[str] = []
    for shown_name, value in _HEADER_SHOWN.findall(found[2]):
        name = shown_name[2:-1].lower()
        plain = name in _PLAIN_HEADERS | _PLAIN_IN_ANSWERS or name.startswith(_PLAIN_BEGINNINGS)
        headers.append(f"({shown_name}, {value if plain else HIDDEN})")
    return f"({found[1]}, [{', '.join(headers)}])"


def _loggable_part(name: Any, part: Any) -> Any:
    """Part of a record of a header of this name; None where it is not known."""
    kind = cast("type[object]", type(part))
    if issubclass(kind, tuple) and part:
        return part[0], *(_loggable_value(part[0], value) for value in part[1:])
    return _loggable_value(name, part) if issubclass(kind, _TEXTS) and part is not name else part


def _loggable_value(name: Any, value: Any) -> str:
    """A header's value, for a log; None as its name where it is not known."""
    known, text = (str(each, "latin-1") if isinstance(each, bytes) else str(each) for each in (name, value))
    if known == ":path":
        return text.partition("?")[0]
    return text if known.startswith(":") or known.lower() in _PLAIN_HEADERS else HIDDEN


def _loggable(value: Any) -> Any:
    is_url = type(value).__name__ == "URL" and type(value).__module__.partition(".")[0] in LIBRARIES
    return _masked(value, _is_hidden) if is_url else value


def _is_hidden(name: str) -> bool:
    return name in _sent_parameters or _is_secret_name(name)


def _is_secret_name(name: str) -> bool:
    return name not in _OF_THE_API and _SECRET_NAME.search(name) is not None


def _masked(url: httpx.URL, is_hidden: Callable[[str], bool]) -> httpx.URL:
    if url.userinfo:
        url = url.copy_with(username=None, password=None)
    if url.query and any(is_hidden(name) for name in url.params):
        pairs = url.params.multi_items()
        url = url.copy_with(query=b"&".join(_pairs(pairs, is_hidden)))
    return url


def _pairs(pairs: Iterable[tuple[str, str]], is_hidden: Callable[[str], bool]) -> Iterator[bytes]:
    from urllib.parse import quote

    for name, value in pairs:
        yield f"{quote(name, safe='[]')}={HIDDEN if is_hidden(name) else quote(value, safe='')}".encode()


# Logging: what is sent and answered, without bodies and without credentials; `OPENAI_LOG=info|debug` prints it.

logger = logging.getLogger("openai_assistants")

SHOWN = 200
"""Characters of what a server wrote."""

MAX_TOLD = 1000
"""How many places of deviations are remembered: some have names of the server in them, without end."""

_told: set[tuple[str, str]] = set()
_indexes = re.compile(r"\[\d+\]")


def configure_from_environment() -> None:
    """Print our log on stderr if `OPENAI_LOG` asks for it; in any case keep secrets out of that of the HTTP library."""
    guard_logs()
    level = os.environ.get("OPENAI_LOG", "").lower()
    if level in ("debug", "info"):
        if not logger.handlers:
            handler = logging.StreamHandler()
            handler.setFormatter(logging.Formatter("[%(asctime)s %(name)s %(levelname)s] %(message)s"))
            logger.addHandler(handler)
        logger.setLevel(level.upper())
    elif level and ("OPENAI_LOG", level) not in _told:
        _told.add(("OPENAI_LOG", level))
        logger.warning("OPENAI_LOG is 'info' or 'debug', not %r: requests are not logged", one_line(level, SHOWN))


def log_attempt(request: httpx.Request, attempt: int) -> None:
    """One attempt is about to be sent."""
    if logger.isEnabledFor(logging.DEBUG):
        logger.debug("%s %s (attempt %d)", request.method, _shown(request.url), attempt)


def log_answer(response: httpx.Response) -> None:
    """An answer has come."""
    if logger.isEnabledFor(logging.INFO):
        request = response.request
        request_id = one_line(response.headers.get("x-request-id", "-"), SHOWN)
        logger.info("%s %s -> %d (request %s)", request.method, _shown(request.url), response.status_code, request_id)


def log_retry(request: httpx.Request, reason: object, seconds: float) -> None:
    """An attempt failed and will be repeated."""
    logger.info("%s %s failed (%s); next attempt in %.2f s", request.method, _shown(request.url), reason, seconds)


def log_deviations(what: str, deviations: Iterable[Deviation]) -> None:
    """Warn about each place where a server deviates from the API's documents, once per place.

    Args:
        what: What deviates: an operation or an event.
        deviations: The places in it.
    """
    for deviation in deviations:
        place = _indexes.sub("[*]", deviation.path) or "(the whole body)"
        if (what, place) not in _told and len(_told) < MAX_TOLD:
            _told.add((what, place))
            told = (one_line(text, SHOWN) for text in (what, place, deviation.expected))
            logger.warning("%s deviates from the API at %s: %s", *told)


def _shown(url: httpx.URL) -> str:
    """A URL without user name, password and query values."""
    from ._http import place_of

    query = "?..." if url.query else ""
    return f"{place_of(url)}{query}"
