"""Carrying out a migration over two clients: the functions that programs call."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._engine import migration
from ._exports import V1Export
from ._journal import JournalPath
from ._order import Order
from ._report import MigrationReport, OnProgress

if TYPE_CHECKING:
    import httpx

    from .._client import AsyncOpenAI, BaseAsyncOpenAI, BaseOpenAI, OpenAI

DEFAULT_WAIT = 600.0


def v1_to_v2(
    *,
    target: OpenAI,
    source: BaseOpenAI | None = None,
    export: V1Export | None = None,
    assistants: Iterable[str] | None = None,
    threads: Iterable[str] | None = None,
    apply: bool = False,
    journal: JournalPath | None = None,
    files: str | os.PathLike[str] | None = None,
    allow_missing_files: bool = False,
    max_wait_seconds: float = DEFAULT_WAIT,
    on_progress: OnProgress | None = None,
) -> MigrationReport:
    """Migrate assistants and threads from version 1 of the API to version 2; or, without `apply`, only say what would
    be done: then nothing is written anywhere.

    New objects are made; those of version 1 stay as they are. `convert_assistant` and `convert_thread` say what they
    become. Objects that fail do not keep others from being migrated. What has been made is in the journal: the next
    call with it makes only what is missing, even if this process is killed.

    Args:
        target: A client of the server that gets the objects; it speaks version 2.
        source: A client of the server that has the objects, which speaks version 1; None if they are in an export.
            It may be `target` itself: then files keep their ids. Otherwise those that are used are copied.
        export: Stored objects of version 1; what it has is not asked of `source`.
        assistants: Ids of assistants; all unless given, none if empty.
        threads: Ids of threads; all of the export unless given. Servers have no list of them.
        apply: Whether to make anything.
        journal: The file that remembers what has been made. It is written only with `apply`, and needed then.
        files: A folder with contents of files, each called by its id, with any ending or none, or alone in a folder
            that is called so. They are not downloaded then; some servers do not give the contents of files away.
        allow_missing_files: Make objects without the files that are nowhere. Otherwise these objects fail.
        max_wait_seconds: How long to wait for each vector store to process its files.
        on_progress: Told of each object and each file when it is through.

    Raises:
        ValueError: There is neither a source nor an export; or `apply` without a journal.
        MigrationError: The journal is none, or one of another migration, or another process is using it.
        APIError: The assistants cannot be listed.
        OSError: The journal cannot be read or written.
    """
    order = _order(
        source, target, export, assistants, threads, apply, journal, files, allow_missing_files, max_wait_seconds,
        on_progress,
    )  # fmt: skip
    return target.connection.drive(migration(order))


async def v1_to_v2_async(
    *,
    target: AsyncOpenAI,
    source: BaseAsyncOpenAI | None = None,
    export: V1Export | None = None,
    assistants: Iterable[str] | None = None,
    threads: Iterable[str] | None = None,
    apply: bool = False,
    journal: JournalPath | None = None,
    files: str | os.PathLike[str] | None = None,
    allow_missing_files: bool = False,
    max_wait_seconds: float = DEFAULT_WAIT,
    on_progress: OnProgress | None = None,
) -> MigrationReport:
    """`v1_to_v2` for async clients; `on_progress` may be an async function.

    Args and errors: as `v1_to_v2`.
    """
    order = _order(
        source, target, export, assistants, threads, apply, journal, files, allow_missing_files, max_wait_seconds,
        on_progress,
    )  # fmt: skip
    return await target.connection.drive(migration(order))


def _order(
    source: Any,
    target: Any,
    export: V1Export | None,
    assistants: Iterable[str] | None,
    threads: Iterable[str] | None,
    apply: bool,
    journal: JournalPath | None,
    files: str | os.PathLike[str] | None,
    allow_missing_files: bool,
    max_wait_seconds: float,
    on_progress: OnProgress | None,
) -> Order:
    if source is None and export is None:
        raise ValueError("there is nothing to migrate: pass source= (a client), export=, or both")
    if apply and journal is None:
        raise ValueError("apply=True needs journal=, the name of a file: without it a second call makes all again")
    for name, ids in (("assistants", assistants), ("threads", threads)):
        if isinstance(ids, str):
            raise TypeError(f"{name} must be a list of ids, not a single text")
    to = server_name(target.base_url)
    start = None if source is None else server_name(source.base_url)
    return Order(
        source=source,
        target=target,
        # Files of an export without a server may be at the target already.
        same=source is None or source is target or start == to,
        export=export,
        assistants=None if assistants is None else list(assistants),
        threads=None if threads is None else list(threads),
        apply=apply,
        journal=journal,
        files=None if files is None else Path(files),
        allow_missing_files=allow_missing_files,
        max_wait_seconds=max_wait_seconds,
        on_progress=on_progress,
        names=(start, to),
    )


def server_name(url: httpx.URL) -> str:
    """What a server is called in journals and reports: its base URL, without credentials."""
    return str(url.copy_with(username=None, password=None, query=None)).rstrip("/")
