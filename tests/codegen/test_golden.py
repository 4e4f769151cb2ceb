"""What the generator makes of the small API in golden/library, file by file.

To see what a change of the generator does, run `python tests/codegen/test_golden.py` and read the difference in git.
"""

import shutil
from pathlib import Path

import pytest

from codegen.output import Inputs, generate, write

ROOT = Path(__file__).parents[2]
LIBRARY = Path(__file__).parent / "golden" / "library"
EXPECTED = LIBRARY / "expected"


def expected_files() -> dict[str, str]:
    return {
        path.relative_to(EXPECTED).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(EXPECTED.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_files_are_the_expected_ones(library: Inputs) -> None:
    assert sorted(generate(library)) == sorted(expected_files())


@pytest.mark.parametrize("path", sorted(expected_files()))
def test_each_file_is_as_expected(path: str, made: dict[str, str]) -> None:
    assert made[path] == expected_files()[path]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return generate(Inputs(LIBRARY, EXPECTED, ROOT / "pyproject.toml"))


if __name__ == "__main__":
    shutil.rmtree(EXPECTED, ignore_errors=True)
    print(write(Inputs(LIBRARY, EXPECTED, ROOT / "pyproject.toml")), "files")
