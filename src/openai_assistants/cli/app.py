"""The command line: its commands, and what becomes of errors."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from openai_assistants._version import __version__

from . import Failure, migrate
from .doctor import doctor
from .serve import serve

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


def run(arguments: list[str], program: str) -> int:
    """Run a command; returns its exit code."""
    try:
        code: object = app(arguments, prog_name=program, obj=arguments)
    except SystemExit as stop:
        code = stop.code
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return failure.code
    return code if isinstance(code, int) else 0
