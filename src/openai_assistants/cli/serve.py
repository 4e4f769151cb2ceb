"""The command line with its commands, what becomes of errors, and the first command: `openai-assistants serve` runs
the server."""

from __future__ import annotations

import os
import re
import socket
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from openai_assistants import __version__

from . import Failure, lines_in, migrate, read_text
from .doctor import doctor
from .launch import FD, Supervisor, announce, end_with_parent, listen, open_application, run

if TYPE_CHECKING:
    from openai_assistants.server.code import Sandbox

# `openai-assistants serve`: the options of the server, and what their values mean.

KEYS_VARIABLE = "OPENAI_ASSISTANTS_API_KEYS"

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30}
_NAMED_KEY = re.compile(r"(?P<name>[A-Za-z0-9][A-Za-z0-9_.@-]{0,62})=(?P<key>=*[^=].*)")
"""Not the `=` with which many a key ends."""
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)", re.IGNORECASE)

_LISTENING = "Where it listens"
_KEEPING = "What it keeps"
_ANSWERING = "Who answers"
_LIMITS = "Limits"
_LOGGING = "Log"


def serve(
    context: typer.Context,
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            envvar="OPENAI_ASSISTANTS_HOST",
            help="Address to listen on; 0.0.0.0 is all.",
            rich_help_panel=_LISTENING,
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            min=0,
            max=65535,
            metavar="NUMBER",
            envvar="OPENAI_ASSISTANTS_PORT",
            help="Port to listen on; 0 takes a free one.",
            rich_help_panel=_LISTENING,
        ),
    ] = 8000,
    api_key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[NAME=]KEY",
            envvar=KEYS_VARIABLE,
            show_envvar=True,
            help="Accept only this key; may be repeated, in the variable with blanks between. What was made with one "
            "key does not exist for another, unless they share a name. Without any, every key is accepted. Others on "
            "the machine can see a command line: prefer the variable or a file.",
            rich_help_panel=_LISTENING,
        ),
    ] = None,
    api_key_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            envvar="OPENAI_ASSISTANTS_API_KEY_FILE",
            help="Accept the keys in this file, one on each line: KEY or NAME=KEY.",
            rich_help_panel=_LISTENING,
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(
            min=1,
            metavar="NUMBER",
            envvar="OPENAI_ASSISTANTS_WORKERS",
            help="Processes that share the work; more than one needs PostgreSQL.",
            rich_help_panel=_LISTENING,
        ),
    ] = 1,
    database: Annotated[
        str,
        typer.Option(
            metavar="FILE|URL",
            envvar="OPENAI_ASSISTANTS_DATABASE",
            help="An SQLite file, postgresql://USER:PASSWORD@HOST/NAME, or :memory:, which is gone when the server "
            "stops.",
            rich_help_panel=_KEEPING,
        ),
    ] = ":memory:",
    replay_hours: Annotated[
        float,
        typer.Option(
            min=0.01,
            metavar="HOURS",
            help="How long answers are kept for their Idempotency-Key, and the events of runs for streams that go on.",
            rich_help_panel=_KEEPING,
        ),
    ] = 24.0,
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN=MODEL",
            envvar="OPENAI_ASSISTANTS_MODELS",
            help="Who answers for which model names, such as 'gpt-*=chat:http://localhost:11434/v1#llama3.1'; may be "
            "repeated, the first that matches wins, the rest is offline. MODEL is offline (no language model: rules), "
            "chat:URL or chat:URL#NAME (any chat-completions server; its key is in OPENAI_ASSISTANTS_CHAT_API_KEY), "
            "or scripted:FILE.yaml.",
            rich_help_panel=_ANSWERING,
        ),
    ] = None,
    allow_code: Annotated[
        bool,
        typer.Option(
            "--allow-code",
            help="Run the programs of the code interpreter, in a sandbox (Linux, bubblewrap).",
            rich_help_panel=_ANSWERING,
        ),
    ] = False,
    code_packages: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            exists=True,
            file_okay=False,
            help="Packages that programs may import, made by pip install --target.",
            rich_help_panel=_ANSWERING,
        ),
    ] = None,
    dialect: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            envvar="OPENAI_ASSISTANTS_DIALECT",
            help="Imitate another server, for tests of clients; a wrong name gets the list of names.",
            rich_help_panel=_ANSWERING,
        ),
    ] = None,
    max_body: Annotated[str, typer.Option(metavar="SIZE", help="JSON body.", rich_help_panel=_LIMITS)] = "32MiB",
    max_file: Annotated[str, typer.Option(metavar="SIZE", help="File.", rich_help_panel=_LIMITS)] = "512MiB",
    max_part: Annotated[
        str, typer.Option(metavar="SIZE", help="Part of an upload.", rich_help_panel=_LIMITS)
    ] = "64MiB",
    max_upload: Annotated[
        str, typer.Option(metavar="SIZE", help="File that is uploaded in parts.", rich_help_panel=_LIMITS)
    ] = "8GiB",
    max_pending: Annotated[
        str,
        typer.Option(
            metavar="SIZE",
            help="Requests under way, as far as they lie in memory, all together; more get a 503. The same again for "
            "answers that clients do not fetch.",
            rich_help_panel=_LIMITS,
        ),
    ] = "256MiB",
    max_connections: Annotated[
        int,
        typer.Option(
            min=1,
            metavar="NUMBER",
            help="Connections at once, of each process; more get a 503.",
            rich_help_panel=_LIMITS,
        ),
    ] = 10_000,
    client_timeout: Annotated[
        float,
        typer.Option(
            min=0.1,
            metavar="SECONDS",
            help="A client that sends or takes almost nothing for so long is cut off.",
            rich_help_panel=_LIMITS,
        ),
    ] = 30.0,
    run_lifetime: Annotated[
        int,
        typer.Option(
            min=1, metavar="SECONDS", help="A run that has not ended by then expires.", rich_help_panel=_LIMITS
        ),
    ] = 600,
    keep_alive: Annotated[
        float,
        typer.Option(
            min=0.1, metavar="SECONDS", help="A stream silent for so long gets a comment.", rich_help_panel=_LIMITS
        ),
    ] = 15.0,
    drain: Annotated[
        float,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="Time for active runs to end at a stop; then they fail, and their streams end.",
            rich_help_panel=_LIMITS,
        ),
    ] = 5.0,
    log_format: Annotated[
        Literal["text", "json"], typer.Option(help="How it is written.", rich_help_panel=_LOGGING)
    ] = "json",
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        typer.Option(help="What is written, apart from requests.", rich_help_panel=_LOGGING),
    ] = "warning",
    access_log: Annotated[
        bool, typer.Option(help="A line for each request, without keys and contents.", rich_help_panel=_LOGGING)
    ] = True,
    fd: Annotated[int | None, typer.Option(FD, hidden=True)] = None,
) -> None:
    """Start a server that speaks the Assistants API, versions 1 and 2. Point a client's base_url at it.

    Everything is kept in memory unless --database says otherwise.

    SIGTERM and Ctrl-C stop it properly: no stream is cut off in the middle. A second signal makes it hurry.

    GET /health needs no key: 200 while the server takes requests and its database answers, else 503.

    Examples:

      openai-assistants serve --database assistants.db

      openai-assistants serve --model 'gpt-*=chat:http://localhost:11434/v1#llama3.1'

      openai-assistants serve --host 0.0.0.0 --api-key-file keys --database postgresql://me@db/assistants --workers 4
    """
    try:
        from openai_assistants.server import Settings
        from openai_assistants.server.asgi import set_up_logging
    except ImportError as error:
        raise Failure(str(error), code=2) from None
    set_up_logging(form=log_format, level=log_level, access=access_log)
    if workers > 1 and os.name != "posix":  # pragma: no cover - on Windows
        raise Failure("--workers is not possible on this system; start several servers behind a proxy", code=2)
    _check_database(database, workers)
    accepted = keys(api_key or [], api_key_file)
    try:
        settings = Settings(
            database=database,
            models=routes(model or []),
            api_keys=accepted,
            max_body_bytes=size("--max-body", max_body),
            max_file_bytes=size("--max-file", max_file),
            max_part_bytes=size("--max-part", max_part),
            max_upload_bytes=size("--max-upload", max_upload),
            max_pending_bytes=size("--max-pending", max_pending),
            max_connections=max_connections,
            client_timeout_seconds=client_timeout,
            run_lifetime_seconds=run_lifetime,
            replay_seconds=int(replay_hours * 3600),
            keep_alive_seconds=keep_alive,
            drain_seconds=drain,
            dialect=dialect,
        )
    except ValueError as error:
        raise Failure(str(error), code=2) from None
    if allow_code:
        settings.code = _sandbox(code_packages)
    app = open_application(settings)
    if fd is not None:
        end_with_parent()
        raise typer.Exit(run(app, socket.socket(fileno=fd), host))
    try:
        listener = listen(host, port)
    except Failure:
        app.state.service.database.close()
        raise
    say = partial(announce, app, settings, listener, host=host, workers=workers)
    if workers == 1:
        raise typer.Exit(run(app, listener, host, say))
    app.state.service.database.close()  # each process has its own connections
    supervisor = Supervisor(context.obj, listener, workers, patience=drain)
    say()
    raise typer.Exit(supervisor.run())


