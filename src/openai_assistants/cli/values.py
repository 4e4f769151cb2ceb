"""Values of options: sizes, routes, keys."""

from __future__ import annotations

import os
import re
from pathlib import Path

from .failures import Failure

KEYS_VARIABLE = "OPENAI_ASSISTANTS_API_KEYS"

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}
_NAMED_KEY = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9_.@-]{0,62})=(?P<key>=*[^=].*)")
"""Not the `=` with which many a key ends."""
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)", re.IGNORECASE)


def size(text: str) -> int:
    """A number of bytes, such as `512MiB`, `1.5GB`, `4096`.

    Raises:
        Failure: It is none.
    """
    match = _SIZE.fullmatch(text.strip())
    unit = _UNITS.get(match[2].upper()) if match is not None else None
    if match is None or unit is None or (found := int(float(match[1]) * unit)) < 1:
        raise Failure(f"{text!r} is not a size; write it like 512MiB, 1.5GB or 4096 (bytes)", code=2)
    return found


def routes(texts: list[str]) -> dict[str, str]:
    """Routes of the form `PATTERN=MODEL`.

    Raises:
        Failure: One has another form, or two have the same pattern.
    """
    found: dict[str, str] = {}
    for text in texts:
        pattern, separator, model = text.partition("=")
        if not separator or not pattern or not model:
            # Not quoted whole: what stands behind a colon may hold a password.
            raise Failure(
                f"--model takes PATTERN=MODEL, such as 'gpt-*=offline', not {text.partition(':')[0]!r}", code=2
            )
        if pattern in found:
            raise Failure(f"--model names the pattern {pattern!r} twice", code=2)
        found[pattern] = model
    return found


def keys(given: list[str], file: Path | None) -> dict[str, str | None]:
    """The API keys that are accepted, each with its name: those of the command line or the environment, and those of a
    file, a line each.

    Raises:
        Failure: The file cannot be read, or has none; a key has blanks or commas in it, or two names; the variable is
            there, but empty.
    """
    if not given and file is None and KEYS_VARIABLE in os.environ:
        # Whoever sets it wants keys; a secret that is missing must not open the server to everybody.
        raise Failure(f"{KEYS_VARIABLE} is empty; put a key in it, or unset it to accept any key", code=2)
    found = [key.strip() for key in given]
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise Failure(f"the keys in {file} cannot be read: {reason}") from None
        of_file = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
        if not of_file:
            raise Failure(f"there is no key in {file}; write one on each line")
        found += of_file
    if any(not key or not key.isascii() or not key.isprintable() or " " in key or "," in key for key in found):
        raise Failure("an API key must be printable ASCII without blanks and commas, and not be empty", code=2)
    named: dict[str, str | None] = {}
    for each in found:
        match = _NAMED_KEY.fullmatch(each)
        name, key = (match["name"], match["key"]) if match is not None else (None, each)
        if named.setdefault(key, name) != name:
            raise Failure("an API key is given twice, with different names", code=2)
    return named
