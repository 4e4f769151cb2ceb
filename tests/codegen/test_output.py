"""Writing, comparing and the command line."""

import io
import json
import shutil
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.output import Inputs, check, generate, write


def test_two_runs_make_the_same(library: Inputs) -> None:
    assert generate(library) == generate(library)


def test_what_was_written_is_up_to_date(library: Inputs) -> None:
    write(library)
    out = io.StringIO()
    assert check(library, out)
    assert out.getvalue() == ""


def test_writing_again_touches_nothing(library: Inputs) -> None:
    write(library)
    before = {path: path.stat().st_mtime_ns for path in library.package.rglob("*")}
    write(library)
    assert {path: path.stat().st_mtime_ns for path in library.package.rglob("*")} == before


def test_drift_is_listed_with_a_difference(library: Inputs) -> None:
    write(library)
    edited, lost, foreign = (library.package / name for name in ("types/books.py", "types/scans.py", "types/mine.py"))
    edited.write_text(edited.read_text(encoding="utf-8").replace("scan_id: str", "scan_id: int", 1), encoding="utf-8")
    lost.unlink()
    foreign.write_text("", encoding="utf-8")
    out = io.StringIO()

    assert not check(library, out)

    lines = out.getvalue().splitlines()
    assert "types/books.py: changed" in lines
    assert "  -    scan_id: int" in lines
    assert "  +    scan_id: str" in lines
    assert "types/mine.py: not generated" in lines
    assert "types/scans.py: missing" in lines
    assert lines[-1] == "3 files differ from what the specs say; run `python -m codegen`"


def test_a_long_difference_is_cut(library: Inputs) -> None:
    write(library)
    (library.package / "types/books.py").write_text("nothing = 0\n" * 100, encoding="utf-8")
    out = io.StringIO()
    check(library, out)
    assert out.getvalue().splitlines()[-2] == "  ..."
    assert len(out.getvalue().splitlines()) < 30


def test_writing_removes_what_nothing_generates(library: Inputs) -> None:
    foreign = library.package / "types" / "deep" / "mine.py"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("", encoding="utf-8")
    write(library)
    assert not foreign.exists()


def test_files_beside_the_generated_folders_stay(library: Inputs) -> None:
    ours = library.package / "server" / "app.py"
    ours.parent.mkdir(parents=True)
    ours.write_text("", encoding="utf-8")
    write(library)
    assert ours.exists()
    assert check(library, io.StringIO())


def test_the_server_gets_the_corrected_spec(library: Inputs) -> None:
    write(library)
    spec = json.loads((library.package / "server/specs/v2.json").read_text(encoding="utf-8"))
    assert spec["info"]["version"] == "v2"
    assert spec["paths"]["/scans"]["get"]["operationId"] == "listScans"


def test_versions_may_not_write_the_same_file(library: Inputs, tmp_path: Path) -> None:
    folder = tmp_path / "codegen"
    shutil.copytree(library.codegen, folder)
    names = (folder / "sdk.yaml").read_text(encoding="utf-8")
    (folder / "sdk.yaml").write_text(names.replace("types.v1", "types"), encoding="utf-8")
    status = main([], Inputs(folder, library.package, library.settings))
    assert status == 2


def test_command_writes_then_checks(library: Inputs, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"], library) == 1
    assert main([], library) == 0
    assert main(["--check"], library) == 0
    assert "files are up to date" in capsys.readouterr().out


def test_command_names_what_it_refuses(library: Inputs, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "codegen"
    shutil.copytree(library.codegen, folder)
    (folder / "sdk.yaml").write_text("versions: {}\ncolour: red\n", encoding="utf-8")
    assert main([], Inputs(folder, library.package, library.settings)) == 2
    assert capsys.readouterr().err == "sdk.yaml: /colour: unknown key\n"


def test_command_compares_with_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("openapi: 3.1.0\npaths: {/novelties: {get: {operationId: listNovelties}}}\n", encoding="utf-8")
    assert main(["diff", str(other), "--version", "v2"]) == 1
    assert "/novelties" in capsys.readouterr().out
