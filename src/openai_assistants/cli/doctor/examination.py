"""An examination from its beginning to its end."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from openai_assistants import OpenAIError

from .checks import (
    ADD_PART,
    CANCEL_UPLOAD,
    CHANGES,
    COMPLETE,
    CREATE_UPLOAD,
    MAKES,
    MARK,
    READS,
    REMOVES,
)
from .findings import Report, Use, Version
from .judging import one_line
from .ledger import Ledger
from .running import Running
from .walk import GiveUp, Walk

if TYPE_CHECKING:
    from openai_assistants import OpenAI


def examine(
    client: OpenAI,
    *,
    version: Version = "v2",
    write: bool = False,
    timeout: float = 30.0,
    model: str = "gpt-4o",
    thread: str | None = None,
) -> Report:
    """Find out what a server does of the API.

    Args:
        client: A client of the server that does not retry.
        version: The version of the API.
        write: Whether things may be made; they are deleted at the end, whatever happens.
        timeout: Limit for each call and each wait, in seconds; the whole takes at most twelve times as long.
        model: The model of the assistant that is made.
        thread: A thread to look at, since threads cannot be listed.
    """
    url = str(client.base_url.copy_with(username=None, password=None))
    report = Report(url, version, write)
    words = {"model": model, "mark": f"{MARK} {secrets.token_hex(4)}"}
    if thread is not None:
        words["thread"] = thread
    walk = Walk(client, report, version=version, timeout=timeout, words=words)
    try:
        walk.begin()
        if write:
            _write(walk)
        else:
            _read(walk)
    except GiveUp as reason:
        report.problem = str(reason)
    except KeyboardInterrupt:
        report.interrupted = True
    _explain(report)
    return report


def _read(walk: Walk) -> None:
    for check in READS:
        walk.step(check)


def _write(walk: Walk) -> None:
    given = dict(walk.words)
    _read(walk)  # also for what is said of things that do not exist, and of empty lists
    walk.words = given
    if not walk.report.with_verdict("answers"):
        return
    ledger = Ledger(walk)
    try:
        for check in MAKES:
            ledger.make(check)
        _wait_for_file(walk)
        for check in CHANGES:
            walk.step(check)
        if "createUpload" in walk.report.operations:
            _upload(walk, ledger)
        Running(walk, ledger).all()
        _read(walk)
        for check in REMOVES:
            walk.step(check)
    except KeyboardInterrupt:
        walk.report.interrupted = True
    finally:
        ledger.clear()


def _wait_for_file(walk: Walk) -> None:
    """Until the vector store has taken its file in."""
    if not walk.has("store", "stored_file"):
        return
    poll = walk.method("vector_stores.files.poll")
    place = {"file_id": walk.words["stored_file"], "vector_store_id": walk.words["store"]}
    try:
        file = walk.attempt(lambda: poll(**place, max_wait_seconds=walk.timeout, deadline=walk.timeout))
    except OpenAIError as error:
        said = one_line(str(error))
    else:
        said = "" if file.status == "completed" else f"the file is {file.status}"
    walk.report.uses.append(Use("take a file into a vector store", not said, said))


def _upload(walk: Walk, ledger: Ledger) -> None:
    """A file in parts, and one that is given up."""
    upload = ledger.make(CREATE_UPLOAD)
    if walk.step(CANCEL_UPLOAD) is not None and upload is not None:
        ledger.forget(upload.id)
    if upload is not None:
        walk.forget("upload")
        ledger.make(CREATE_UPLOAD)
    walk.step(ADD_PART)
    ledger.doubt("file", "deleteFile")
    upload_id = walk.words.get("upload", "")
    completed = walk.step(COMPLETE)
    if completed is not None:
        ledger.forget(upload_id)
        file_id: object = getattr(completed.file, "id", None)
        if isinstance(file_id, str) and file_id:
            ledger.add("file", file_id, "deleteFile")
    ledger.settle("file")


def _explain(report: Report) -> None:
    """Why operations were not tried, and why none answered."""
    tried = [each for each in report.operations.values() if each.verdict != "not tried"]
    if tried and report.problem is None and not report.with_verdict("answers"):
        shown = next((each for each in tried if each.operation.startswith("list")), tried[0])
        report.problem = f"no operation answers; {shown.method} {shown.path}: {shown.said}"
    if report.problem is not None or report.interrupted:
        why = "the examination ended before"
    else:
        why = "what it needs could not be made" if report.write else "--write tries it"
    for each in report.with_verdict("not tried"):
        each.said = each.said or why
