"""The survivors that somebody has looked at, with the reasons why no test notices them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

_FILE = Path(__file__).with_name("explained.toml")

Key = tuple[str, str, str]
"""Target, place, change."""


def explained() -> Mapping[Key, str]:
    """The reasons.

    Raises:
        ValueError: A mutant is explained twice, or not at all.
    """
    found: dict[Key, str] = {}
    for entry in tomllib.loads(_FILE.read_text())["survivor"]:
        for change in entry["changes"]:
            key = entry["target"], entry["place"], change
            if key in found or not entry["reason"].strip():
                raise ValueError(f"explained twice, or not at all: {key}")
            found[key] = entry["reason"]
    return found
