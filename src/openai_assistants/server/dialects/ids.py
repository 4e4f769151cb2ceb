"""Ids in other forms. They are made so, not rewritten: paths, bodies, cursors and streams agree by themselves."""

from __future__ import annotations

import hashlib
import uuid

from ..sources import Ids
from .dialect import Dialect, IdForm


class StyledIds:
    """Ids of another form, derived from those of another source: if those are the same every time, these are too."""

    def __init__(self, source: Ids, dialect: Dialect) -> None:
        self._source = source
        self._dialect = dialect

    def new(self, prefix: str) -> str:
        """The next id."""
        own = self._source.new(prefix)
        prefix, rest = self._dialect.prefixes.get(prefix, prefix), own.removeprefix(prefix)
        return prefix + rest if self._dialect.ids == "prefixed" else _styled(own, prefix, self._dialect.ids)


def _styled(own: str, prefix: str, form: IdForm) -> str:
    digest = hashlib.sha256(own.encode()).hexdigest()
    match form:
        case "object_id":
            return digest[:24]
        case "uuid":
            return str(uuid.UUID(digest[:32], version=4))
        case "odd":
            return f"{digest[:8]}/{digest[8:16]} %2F?#é=:{digest[16:20]}"
        case _:
            return prefix + digest[:32]