# ---- values of options ----


def _check_database(database: str, workers: int) -> None:
    from openai_assistants.server.store.backends import is_url

    if not database:
        raise Failure("--database is empty; name a file, a URL or :memory:", code=2)
    if is_url(database):
        return
    scheme, separator, _ = database.partition("://")
    if separator and scheme != "sqlite":
        raise Failure(f"--database is an SQLite file or postgresql://USER:PASSWORD@HOST/NAME, not {scheme}://", code=2)
    if workers > 1:
        raise Failure("--workers needs a PostgreSQL database: an SQLite file belongs to one process", code=2)


def _sandbox(packages: Path | None) -> Sandbox:
    from openai_assistants.server.code import SandboxUnavailableError, open_sandbox

    try:
        return open_sandbox(packages=packages)
    except SandboxUnavailableError as error:
        raise Failure(f"--allow-code: {error}") from None


def size(option: str, text: str) -> int:
    """The value of an option that is a number of bytes, such as `512MiB`, `1.5GB`, `4096`.

    Raises:
        Failure: It is none.
    """
    match = _SIZE.fullmatch(text.strip())
    unit = _UNITS.get(match[2].upper()) if match is not None else None
    if match is None or unit is None or (found := int(float(match[1]) * unit)) < 1:
        raise Failure(f"{option}: {text!r} is not a size; write it like 512MiB, 1.5GB or 4096 (bytes)", code=2)
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
        of_file = lines_in(read_text(file, "the keys", code=1))
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


# The command line: its commands, and what becomes of errors.

app = typer.Typer(
    name="openai-assistants",
    help="The Assistants API on your own machine: a server that speaks it, for programs written for it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"openai-assistants {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """What stands before the command."""


app.command("serve")(serve)
app.add_typer(migrate.app, name="migrate")
app.command("doctor")(doctor)


def run_command(arguments: list[str], program: str) -> int:
    """Run a command; returns its exit code."""
    try:
        code: object = app(arguments, prog_name=program, obj=arguments)
    except SystemExit as stop:
        code = stop.code
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return failure.code
    return code if isinstance(code, int) else 0
