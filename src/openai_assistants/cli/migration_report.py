"""What the command prints of a migration: a plan or a report, as a table or as JSON."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from openai_assistants.migrate import MigratedFile, MigratedObject, MigrationReport, Note

if TYPE_CHECKING:
    import httpx

_SHOWN = 80
"""Characters of a value that are shown."""
_PLACES = re.compile(r"\[[^\]]*\]")


class Printer:
    """Prints one migration. Nothing that comes from a server reaches the terminal as it is: it may hold control
    characters. A migration goes on when nobody reads what is printed."""

    def __init__(self, *, applying: bool, as_json: bool) -> None:
        self._applying = applying
        self._as_json = as_json
        self._width = Console().width
        self._servers: dict[str, Any] = {}

    def begin(self, source: httpx.URL | None, target: httpx.URL, export: list[Path], journal: Path) -> None:
        """Say from where to where."""
        self._servers = {
            "source": None if source is None else _name(source),
            "export": [str(path) for path in export],
            "target": _name(target),
            "journal": str(journal),
        }
        if self._as_json:
            return
        came = " and ".join([*self._servers["export"], *([self._servers["source"]] if source is not None else [])])
        self._say(f"from     {came} (version 1)", f"to       {self._servers['target']} (version 2)")
        if self._applying:
            self._say(f"journal  {journal}", "")

    def progress(self, entry: MigratedObject | MigratedFile) -> None:
        """Say what has been done, while it is being done."""
        if self._as_json or not self._applying:
            return
        what = f"file {entry.source_id}" if isinstance(entry, MigratedFile) else f"{entry.kind} {entry.source_id}"
        new = f" -> {entry.target_id}" if entry.target_id else ""
        self._say(f"{entry.status.replace('_', ' '):<13} {what}{new}{f': {entry.error}' if entry.error else ''}")

    def end(self, report: MigrationReport) -> None:
        """The plan, or the report."""
        if self._as_json:
            _write(json.dumps({**self._servers, **report.to_dict()}, indent=2) + "\n")
            return
        self._say("")
        self._table("Objects", ("Object", "Name", "What", "Notes"), map(self._object, report.objects))
        self._table("Files", ("File", "Name", "Bytes", "For", "What"), map(self._file, report.files))
        self._notes(report)
        self._say(*report.remarks)
        self._say(*self._last(report))

    def _object(self, entry: MigratedObject) -> tuple[str, ...]:
        return f"{entry.kind} {entry.source_id}", entry.name or "", _what(entry), str(len(entry.notes) or "")

    def _file(self, entry: MigratedFile) -> tuple[str, ...]:
        size = "" if entry.bytes is None else f"{entry.bytes:,}"
        return entry.source_id, entry.name or "", size, entry.purpose or "", _what_of_file(entry)

    def _notes(self, report: MigrationReport) -> None:
        """What has another form or no counterpart; what is the same at many places, once."""
        lines = [line for each in report.objects for line in _summary(f"{each.kind} {each.source_id}", each.notes)]
        lines += [line for each in report.files for line in _summary(f"file {each.source_id}", each.notes)]
        if lines:
            self._say("What has another form in version 2, or no counterpart", "", *lines, "")

    def _last(self, report: MigrationReport) -> list[str]:
        counts = Counter(each.status.replace("_", " ") for each in report.objects)
        files = Counter(each.status.replace("_", " ") for each in report.files)
        said = ", ".join(f"{number} {status}" for status, number in counts.items()) or "none"
        if files:
            said += f"; files: {', '.join(f'{number} {status}' for status, number in files.items())}"
        lines = [f"Objects: {said}."]
        if report.stopped is not None:
            lines.append(f"Stopped: {report.stopped}")
        if not report.applied:
            lines.append("Nothing was written. To do it, call this again with --apply.")
        elif not report.ok:
            lines.append("Call this again to try what failed once more; what has been made is not made again.")
        return lines

    def _table(self, title: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
        table = Table(title=title, title_justify="left", box=SIMPLE, show_edge=False, pad_edge=False)
        for column in columns:
            table.add_column(column, overflow="fold", justify="right" if column in ("Bytes", "Notes") else "left")
        for row in rows:
            table.add_row(*(Text(_safe(cell)) for cell in row))
        if table.row_count:
            console = Console(file=io.StringIO(), width=self._width, color_system=None)
            with console.capture() as printed:
                console.print(table)
            _write(f"{printed.get()}\n")

    def _say(self, *lines: str) -> None:
        _write("".join(f"{_safe(line)}\n" for line in lines))


def _write(text: str) -> None:
    """Print, as far as the output can show it and somebody reads it."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        # What is left to print goes nowhere, also what Python itself tries to print at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _what(entry: MigratedObject) -> str:
    """What is made of an object, or has been."""
    if entry.status in ("failed", "skipped"):
        made = f" (so far: {entry.target_id}, {entry.messages_made} messages)" if entry.target_id else ""
        return f"{entry.status}: {entry.error}{made}"
    if entry.status == "made_before":
        return f"{entry.target_id}, made before"
    new = entry.target_id if entry.status == "made" and entry.target_id else f"new {entry.kind}"
    parts = [new]
    if entry.kind == "thread":
        parts.append(_number(entry.messages, "message"))
    if entry.needs_vector_store:
        parts.append(entry.vector_store_id or "new vector store")
    if entry.file_ids:
        parts.append(_number(len(entry.file_ids), "file"))
    return ", ".join(parts)


def _what_of_file(entry: MigratedFile) -> str:
    if entry.status == "planned":
        return "is copied"
    if entry.status == "failed":
        return f"failed: {entry.error}"
    if entry.status == "kept":
        return "stays as it is"
    return f"{entry.status.replace('_', ' ')}{f': {entry.target_id}' if entry.target_id else ''}"


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _summary(what: str, notes: list[Note]) -> list[str]:
    """The notes of an object, those that say the same at several places as one."""
    groups: dict[tuple[str, str, str], list[Note]] = {}
    for note in notes:
        groups.setdefault((_PLACES.sub("[...]", note.path), note.effect, note.reason), []).append(note)
    lines = [what] if groups else []
    for (path, effect, reason), members in groups.items():
        if len(members) == 1:
            lines.append(f"  {members[0].path} {effect}: {reason}{_shown(members[0].value)}")
        else:
            lines.append(f"  {path} {effect} {len(members)} times: {reason}")
    return lines


def _shown(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return f" ({text if len(text) <= _SHOWN else text[:_SHOWN] + '...'})"


def _safe(text: str) -> str:
    """A text without characters that would do something to a terminal."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _name(url: httpx.URL) -> str:
    """A server, without credentials."""
    return str(url.copy_with(username=None, password=None)).rstrip("/")
