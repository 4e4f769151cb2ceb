"""Finds a marked text in everything that a program could show, log, store or send on."""

from __future__ import annotations

import copy
import logging
import pickle
import traceback
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

MARK = "mArKeD0123456789"
"""Part of every secret."""

HERE = str(Path(__file__).parents[1])
_DEPTH = 8


class Records(logging.Handler):
    """Keeps every record, at every level of every logger."""

    def __init__(self) -> None:
        super().__init__(0)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def texts(self) -> Iterator[tuple[str, str]]:
        formatter = logging.Formatter("%(name)s %(levelname)s %(message)s")
        for record in list(self.records):
            yield f"log of {record.name}", formatter.format(record)
            yield f"log of {record.name}, its arguments", repr(record.args)


@contextmanager
def listening() -> Iterator[Records]:
    """Listen to all loggers, with everything that they have to say, and to warnings."""
    records, root = Records(), logging.getLogger()
    names = ("httpx", "httpcore", "openai_assistants", "openai_assistants.server", "asyncio", "uvicorn.error")
    loggers = [root, *(logging.getLogger(name) for name in names)]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(1)
    root.addHandler(records)
    try:
        yield records
    finally:
        root.removeHandler(records)
        for each, level in zip(loggers, levels, strict=True):
            each.setLevel(level)


def chain(error: BaseException) -> list[BaseException]:
    """An exception and those that are shown with it."""
    found: list[BaseException] = []
    todo: list[BaseException | None] = [error]
    while todo:
        each = todo.pop()
        if each is not None and each not in found:
            found.append(each)
            todo += [each.__cause__, None if each.__suppress_context__ else each.__context__]
    return found


def texts(value: Any, name: str = "", depth: int = 0, seen: set[int] | None = None) -> Iterator[tuple[str, str]]:
    """Every text in a value, each with how one gets there."""
    seen = set() if seen is None else seen
    if id(value) in seen or depth > _DEPTH:
        return
    seen.add(id(value))
    if isinstance(value, (str, int, float, type(None))):
        yield name, str(value)
        return
    if isinstance(value, bytes):
        yield name, value.decode("latin-1")
        return
    yield f"repr({name})", repr(value)
    yield f"str({name})", str(value)
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(key, f"{name} keys", depth + 1, seen)
            yield from texts(item, f"{name}[{key!r}]", depth + 1, seen)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for index, item in enumerate(value):
            yield from texts(item, f"{name}[{index}]", depth + 1, seen)
    elif isinstance(value, httpx.Request):
        yield f"{name}.url", str(value.url)
        yield f"{name}.headers", str(value.headers.raw)
    elif isinstance(value, httpx.Response):
        yield f"{name}.headers", str(value.headers.raw)
        yield f"{name}.url", str(value.url)
        yield from texts(value.request, f"{name}.request", depth + 1, seen)
        yield from texts(value.next_request, f"{name}.next_request", depth + 1, seen)
        yield from texts(value.history, f"{name}.history", depth + 1, seen)
        if value.is_stream_consumed:
            with suppress(httpx.ResponseNotRead):
                yield f"{name}.text", value.text
    elif isinstance(value, BaseException):
        for attribute, item in vars(value).items():
            yield from texts(item, f"{name}.{attribute}", depth + 1, seen)
        yield from texts(value.args, f"{name}.args", depth + 1, seen)
    else:
        for attribute in (each for each in dir(value) if not each.startswith("_")):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    item = getattr(value, attribute)
                except Exception as error:
                    yield f"{name}.{attribute} raises", str(error)
                    continue
            if not callable(item):
                yield from texts(item, f"{name}.{attribute}", depth + 1, seen)


def traces(error: BaseException) -> Iterator[tuple[str, str]]:
    """An exception as it is printed, and the local variables of all frames but those of the tests."""
    for each in chain(error):
        told = traceback.TracebackException.from_exception(each, capture_locals=True)
        yield f"traceback of {type(each).__name__}", "".join(traceback.format_exception(each))
        for frame in told.stack:
            if not frame.filename.startswith(HERE):
                for name, shown in (frame.locals or {}).items():
                    yield f"local {name} in {frame.filename}:{frame.lineno} ({frame.name})", shown


def duplicates(value: Any) -> Iterator[tuple[str, str]]:
    """Pickles and copies of a value, of those that can be had."""
    for protocol in (0, 5):
        try:
            pickled = pickle.dumps(value, protocol)
        except Exception as error:
            yield "why it cannot be pickled", str(error)
            continue
        yield f"pickle {protocol}", pickled.decode("latin-1")
        yield from texts(pickle.loads(pickled), "unpickled")
    for duplicate in (copy.copy, copy.deepcopy):
        try:
            made = duplicate(value)
        except Exception as error:
            yield "why it cannot be copied", str(error)
        else:
            yield from texts(made, "copy")


def finds(value: Any) -> list[str]:
    """Where the mark shows in a value."""
    every = [*texts(value, type(value).__name__), *duplicates(value)]
    if isinstance(value, BaseException):
        every += traces(value)
        for cause in chain(value)[1:]:
            every += texts(cause, f"cause {type(cause).__name__}")
    return [f"{where}: {text[:300]}" for where, text in every if MARK in text]
