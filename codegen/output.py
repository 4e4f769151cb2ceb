"""The generated files: made from the specs, formatted, then written or compared with what is there."""

from __future__ import annotations

import difflib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from codegen.load import SpecError, as_openapi, load
from codegen.parse import parse
from codegen.render import render
from codegen.render_public import PACKAGE
from codegen.sdk import FILE, Sdk, read_sdk

ROOT: Final = Path(__file__).parents[1]
DIFF_LINES: Final = 20
"""Lines of difference that are shown of each file."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the generator reads from, and where it writes."""

    codegen: Path
    package: Path
    settings: Path
    """The `pyproject.toml` with the formatter's settings."""


DEFAULT: Final = Inputs(ROOT / "codegen", ROOT / "src" / PACKAGE, ROOT / "pyproject.toml")


def generate(inputs: Inputs) -> dict[str, str]:
    """All generated files, formatted, by path below the package."""
    sdk = read_sdk(inputs.codegen / FILE)
    files: dict[str, str] = {}
    plain: dict[str, str] = {}
    for version in sdk.versions:
        document = load(inputs.codegen / "specs", inputs.codegen / "overlay.yaml", version.name)
        made = render(parse(document, sdk, version))
        if twice := sorted(made.keys() & files.keys()):
            raise SpecError(FILE, f"/versions/{version.name}", f"two versions write {twice[0]}")
        files.update(made)
        plain[version.server_spec] = json.dumps(as_openapi(document), ensure_ascii=False, separators=(",", ":")) + "\n"
    return {**format_sources(files, inputs.settings), **plain}


def format_sources(files: Mapping[str, str], settings: Path) -> dict[str, str]:
    """Sort imports and lay out lines as the project does everywhere."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        config = ["--no-cache", "--quiet", "--config", str(settings)]
        _ruff("check", "--fix-only", "--select", "I", *config, folder)
        _ruff("format", *config, folder)
        return {path: (root / path).read_text(encoding="utf-8") for path in files}


def _ruff(*arguments: str) -> None:
    command = [sys.executable, "-m", "ruff", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"ruff {arguments[0]} failed:\n{done.stderr}{done.stdout}")


def folders(sdk: Sdk) -> set[str]:
    """Directories that hold nothing but generated files."""
    return {
        folder
        for version in sdk.versions
        for folder in (version.types_package, version.resources_package, version.server_spec.rpartition("/")[0])
    }


def write(inputs: Inputs) -> int:
    """Rewrite the generated directories; returns how many files there are."""
    files = generate(inputs)
    for path in present(inputs):
        if path not in files:
            (inputs.package / path).unlink()
    for path, text in files.items():
        target = inputs.package / path
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return len(files)


def check(inputs: Inputs, stream: TextIO) -> bool:
    """Whether the generated directories hold exactly what the specs say; prints what differs."""
    files = generate(inputs)
    old = present(inputs)
    drifted = sorted(path for path in files.keys() | old.keys() if files.get(path) != old.get(path))
    for path in drifted:
        state = "missing" if path not in old else "not generated" if path not in files else "changed"
        print(f"{path}: {state}", file=stream)
        if state == "changed":
            print(*_difference(old[path], files[path]), sep="\n", file=stream)
    if drifted:
        print(f"{len(drifted)} files differ from what the specs say; run `python -m codegen`", file=stream)
    return not drifted


def present(inputs: Inputs) -> dict[str, str]:
    """The files in the generated directories as they are."""
    found: dict[str, str] = {}
    for folder in folders(read_sdk(inputs.codegen / FILE)):
        for path in sorted((inputs.package / folder.replace(".", "/")).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found[path.relative_to(inputs.package).as_posix()] = path.read_text(encoding="utf-8")
    return found


def _difference(old: str, new: str) -> Iterator[str]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), "as it is", "as generated", lineterm="", n=1)
    for count, line in enumerate(lines):
        if count == DIFF_LINES:
            yield "  ..."
            return
        yield f"  {line[:200]}"
