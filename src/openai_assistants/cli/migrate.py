"""`openai-assistants migrate v1-to-v2`: assistants and threads from version 1 of the API to version 2."""

from __future__ import annotations

import os
import sys
import warnings
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .failures import Failure
from .migration_report import Printer

if TYPE_CHECKING:
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
    printer = Printer(applying=apply, as_json=as_json)
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
    found = _lines(file, "the threads")
    if not found:
        raise Failure(f"there is no thread in {file}; write one id on each line", code=2)
    return [*(named or []), *found]


def _lines(file: Path, what: str) -> list[str]:
    """The lines of a file that say something."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise Failure(f"{what} in {file} cannot be read: {reason}", code=2) from None
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


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
    found = _lines(file, "the key")
    if len(found) != 1:
        raise Failure(f"there are {len(found)} keys in {file}; one is needed", code=2)
    if not found[0].isascii() or not found[0].isprintable():
        raise Failure(f"the key in {file} cannot be sent; keys are printable ASCII", code=2)
    return found[0]
