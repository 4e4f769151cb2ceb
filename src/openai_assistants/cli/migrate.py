"""`openai-assistants migrate v1-to-v2`: assistants and threads from version 1 of the API to version 2."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from openai_assistants.migrate import MigratedFile, MigratedObject, MigrationReport, Note

from . import Failure, lines_in, printable, read_text

if TYPE_CHECKING:
    import httpx

    from openai_assistants import OpenAI
    from openai_assistants.migrate import V1Export

FROM_KEY = "OPENAI_ASSISTANTS_FROM_API_KEY"
TO_KEY = "OPENAI_ASSISTANTS_TO_API_KEY"
ONE_KEY = "OPENAI_API_KEY"
JOURNAL = "v1-to-v2.journal"
RETRIES = 5

_WHERE = "From where to where"
_WHAT = "What is migrated"
_HOW = "How"

_SHOWN = 80
"""Characters of a value that are shown."""
_PLACES = re.compile(r"\[[^\]]*\]")

app = typer.Typer(help="Bring what was made with version 1 of the API to version 2.", no_args_is_help=True)


@app.callback()
def common() -> None:
    """What stands before the migration."""


@app.command("v1-to-v2")
def v1_to_v2(
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="URL",
            help="Base URL of the server that has the assistants and threads; it speaks version 1.",
            rich_help_panel=_WHERE,
        ),
    ] = None,
    export: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Objects of version 1 that were stored, as JSON or JSON Lines; may be repeated. What is in there "
            "is not asked of --from.",
            rich_help_panel=_WHERE,
        ),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="URL",
            help="Base URL of the server that gets them; it speaks version 2. The same as --from unless given.",
            rich_help_panel=_WHERE,
        ),
    ] = None,
    from_key_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=f"The key for --from, instead of {FROM_KEY}.", rich_help_panel=_WHERE),
    ] = None,
    to_key_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=f"The key for --to, instead of {TO_KEY}.", rich_help_panel=_WHERE),
    ] = None,
    assistant: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this assistant; may be repeated. Otherwise all.", rich_help_panel=_WHAT),
    ] = None,
    no_assistants: Annotated[
        bool, typer.Option("--no-assistants", help="No assistants, only threads.", rich_help_panel=_WHAT)
    ] = False,
    thread: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            help="This thread; may be repeated. A server has no list of its threads; of an export all are taken unless "
            "some are named.",
            rich_help_panel=_WHAT,
        ),
    ] = None,
    threads_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Threads by their ids, one on each line.", rich_help_panel=_WHAT),
    ] = None,
    files: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            exists=True,
            file_okay=False,
            help="Contents of files, for an export, or where --from does not give them away. Each is called by its id, "
            "with any ending, or lies alone in a folder that is called so.",
            rich_help_panel=_WHAT,
        ),
    ] = None,
    allow_missing_files: Annotated[
        bool,
        typer.Option(
            "--allow-missing-files",
            help="Make objects without the files that are nowhere any more. Otherwise these objects fail.",
            rich_help_panel=_WHAT,
        ),
    ] = False,
    apply: Annotated[
        bool,
        typer.Option("--apply", help="Do it. Otherwise nothing is written anywhere.", rich_help_panel=_HOW),
    ] = False,
    journal: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="Remembers what has been made. The next call with it goes on from there, also after a crash.",
            rich_help_panel=_HOW,
        ),
    ] = Path(JOURNAL),
    wait: Annotated[
        float,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="How long to wait for each vector store to process its files.",
            rich_help_panel=_HOW,
        ),
    ] = 600.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the plan or the report as JSON.", rich_help_panel=_HOW)
    ] = False,
) -> None:
    """Migrate assistants and threads from version 1 of the API to version 2.

    Without --apply nothing is written: the plan says what would be made, and what has no counterpart.

    With --apply new objects are made beside those of version 1, which stay as they are.

    After a failure or a crash call it again: nothing is made twice.

    On the same server files keep their ids, to another one they are copied. Runs and their steps cannot be made anew.

    Ids and times of version 1 go into the metadata, as v1_id, v1_created_at and so on.

    Keys: OPENAI_ASSISTANTS_FROM_API_KEY and OPENAI_ASSISTANTS_TO_API_KEY, or files; for a single server OPENAI_API_KEY.

    Exit codes: 0 all is well, 1 something failed (see the report), 2 the command line is wrong, 130 interrupted.

    Examples:

      openai-assistants migrate v1-to-v2 --from http://localhost:3000/v1 --to http://localhost:8000/v1

      openai-assistants migrate v1-to-v2 --export export.jsonl --files contents --to http://localhost:8000/v1 --apply
    """
    from openai_assistants import OpenAIError, migrate

    if assistant and no_assistants:
        raise Failure("--assistant and --no-assistants exclude each other", code=2)
    if source is None and not export:
        raise Failure("name a server with --from, an export with --export, or both", code=2)
    if source is None and target is None:
        raise Failure("an export needs a server that gets what is in it: name one with --to", code=2)
    threads = _threads(thread, threads_file)
    stored = _export(export)
    printer = _Printer(applying=apply, as_json=as_json)
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.showwarning = _warn
        start, to = _clients(stack, source, target, from_key_file, to_key_file)
        printer.begin(None if start is None else start.base_url, to.base_url, export or [], journal)
        try:
            report = migrate.v1_to_v2(
                source=start,
                target=to,
                export=stored,
                assistants=[] if no_assistants else assistant or None,
                threads=threads,
                apply=apply,
                journal=journal,
                files=files,
                allow_missing_files=allow_missing_files,
                max_wait_seconds=wait,
                on_progress=printer.progress,
            )
        except OpenAIError as error:
            raise Failure(str(error)) from None
        except OSError as error:
            raise Failure(f"{journal}: {error.strerror or error}") from None
        except KeyboardInterrupt:
            again = f"; call it again with --journal {journal} to go on" if apply else ""
            raise Failure(f"interrupted{again}", code=130) from None
    printer.end(report)
    raise typer.Exit(0 if report.ok else 1)


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    """Say it without the place in the code that Python would show."""
    print(f"warning: {message}", file=sys.stderr)


def _threads(named: list[str] | None, file: Path | None) -> list[str] | None:
    """Ids of threads; None if none are named."""
    if file is None:
        return named or None
    found = lines_in(read_text(file, "the threads"))
    if not found:
        raise Failure(f"there is no thread in {file}; write one id on each line", code=2)
    return [*(named or []), *found]


def _export(paths: list[Path] | None) -> V1Export | None:
    from openai_assistants import MigrationError
    from openai_assistants.migrate import V1Export

    if not paths:
        return None
    try:
        return V1Export.read(*paths)
    except OSError as error:
        raise Failure(f"{error.filename or 'the export'} cannot be read: {error.strerror or error}", code=2) from None
    except MigrationError as error:
        raise Failure(str(error), code=2) from None


def _clients(
    stack: ExitStack, source: str | None, target: str | None, from_file: Path | None, to_file: Path | None
) -> tuple[OpenAI | None, OpenAI]:
    """Clients of the two servers; the same one twice if they are one."""
    one = source is None or target is None or source.rstrip("/") == target.rstrip("/")
    if one and from_file is not None and to_file is not None:
        raise Failure("there is only one server: name one file with its key", code=2)
    from_key = _key(from_file, FROM_KEY)
    to_key = _key(to_file, TO_KEY)
    if one:
        client = stack.enter_context(_client(source or target, from_key or to_key or os.environ.get(ONE_KEY)))
        return (None if source is None else client), client
    return stack.enter_context(_client(source, from_key)), stack.enter_context(_client(target, to_key))


def _client(url: str | None, key: str | None) -> OpenAI:
    from openai_assistants import OpenAI, OpenAIError

    try:
        return OpenAI(base_url=url, api_key=key or "none", max_retries=RETRIES)
    except OpenAIError as error:
        raise Failure(str(error).replace("base_url", "the URL of a server"), code=2) from None


def _key(file: Path | None, variable: str) -> str | None:
    """The key for a server: from a file, or from the environment; None if there is none."""
    if file is None:
        return os.environ.get(variable) or None
    found = lines_in(read_text(file, "the key"))
    if len(found) != 1:
        raise Failure(f"there are {len(found)} keys in {file}; one is needed", code=2)
    if not found[0].isascii() or not found[0].isprintable():
        raise Failure(f"the key in {file} cannot be sent; keys are printable ASCII", code=2)
    return found[0]


# ---- what is printed ----


class _Printer:
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
            table.add_row(*(Text(printable(cell)) for cell in row))
        if table.row_count:
            console = Console(file=io.StringIO(), width=self._width, color_system=None)
            with console.capture() as printed:
                console.print(table)
            _write(f"{printed.get()}\n")

    def _say(self, *lines: str) -> None:
        _write("".join(f"{printable(line)}\n" for line in lines))


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


def _name(url: httpx.URL) -> str:
    """A server, without credentials."""
    return str(url.copy_with(username=None, password=None)).rstrip("/")
