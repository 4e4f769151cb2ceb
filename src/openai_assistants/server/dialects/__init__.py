"""Dialects: our server speaks as other servers of this API do, so that programs can be tried against them.

    with LocalServer(dialect="litellm") as server:
        client = server.client()

`NAMES` lists the servers that are known. A dialect is plain data, so that a test can have one of its own:

    from openai_assistants.server.dialects import NAMED, Dialect, Events, Profile

    LocalServer(dialect=Dialect(times="iso", errors="html", events=Events(frames="data", done="left_out")))
    LocalServer(dialect=dataclasses.replace(NAMED["astra-assistants-api"], profile=Profile()))

A program or a suite of tests that starts its own `LocalServer` is tried against a dialect as it stands: the environment
variable `OPENAI_ASSISTANTS_DIALECT` names it.

Forms of answers, errors, lists and streams are changed at the edge of the application; ids are made in another form
from the start. What is stored stays as it is.
"""

from __future__ import annotations

import os

from .dialect import (
    Dialect as Dialect,
    Events as Events,
    Fields as Fields,
    Lists as Lists,
    Profile as Profile,
)
from .servers import NAMED as NAMED

VARIABLE = "OPENAI_ASSISTANTS_DIALECT"
ALIASES = {"astra": "astra-assistants-api"}
NAMES = tuple(NAMED)
"""Names of the servers that can be imitated."""


def named(dialect: Dialect | str) -> Dialect:
    """A dialect by its name; one that is given as such stays as it is.

    Raises:
        ValueError: No dialect has this name.
    """
    if isinstance(dialect, Dialect):
        return dialect
    found = NAMED.get(ALIASES.get(dialect, dialect))
    if found is None:
        raise ValueError(f"there is no dialect {dialect!r}; known are {', '.join(NAMES)}")
    return found


def of_environment() -> Dialect | None:
    """The dialect that the environment names; None if it names none.

    Raises:
        ValueError: No dialect has this name.
    """
    name = os.environ.get(VARIABLE)
    if not name:
        return None
    try:
        return named(name)
    except ValueError as error:
        raise ValueError(f"{VARIABLE}: {error}") from None
