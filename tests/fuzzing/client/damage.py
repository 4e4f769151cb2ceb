"""Good JSON made bad: values changed in the document, and bytes changed in its text."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True)
class Raw:
    """JSON text that stands as it is, valid or not."""

    text: str

    def __deepcopy__(self, memo: object) -> Raw:
        return self


@dataclass
class Twice:
    """An object in which a key comes a second time, with another value."""

    first: dict[str, Any]
    key: str
    value: Any


def nested(levels: int, opening: str = "[", closing: str = "]", inside: str = "") -> Raw:
    """A value inside as many others."""
    return Raw(opening * levels + inside + closing * levels)


JUNK: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    3.5,
    -0.0,
    1e300,
    1_700_000_000_123,
    1_700_000_000.75,
    10**18,
    Raw("1" + "0" * 400),
    Raw("9" * 4200),
    Raw("9" * 5000),
    Raw("1e999"),
    Raw("-1E+999"),
    Raw("NaN"),
    Raw("Infinity"),
    Raw("-Infinity"),
    "",
    "none",
    "x",
    "\0",
    "line\nbreak\r\u2028\x1b[31m",
    "😀é\u202e",
    "5",
    "2023-11-14T22:13:20Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2023-13-45",
    Raw(r'"\ud800"'),
    Raw(r'"a\udfff\ud83d\ude00\ud83d"'),
    Raw(r'"\\ud800 \u0000 \/"'),
    Raw(r'"\x41"'),
    Raw('"\t\n"'),
    "x" * 5000,
    [],
    [None],
    [[], {}, "x", 5],
    {},
    {"type": "text"},
    {"type": None},
    {"type": ["text"]},
    {"type": "brand_new", "id": 5},
    {"id": None, "object": {}, "data": 5, "error": [], "event": 1},
    {"": 1, "self": 2, "\u0000tagged": 3, "model_config": 4, "_record": 5, "__class__": 6, "__dict__": 7},
    {"model_fields": {}, "to_dict": 1, "to_json": 2, "copy": 3, "deviations": 4, "response_record": 5, "text": 6},
    nested(60),
    nested(60, '{"a":', "}", "1"),
    nested(180),
    nested(190, '{"text":', "}", "null"),
    nested(250),
    nested(900, '{"type":', "}", "1"),
    nested(5000),
    nested(5000, '{"a":[', "]}", "1"),
    Raw("[" * 3000),
    Raw("undefined"),
    Raw("{'a': 1}"),
    Raw("[1,]"),
]

KINDS = ("drop", "junk", "junk", "junk", "add", "copy", "wrap", "swap", "twice", "rename", "repeat", "empty")
Change = tuple[str, int, int, int]
"""What to do, where, and with what; the numbers are taken modulo what there is."""

numbers = st.integers(0, 9999)
changes: st.SearchStrategy[list[Change]] = st.lists(
    st.tuples(st.sampled_from(KINDS), numbers, numbers, numbers), max_size=5
)


def changed(document: Any, wanted: list[Change]) -> Any:
    """A document with these changes, one after the other."""
    root = [copied(document)]
    for kind, where, what, other in wanted:
        places = list(_places(root))
        holder, key = places[where % len(places)]
        value = holder[key]
        junk = copied(JUNK[what % len(JUNK)])
        match kind:
            case "drop":
                if holder is not root:
                    del holder[key]
            case "junk":
                holder[key] = junk
            case "add" if isinstance(value, dict):
                value[f"new_{other % 7}"] = junk
            case "add" if isinstance(value, list):
                value.insert(other % (len(value) + 1), junk)
            case "copy":
                theirs, name = places[other % len(places)]
                holder[key] = copied(theirs[name])
            case "wrap":
                holder[key] = [value] if other % 2 else {"value": value}
            case "swap":
                theirs, name = places[other % len(places)]
                first, second = copied(value), copied(theirs[name])
                holder[key] = second
                if name in theirs if isinstance(theirs, dict) else name < len(theirs):
                    theirs[name] = first
            case "twice" if isinstance(value, dict) and value:
                holder[key] = Twice(value, list(value)[other % len(value)], junk)
            case "rename" if isinstance(holder, dict):
                # No underscore behind it: `schema_` is what `schema` is called in Python, and is read as that.
                holder[f"my_{key}"] = holder.pop(key)
            case "repeat" if isinstance(value, list):
                value *= 2
            case "empty":
                holder[key] = type(value)() if isinstance(value, (str, int, float, list, dict)) else value
            case _:
                holder[key] = junk
    return root[0]


def copied(value: Any) -> Any:
    """A copy of plain data; `copy.deepcopy` takes longer."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    if isinstance(value, Twice):
        return Twice(copied(value.first), value.key, copied(value.value))
    return value


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Where values stand, outside in."""
    for key, value in list(holder.items()) if isinstance(holder, dict) else list(enumerate(holder)):
        yield holder, key
        if isinstance(value, Twice):
            value = value.first
        if isinstance(value, (dict, list)):
            yield from _places(value)


def written(value: Any) -> str:
    """JSON text, raw parts as they are."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, Twice):
        pairs = [*value.first.items(), (value.key, value.value)]
        return "{" + ",".join(f"{json.dumps(key)}:{written(item)}" for key, item in pairs) + "}"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return json.dumps(value)


