"""`openai-assistants doctor`: the command."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import warnings
from pathlib import Path
from types import FrameType
from typing import Annotated, Literal

import typer

from ..failures import Failure

_BEGINNING, _SHORTEST = 10, 6
"""How many characters of a key may not be shown, and how many a key has that is one."""


def doctor(
    base_url: Annotated[
        str,
        typer.Option(
            metavar="URL",
            envvar="OPENAI_BASE_URL",
            show_envvar=True,
            help="The server, such as http://localhost:8000/v1.",
        ),
    ] = "",
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help="Make an assistant, a thread, runs, a file, a vector store and so on, look at them, and delete them. "
            "Runs may cost money where a language model does.",
        ),
    ] = False,
    thread: Annotated[
        str | None, typer.Option(metavar="ID", help="A thread to look at: no server has to list them.")
    ] = None,
    model: Annotated[
        str, typer.Option(metavar="NAME", envvar="OPENAI_MODEL", help="The model of the runs that --write makes.")
    ] = "gpt-4o",
    api_version: Annotated[Literal["v1", "v2"], typer.Option(help="The version of the API.")] = "v2",
    api_key_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A file whose first line is the key; else OPENAI_API_KEY has it."),
    ] = None,
    query: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Added to every request, such as api-version=...; may be repeated."),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(
            min=0.1,
            metavar="SECONDS",
            help="Limit for each call and each wait; the whole takes at most twelve times as long.",
        ),
    ] = 30.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
) -> None:
    """Find out which operations of the API a server answers, how it deviates, and what that means for a program.

    Nothing is made or changed unless --write says so. The key is in OPENAI_API_KEY; it is never printed.

    Exit codes: 0 everything is fine, 1 something is missing, fails or deviates so that programs notice, 2 nothing of
    the API could be reached.

    Examples:

      openai-assistants doctor --base-url http://localhost:8000/v1

      openai-assistants doctor --base-url http://localhost:8000/v1 --write --json
    """
    if not base_url:
        raise Failure("which server? Name it with --base-url or OPENAI_BASE_URL", code=2)
    if thread is not None and write:
        raise Failure("--thread is for looking only; --write has a thread of its own", code=2)
    key = _key(api_key_file)
    added = _pairs(query or [])
    from openai_assistants import OpenAI, OpenAIError

    from .examination import examine
    from .showing import as_json as to_json, as_text

    if not os.environ.get("OPENAI_LOG"):
        logging.getLogger("openai_assistants").addHandler(logging.NullHandler())  # the report says what it would
    signal.signal(signal.SIGTERM, _interrupt)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            client = OpenAI(base_url=base_url, api_key=key or "none", max_retries=0, default_query=added)
        except OpenAIError as error:
            raise Failure(str(error), code=2) from None
        with client:
            report = examine(client, version=api_version, write=write, timeout=timeout, model=model, thread=thread)
    for warning in caught:
        if "same page again" not in str(warning.message):  # that is among the findings
            report.remark(str(warning.message))
    sys.stdout.write(without_key(to_json(report) + "\n" if as_json else as_text(report), key))
    raise typer.Exit(report.exit_code)


def without_key(text: str, key: str) -> str:
    """A text in which the key does not stand, not even its beginning, should a server have repeated it. What is shorter
    than six characters is no secret but a word that means "any key"."""
    for form in {key, json.dumps(key)[1:-1]}:
        for length in range(len(form), min(_BEGINNING, len(form)) - 1, -1):
            if length >= _SHORTEST:
                text = text.replace(form[:length], "***")
    return text


def _interrupt(number: int, frame: FrameType | None) -> None:
    """A signal that ends the program ends it as Ctrl-C does: what was made is deleted first."""
    raise KeyboardInterrupt


def _key(file: Path | None) -> str:
    if file is None:
        return os.environ.get("OPENAI_API_KEY", "").strip()
    try:
        lines = file.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise Failure(f"the key in {file} cannot be read: {reason}", code=2) from None
    if not lines:
        raise Failure(f"there is no key in {file}", code=2)
    return lines[0]


def _pairs(texts: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator or not name:
            raise Failure("--query takes NAME=VALUE, such as api-version=2025-05-01", code=2)
        found[name] = value
    return found
