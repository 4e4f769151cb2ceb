"""Full-text search of SQLite: an FTS5 index over the column `terms`, ranked by BM25.

The index keeps no text of its own, and triggers keep it in step with the table whatever deletes a passage. The
tokenizer `ascii` takes terms as they are: it splits at blanks only, as all other signs of ASCII are no part of terms.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import DDL, ColumnElement, Select, Table, column, event, func, literal_column, select, table

from .terms import Wanted

_INDEX = table("passage_index", column("rowid"))
_SELF: ColumnElement[Any] = literal_column("passage_index")
_STATEMENTS = (
    """CREATE VIRTUAL TABLE passage_index USING fts5(
        terms, store, content='passages', content_rowid='seq', tokenize='ascii')""",
    """CREATE TRIGGER passage_added AFTER INSERT ON passages BEGIN
        INSERT INTO passage_index(rowid, terms, store) VALUES (new.seq, new.terms, new.store);
    END""",
    """CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN
        INSERT INTO passage_index(passage_index, rowid, terms, store)
        VALUES ('delete', old.seq, old.terms, old.store);
    END""",
)


_ddl: Callable[[str], DDL] = DDL


def attach_sqlite(passages: Table) -> None:
    """Let the index be created with the table."""
    for statement in _STATEMENTS:
        event.listen(passages, "after_create", _ddl(statement).execute_if(dialect="sqlite"))


class SqliteText:
    """Over an FTS5 index."""

    def matching(self, wanted: Sequence[Wanted], stores: Iterable[int]) -> Select[int, float]:
        """The passages that have some of the terms, ranked."""
        rank = func.bm25(_SELF, 1.0, 0.0)  # the column with the store does not count
        return select(_INDEX.c.rowid.label("seq"), rank.label("rank")).where(self._match(wanted, stores))

    def count(self, wanted: Wanted, stores: Iterable[int]) -> Select[int]:
        """How many passages have a term."""
        return select(func.count()).select_from(_INDEX).where(self._match([wanted], stores))

    def among(self, number: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
        """Whether a number is one of many."""
        each = func.json_each(json.dumps(numbers)).table_valued("value")
        return number.in_(select(each.c.value))

    def _match(self, wanted: Sequence[Wanted], stores: Iterable[int]) -> ColumnElement[bool]:
        terms = " OR ".join(f'"{each.term}"' + " *" * each.prefix for each in wanted)
        where = " OR ".join(f'"{store}"' for store in stores)
        return _SELF.op("MATCH", is_comparison=True)(f"store : ({where}) AND terms : ({terms})")
