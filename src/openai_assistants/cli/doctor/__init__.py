"""`openai-assistants doctor`: what a server does of the API, how it deviates, and what that means for a program.

This is the command, and what it prints. `checks` has the calls that are made, as data, and the form of the report;
`examination` goes through them, `walk` makes them over the public client and deletes what was made; `judging` says what
answers mean, without I/O.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import textwrap
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import Annotated, Final, Literal

import typer

from .. import Failure, printable, read_text
from .checks import CALLS, Report, Version, call_in, operations

_BEGINNING, _SHORTEST = 10, 6
"""How many characters of a key may not be shown, and how many a key has that is one."""

_WIDTH = 110
_SAID = 70

_GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "assistants": "There are no assistants: client.{beta}.assistants raises NotSupportedByServerError.",
        "threads": "There are no threads: client.{beta}.threads raises NotSupportedByServerError.",
        "messages": "There are no messages: client.{beta}.threads.messages raises NotSupportedByServerError.",
        "runs": "There are no runs: client.{beta}.threads.runs raises NotSupportedByServerError.",
        "run steps": "There are no run steps: client.{beta}.threads.runs.steps raises NotSupportedByServerError; "
        "events that the client makes up leave steps out.",
        "files": "There are no files: client.files raises NotSupportedByServerError.",
        "vector stores": "There are no vector stores: client.vector_stores raises NotSupportedByServerError, and "
        "file_search has nothing to search.",
        "uploads": "Large files cannot be uploaded in parts: client.uploads raises NotSupportedByServerError.",
        "models": "Models are not listed: client.models raises NotSupportedByServerError.",
        "batches": "There are no batches: client.batches raises NotSupportedByServerError.",
    }
)
"""What it means that all operations about one thing are missing."""

_SINGLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "getRun": "Runs cannot be fetched: create_and_poll, poll and resume=True work only where a run is answered "
        "when it has ended.",
        "listRuns": "Runs cannot be listed: a POST whose answer was lost cannot be looked for, so an error is raised.",
        "cancelRun": 'Runs cannot be cancelled: on_deadline="cancel" leaves them running, on_active_run="cancel" '
        "raises NotSupportedByServerError.",
        "submitToolOuputsToRun": "Tools cannot be used: nothing takes their outputs.",
        "createThreadAndRun": "create_and_run and its helpers raise NotSupportedByServerError: make the thread first.",
        "listMessages": "Messages cannot be listed: answers can be read from streams only.",
        "listRunSteps": "Steps cannot be listed: events that the client makes up leave them out.",
        "createVectorStoreFileBatch": "Files go into vector stores one by one: file_batches raises "
        "NotSupportedByServerError.",
        "searchVectorStore": "Vector stores cannot be searched by programs, only by runs.",
    }
)

_OTHER = "{calls} raise{s} NotSupportedByServerError."


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

    Exit codes: 0 all is fine, 1 something is missing, fails or deviates noticeably, 2 nothing could be reached.

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
        report.remark(str(warning.message))
    sys.stdout.write(without_key(to_json(report) + "\n" if as_json else to_text(report), key))
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
    lines = read_text(file, "the key").split()
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


# ---- the report ----


def sentences(report: Report) -> list[str]:
    """What all of it means for a program; where several findings mean the same, it is said once, with the places."""
    missing = {each.operation for each in report.with_verdict("missing")}
    tried = {each.operation for each in report.operations.values() if each.verdict != "not tried"}
    said = list(_of_missing(report.api_version, missing, tried))
    places: dict[str, list[str]] = {}
    for finding in report.findings:
        places.setdefault(finding.means, []).append(finding.where)
    for means, where in places.items():
        named = [each for each in where if each not in ("stream", "errors")]
        said.append(f"{means} ({_names(named)})" if named else means)
    return said


def _of_missing(version: Version, missing: Collection[str], tried: Collection[str]) -> Iterator[str]:
    """What it means that operations are missing, of those that were tried."""
    beta = call_in(version, "beta.x").removesuffix(".x")
    groups: dict[str, list[str]] = {}
    for operation, (group, _) in operations(version).items():
        if operation in tried:
            groups.setdefault(group, []).append(operation)
    others: list[str] = []
    for group, members in groups.items():
        lacking = [each for each in members if each in missing]
        if lacking == members:
            yield _GROUPS[group].format(beta=beta)
            continue
        for operation in lacking:
            if operation in _SINGLE:
                yield _SINGLE[operation]
            else:
                others.append(f"client.{call_in(version, CALLS[operation])}")
    if others:
        yield _OTHER.format(calls=", ".join(others), s="s" if len(others) == 1 else "")


def to_json(report: Report) -> str:
    """The report as a JSON object."""
    return json.dumps({**report.as_data(), "meaning": sentences(report)}, indent=2)


def to_text(report: Report) -> str:
    """The report as tables and sentences."""
    return "".join(f"{printable(line)}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    how = "with throw-away objects" if report.write else "read-only"
    yield f"{report.base_url}, version {report.api_version[1:]} of the API, {how}"
    if report.with_verdict("answers"):
        yield from _findings(report)
    yield from _list("Good to know", report.notes)
    yield from _list("Could not be deleted", report.left_behind)
    yield ""
    if report.problem is not None:
        ended = "The examination ended early: " if report.with_verdict("answers") else "The server cannot be examined: "
        yield from textwrap.wrap(ended + report.problem, _WIDTH, break_on_hyphens=False)
    if report.interrupted:
        yield "Interrupted."
    if report.problem is None or report.with_verdict("answers"):  # else the summary would say the same again
        yield report.summary


def _findings(report: Report) -> Iterator[str]:
    tried = [each for each in report.operations.values() if each.verdict != "not tried"]
    rows = [(each.verdict, each.operation, f"{each.method} {each.path}", _cut(each.said)) for each in tried]
    yield from _table(("", "Operation", "Request", "Answer"), rows)
    yield from _not_tried(report)
    if report.uses:
        yield from _table(
            ("", "Use", ""), [("works" if use.works else "FAILS", use.name, _cut(use.said)) for use in report.uses]
        )
    if report.findings:
        yield from _table(("Deviation", "Expected", "Got", "Where"), _deviations(report))
    yield from _list("What this means for a program", sentences(report))


def _deviations(report: Report) -> list[tuple[str, str, str, str]]:
    """The same deviation of the same field is one line, wherever it was met; the JSON has them all."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for each in report.findings:
        field = each.path.removeprefix("data[*].").removeprefix("data.") or "-"
        places.setdefault((field, each.expected, each.got), []).append(each.where)
    return [(*same, _names(where)) for same, where in places.items()]


def _names(names: Iterable[str]) -> str:
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"


def _not_tried(report: Report) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for each in report.with_verdict("not tried"):
        reasons.setdefault(each.said, []).append(each.operation)
    yield ""
    for reason, names in reasons.items():
        yield from textwrap.wrap(f"Not tried ({reason}): {', '.join(names)}", _WIDTH, subsequent_indent="  ")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    yield ""
    for row in (head, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _list(head: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield ""
        yield head
    for item in items:
        yield from textwrap.wrap(item, _WIDTH, initial_indent="- ", subsequent_indent="  ")


def _cut(text: str) -> str:
    return text if len(text) <= _SAID else text[: _SAID - 1] + "…"
