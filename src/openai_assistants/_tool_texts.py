"""What the model reads of a tool call: the result or the error as text, within the limits of the API."""

from __future__ import annotations

import re
from typing import Iterator, Sequence, cast

from pydantic_core import to_json

MAX_ERROR_CHARACTERS = 2_000
MAX_OUTPUT_BYTES = 500_000
"""The API takes less than 512 kB for all outputs of one request together; the rest is for ids."""

_CREDENTIALS: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"\b(?:sk|pk|rk|ghp|gho|ghs|xox[abeps])[-_][\w-]{8,}"), "***"),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), r"\1 ***"),
    (re.compile(r"://[^/\s:@]*:[^/\s@]+@"), "://***@"),
    (
        re.compile(
            r"\b((?:[\w-]{0,40}[-_])?(?:api[-_]?key|(?:access|auth|refresh)[-_]token|secret|password|passwd))"
            r"(['\"]?\s*[=:]\s*['\"]?)[^\s'\",;&]+",
            re.IGNORECASE,
        ),
        r"\1\2***",
    ),
)


def result_text(result: object) -> str:
    """What a function returned, for the model: text as it is, anything else as JSON.

    None is `null`: empty text would look like a failure to some models, and some servers refuse it.

    Raises:
        Exception: It has no JSON form, or its own serializer fails.
    """
    if isinstance(result, str):
        return encodable(str.__str__(result))
    return to_json(result, inf_nan_mode="strings").decode()


def error_text(error: Exception) -> str:
    """What the model reads of an exception: type and message, no traceback, without what looks like credentials."""
    lines = (f"{type(each).__name__}: {_message(each)}".removesuffix(": ") for each in _single_errors(error))
    text = "\n".join(lines)[: 2 * MAX_ERROR_CHARACTERS]
    for pattern, replacement in _CREDENTIALS:
        text = pattern.sub(replacement, text)
    return bounded(f"Error: {text}")


def bounded(text: str) -> str:
    """The text, cut where it is longer than an error may be."""
    text = encodable(text)
    return text if len(text) <= MAX_ERROR_CHARACTERS else text[: MAX_ERROR_CHARACTERS - 3] + "..."


def encodable(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which cannot be sent."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def fitted(outputs: Sequence[str], limit: int = MAX_OUTPUT_BYTES) -> list[str]:
    """The outputs of one request, the longest ones cut so that all together keep the limit in bytes of UTF-8."""
    sizes = [len(output.encode()) for output in outputs]
    share = _share(sizes, limit)
    return [output if size <= share else _cut(output, share, size) for output, size in zip(outputs, sizes, strict=True)]


def _share(sizes: list[int], limit: int) -> int:
    """The size to which outputs are cut: what the short ones leave is shared by the long ones."""
    left = limit
    for position, size in enumerate(sorted(sizes)):
        share = left // (len(sizes) - position)
        if size > share:
            return share
        left -= size
    return limit


def _cut(output: str, size: int, whole: int) -> str:
    notice = f"\n[Cut: the output has {whole} bytes and only its beginning is shown.]"
    kept = output.encode()[: max(0, size - len(notice))]
    return kept.decode(errors="ignore") + notice


def _single_errors(error: Exception) -> Iterator[Exception]:
    """The errors inside of a group, which says nothing itself."""
    if isinstance(error, ExceptionGroup):
        group = cast("ExceptionGroup[Exception]", error)
        for each in group.exceptions:
            yield from _single_errors(each)
    else:
        yield error


def _message(error: Exception) -> str:
    try:
        return str(error)
    except Exception:  # a message is code of the user
        return ""