# ---- bytes -----------------------------------------------------------------------------------------------------------

Bytes = Callable[[bytes, int], bytes]

ON_BYTES: dict[str, Bytes] = {
    "as it is": lambda data, n: data,
    "cut": lambda data, n: data[: n % (len(data) + 1)],
    "empty": lambda data, n: b"",
    "blank": lambda data, n: b" \r\n\t",
    "BOM": lambda data, n: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data, n: data.decode().encode(("utf-16", "utf-16-le", "utf-16-be")[n % 3]),
    "UTF-32": lambda data, n: data.decode().encode(("utf-32", "utf-32-le", "utf-32-be")[n % 3]),
    "Latin-1": lambda data, n: data.decode().encode("latin-1", "replace").replace(b"?", b"\xe9"),
    "a byte": lambda data, n: data[: n % (len(data) + 1)] + bytes([n % 256]) + data[n % (len(data) + 1) + 1 :],
    "bytes between": lambda data, n: data[: n % (len(data) + 1)] + b"\xff\xfe\0\xc3" + data[n % (len(data) + 1) :],
    "behind it": lambda data, n: data + (b"{}", b"]", b"\0", b"\xff", b"\n\n", b"garbage")[n % 6],
    "twice": lambda data, n: data + data,
    "HTML": lambda data, n: b"<!DOCTYPE html>\n<html><body>Bad gateway \xff</body></html>",
    "text": lambda data, n: (b"Internal Server Error", b"null", b"5", b'"x"', b"[]", b"[null]", b"true", b"NaN")[n % 8],
    "noise": lambda data, n: bytes((n * 7 + i * 131) % 256 for i in range(n % 300)),
    "deep": lambda data, n: (b"[" * 100_000, b'{"a":' * 50_000, b"[" * 990 + b"]" * 990, b"[" * 300 + b"]" * 300)[
        n % 4
    ],
}
on_bytes = st.tuples(st.sampled_from(["as it is"] * 24 + list(ON_BYTES)), numbers)


def damaged(data: bytes, how: tuple[str, int]) -> bytes:
    """The bytes, changed."""
    return ON_BYTES[how[0]](data, how[1])


TYPES = [
    *["application/json"] * 6,
    None,
    "",
    "application/json; charset=utf-16",
    "application/json; charset=no-such-thing",
    "application/json; charset=hex",
    "text/html; charset=idna",
    "text/plain; charset=utf-7",
    "text/event-stream",
    "text/html",
    "multipart/form-data",
    "application/octet-stream; charset=undefined",
    ";;;=",
    'text/plain; charset="',
    "\xff\xfe/x",
]
types = st.sampled_from(TYPES)

ENCODINGS = [*[None] * 12, "gzip", "true gzip", "gzip cut", "deflate", "br", "identity", "x-no-such, gzip", ""]
encodings = st.sampled_from(ENCODINGS)


def encoded(data: bytes, encoding: str | None) -> tuple[bytes, dict[str, str]]:
    """A body under a content encoding, which may be a lie, and the header that says so."""
    if encoding is None:
        return data, {}
    if encoding in ("true gzip", "gzip cut"):
        packed = gzip.compress(data, 1)
        return packed[: len(packed) // 2] if encoding == "gzip cut" else packed, {"content-encoding": "gzip"}
    return data, {"content-encoding": encoding}
