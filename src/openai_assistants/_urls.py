"""URLs of requests: path arguments are percent-encoded, query parameters written as the API reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Iterator, Mapping, TypeGuard, cast
from urllib.parse import quote, urlencode

from ._guards import is_bytes, is_collection, is_mapping, is_model_like
from ._omit import Omit
from ._text import one_line

if TYPE_CHECKING:
    import httpx

SHOWN = 100
"""Characters of a name in a message."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def fill_path(template: str, arguments: Mapping[str, str]) -> str:
    """Put path arguments into a template. An argument is one segment whatever it contains.

    Raises:
        ValueError: An argument is empty or blank, or only dots, which would change the path's meaning.
        TypeError: An argument is no string.
    """
    return _PLACEHOLDER.sub(
        lambda match: _segment(match[1], arguments[match[1]]) if match[1] in arguments else match[0], template
    )


def _segment(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, not {type(value).__name__}")
    if not value or value.isspace():
        raise ValueError(f"{name} is {'blank' if value else 'empty'}; pass the object's id")
    if value in (".", ".."):
        raise ValueError(f"{name} is {value!r}, which is no id")
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise ValueError(f"{name} contains a character that cannot be sent (a lone surrogate)") from None


def is_id(value: object) -> TypeGuard[str]:
    """Whether what a server sent as an id can stand in a path."""
    return isinstance(value, str) and bool(value.strip()) and value not in (".", "..")


def encode_query(query: Mapping[str, object]) -> str:
    """A query string without its `?`. Lists are sent once per item under a name with brackets, maps as `name[key]`."""
    pairs = pairs_of(query)
    return urlencode(pairs) if pairs else ""


def pairs_of(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """The name-value pairs of query parameters or form fields.

    Raises:
        TypeError: A name is no text, or a value cannot be written as text.
        ValueError: A name or value contains a lone surrogate, or values are nested without an end.
    """
    pairs: list[tuple[str, str]] = []
    for name, value in values.items():
        if not isinstance(cast("object", name), str):
            raise TypeError(f"names of query parameters and form fields must be strings, not {type(name).__name__}")
        try:
            own = list(flatten(name, value))
            "".join(text for pair in own for text in pair).encode()
        except UnicodeEncodeError:
            raise ValueError(f"{_shown(name)} contains a character that cannot be sent (a lone surrogate)") from None
        except RecursionError:
            raise ValueError(f"{_shown(name)} is nested too deep, or inside of itself") from None
        pairs += own
    return pairs


def _shown(name: str) -> str:
    return name if name.isidentifier() and len(name) < SHOWN else one_line(repr(name), SHOWN)


def flatten(name: str, value: object) -> Iterator[tuple[str, str]]:
    """The name-value pairs of one query parameter or form field; none for `None` and `omit`."""
    if value is None or isinstance(value, Omit):
        return
    if isinstance(value, bool):
        yield name, "true" if value else "false"
    elif is_mapping(value):
        for key, item in value.items():
            yield from flatten(f"{name}[{key}]", item)
    elif is_bytes(value):
        raise TypeError(f"{_shown(name)} must be text, not {type(value).__name__}")
    elif is_model_like(value):
        yield from flatten(name, value.to_dict())
    elif is_collection(value):
        bracketed = name if name.endswith("[]") else f"{name}[]"
        for item in value:
            yield from flatten(bracketed, item)
    else:
        yield name, value if isinstance(value, str) else str(value)


def check_address(url: httpx.URL, said: str = "") -> None:
    """Refuse hosts and ports that cannot exist. The HTTP libraries let them pass, and what asyncio and Python's codecs
    raise then is no exception of theirs.

    Args:
        url: An absolute URL.
        said: How messages begin.

    Raises:
        ValueError: There can be no such address.
    """
    labels = url.raw_host.removesuffix(b".").split(b".")
    if not all(len(label) <= MAX_LABEL for label in labels) or (len(labels) > 1 and not all(labels)):
        raise ValueError(f"{said}{url.host!r} cannot be the name of a host")
    if url.port is not None and url.port > MAX_PORT:
        raise ValueError(f"{said}{url.port} cannot be a port")


MAX_LABEL = 63
MAX_PORT = 65535


def place_of(url: httpx.URL) -> str:
    """Where a URL leads to, for messages: without user name, password and query, encoded as it is sent."""
    return f"{url.scheme}://{url.netloc.decode('ascii', 'replace')}{path_of(url)}"


def path_of(url: httpx.URL) -> str:
    """The path of a URL, encoded as it is sent: so it is one line, whatever an id in it contains."""
    return url.raw_path.partition(b"?")[0].decode("ascii", "replace")


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port: what two URLs of the same server have in common."""
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)
