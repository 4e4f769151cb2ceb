"""What was made only to be looked at, and how it is got rid of, whatever happened meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeVar, cast

from openai_assistants import APIConnectionError, APIStatusError, NotFoundError, NotSupportedByServerError, OpenAIError

from .checks import CANCEL_RUN, UNDO, Check
from .judging import MAY_REFUSE, one_line, without_advice
from .states import State
from .walk import MAX_SILENT, Walk

T = TypeVar("T")

_LISTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "assistant": ("beta.assistants.list", "name"),
        "file": ("files.list", "filename"),
        "store": ("vector_stores.list", "name"),
    }
)
"""Where things can be found whose making was not confirmed, and which field has their mark."""
_WORDS: Final = MappingProxyType({"store": "vector store"})
_ARTICLES: Final = MappingProxyType({"assistant": "an", "upload": "an"})


@dataclass(frozen=True, slots=True)
class Made:
    """A thing at the server."""

    kind: str
    id: str
    undo: str
    """The operation that deletes it."""

    @property
    def name(self) -> str:
        """What to call it."""
        return f"{_WORDS.get(self.kind, self.kind)} {self.id}"


class Ledger:
    """What was made, in order."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._made: list[Made] = []
        self._doubtful: dict[str, tuple[str, bool]] = {}
        """Kinds of things that may have been made, the operations that delete them, and whether that will stay so."""
        self._runs: dict[str, str] = {}
        """Runs that may be active, with their threads."""

    def make(self, check: Check, **more: Any) -> Any:
        """Make something and remember it; None if that fails."""
        kind, undo = check.gives, check.undo
        if kind is None or undo is None:
            return self._walk.step(check, **more)
        self.doubt(kind, undo)
        value = self._walk.step(check, **more)
        if value is not None:
            self.add(kind, value.id, undo)
        self.settle(kind)
        return value

    def doubt(self, kind: str, undo: str) -> None:
        """Something is about to be made, and nothing may tell whether it was: Ctrl-C may come at any moment."""
        self._doubtful[kind] = (undo, kind in self._doubtful)

    def settle(self, kind: str) -> None:
        """It is known now, if the last step left no doubt."""
        undo, earlier = self._doubtful.pop(kind)
        if earlier or self._walk.is_doubtful:
            self._doubtful[kind] = (undo, True)

    def add(self, kind: str, id: str, undo: str) -> None:
        """Remember something that was made."""
        self._made.append(Made(kind, id, undo))

    def forget(self, id: str) -> None:
        """Something need not be deleted any more."""
        self._made = [made for made in self._made if made.id != id]

    def watch(self, state: State) -> None:
        """Remember whether a run is active."""
        if state.ended:
            self._runs.pop(state.id, None)
        else:
            self._runs[state.id] = state.thread_id

    def clear(self) -> None:
        """Delete everything; what cannot be deleted is reported. Ctrl-C ends this only if it was the second one."""
        report = self._walk.report
        left = [*self._made]
        try:
            self._in_spite_of_ctrl_c(self._cancel_runs)
            left += self._in_spite_of_ctrl_c(self._found)
            silent = 0
            while left and silent < MAX_SILENT:
                made = left[-1]
                problem = self._in_spite_of_ctrl_c(lambda: self._delete(made))  # noqa: B023 - called now
                silent = silent + 1 if isinstance(problem, APIConnectionError) else 0
                left.pop()
                if problem is not None:
                    report.left_behind.append(f"{made.name} ({without_advice(one_line(str(problem)))})")
        finally:
            report.left_behind += [f"{made.name} (not tried any more)" for made in reversed(left)]

    def _in_spite_of_ctrl_c(self, do: Callable[[], T]) -> T:
        try:
            return do()
        except KeyboardInterrupt:
            if self._walk.report.interrupted:
                raise
            self._walk.report.interrupted = True
            return do()

    def _cancel_runs(self) -> None:
        for run_id, thread_id in self._runs.items():
            with suppress(OpenAIError):
                self._call(CANCEL_RUN, run_id=run_id, thread_id=thread_id)

    def _found(self) -> list[Made]:
        """Things whose making was not confirmed: they bear a mark that nothing else has. The others are reported."""
        found: list[Made] = []
        doubts: list[str] = []
        known = {made.id for made in self._made}
        mark = self._walk.words["mark"]
        for kind, (undo, _) in self._doubtful.items():
            call, field = _LISTS.get(kind, ("", ""))
            newest = self._newest(call) if call else None
            if newest is None:
                name = f"{_ARTICLES.get(kind, 'a')} {_WORDS.get(kind, kind)}"
                doubts.append(f"perhaps {name}: nothing told whether it was made")
                continue
            ours = (each.id for each in newest if str(getattr(each, field, "")).startswith(mark))
            found += [Made(kind, id, undo) for id in ours if id not in known]
        self._walk.report.left_behind += doubts
        return found

    def _newest(self, call: str) -> list[Any] | None:
        try:
            page = self._walk.method(call)(limit=20, deadline=self._walk.timeout)
        except OpenAIError:
            return None
        return cast("list[Any]", page.data)

    def _delete(self, made: Made) -> OpenAIError | None:
        """Delete something; what went wrong."""
        check = UNDO[made.undo]
        tried = self._walk.report.operations[made.undo]
        try:
            result = self._call(check, **{next(iter(check.arguments)): made.id})
        except NotSupportedByServerError as error:
            tried.note("missing", without_advice(one_line(str(error))))
            return error
        except NotFoundError:
            return None  # it went with something else
        except OpenAIError as error:
            if check.may_be_late and isinstance(error, APIStatusError) and error.status_code in MAY_REFUSE:
                return None
            tried.note("fails", one_line(str(error)))
            return error
        record = getattr(result, "response_record", None)
        tried.note("answers", str(record.status_code) if record is not None else "200")
        return None

    def _call(self, check: Check, **arguments: Any) -> Any:
        return self._walk.method(check.call)(**arguments, deadline=self._walk.timeout)
