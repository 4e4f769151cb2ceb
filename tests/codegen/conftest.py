"""What the tests of the generator share: a small API, generated into a folder of its own."""

from pathlib import Path

import pytest

from codegen.output import Inputs

ROOT = Path(__file__).parents[2]
LIBRARY = Path(__file__).parent / "golden" / "library"


@pytest.fixture
def library(tmp_path: Path) -> Inputs:
    """The library's specs, and an empty package to write to."""
    return Inputs(codegen=LIBRARY, package=tmp_path / "package", settings=ROOT / "pyproject.toml")
