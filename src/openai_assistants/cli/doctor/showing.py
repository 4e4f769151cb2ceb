"""A report as text for people, and as JSON for programs. No I/O."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from .findings import Report
from .meanings import of_missing

_WIDTH = 110
_SAID = 70


def sentences(report: Report) -> list[str]:
    """What all of it means for a program; where several findings mean the same, it is said once, with the places."""
    missing = {each.operation for each in report.with_verdict("missing")}
    tried = {each.operation for each in report.operations.values() if each.verdict != "not tried"}
    said = list(of_missing(report.api_version, missing, tried))
    places: dict[str, list[str]] = {}
    for finding in report.findings:
        places.setdefault(finding.means, []).append(finding.where)
    for means, where in places.items():
        named = [each for each in where if each not in ("stream", "errors")]
        said.append(f"{means} ({_names(named)})" if named else means)
    return said


def as_json(report: Report) -> str:
    """The report as a JSON object."""
    return json.dumps({**report.as_data(), "meaning": sentences(report)}, indent=2)


def as_text(report: Report) -> str:
    """The report as tables and sentences."""
    return "".join(f"{_printable(line)}\n" for line in _lines(report))


def _printable(line: str) -> str:
    """A line without control characters: what a server says must not steer a terminal."""
    return (
        line
        if line.isprintable()
        else "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in line)
    )


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
    if reasons:
        yield ""
    for reason, operations in reasons.items():
        yield from textwrap.wrap(f"Not tried ({reason}): {', '.join(operations)}", _WIDTH, subsequent_indent="  ")


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
