"""`python -m codegen` writes the generated files; `--check` compares them; `diff FILE` compares specs with a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from codegen.diff import run_diff
from codegen.load import SpecError
from codegen.output import DEFAULT, Inputs, check, write


def main(arguments: list[str] | None = None, inputs: Inputs = DEFAULT) -> int:
    """Run a command; returns the exit status."""
    options = _parser().parse_args(arguments)
    if options.command == "diff":
        areas = [area for area in options.areas.split(",") if area]
        return run_diff(options.file, options.version, areas, sys.stdout)
    try:
        if options.check:
            return 0 if check(inputs, sys.stdout) else 1
        print(f"{write(inputs)} files are up to date")
    except SpecError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which files are not up to date")
    commands = parser.add_subparsers(dest="command")
    diff = commands.add_parser("diff", help="compare our specs with an OpenAPI file")
    diff.add_argument("file", type=Path)
    diff.add_argument("--version", default="v2", help="version of the API to compare (v2)")
    diff.add_argument("--areas", default="", help="names of our spec files, with commas; all unless given")
    return parser


if __name__ == "__main__":
    sys.exit(main())
