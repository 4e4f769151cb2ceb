"""What a list says about a server. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openai_assistants._pagination import NO_IDS

from .findings import Finding
from .judging import short


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it came, and how it went on."""

    document: Mapping[str, Any]
    ids: list[str]
    whole: bool
    """Whether lists of this kind always come whole, so that nothing is said of more."""
    bare: bool
    following: list[str] | None = None
    """The ids of the next page, if there was to be one."""
    failure: str | None = None
    """Why it could not be got."""


def of_list(operation: str, listed: Listed, limit: int | None) -> list[Finding]:
    """What is odd about a list."""
    found: list[Finding] = []

    def add(path: str, expected: str, got: str, means: str, *, noticed: bool = True) -> None:
        found.append(Finding(operation, path, expected, got, means, noticed))

    document, ids = listed.document, listed.ids
    if listed.bare:
        means = (
            "Lists come as bare arrays: page.has_more, page.first_id and page.last_id are None, and lists are read to "
            "their end by asking for one page more."
        )
        add("", "an object with data", "a bare array", means)
    elif not listed.whole:
        if document.get("has_more") is None:
            means = "Lists do not say whether there is more: page.has_more is None; iterating asks for one page more."
            add("has_more", "true or false", "left out", means)
        if document.get("object") != "list":
            means = "page.object has another name, which few programs look at."
            add("object", '"list"', short(document.get("object")), means, noticed=False)
        for name, of_item in (("first_id", ids[:1]), ("last_id", ids[-1:])):
            expected = of_item[0] if of_item else None
            if document.get(name) != expected and (expected or document.get(name) not in (None, "")):
                got = "left out" if document.get(name) in (None, "") else short(document[name])
                means = "page.first_id and page.last_id are no ids of items; the client goes on by the items' own ids."
                add(name, "an item's id", got if got in ("left out", *NO_IDS) else "another", means)
    if limit is not None and len(ids) > limit:
        add("data", "as many items as limit says", "more", "limit is ignored: pages are larger.", noticed=False)
    if listed.failure is not None:
        means = "A second page cannot be got: only the first page of a list can be read."
        add("data", "a second page", short(listed.failure), means)
    elif listed.following is not None and listed.following == ids:
        means = "after is ignored: the same page comes again, and iteration ends there with a warning, perhaps early."
        add("data", "a second page", "the first one again", means)
    elif listed.following == [] and document.get("has_more"):
        means = "has_more is true of the last page: iterating asks for one page more."
        add("has_more", "false on the last page", "true", means, noticed=False)
    return found
