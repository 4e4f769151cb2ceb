"""Making the calls: one after the other, each in bounded time, none of which ends the walk by failing.

What was made only to be looked at is remembered, and got rid of, whatever happened meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeGuard, TypeVar, cast

from openai_assistants import (
    APIConnectionError,
    APIError,
    APIStatusError,
    AuthenticationError,
    BaseModel,
    InternalServerError,
    NotFoundError,
    NotSupportedByServerError,
    OpenAIError,
    PermissionDeniedError,
)
from openai_assistants._http import NO_HINT, before_sending, hint_for_missing_endpoint
from openai_assistants._pagination import SyncCursorPage, SyncPage
from openai_assistants._reconcile import honours_keys

from .checks import CALLS, CANCEL_RUN, NEVER, UNDO, Check, Report, Tried, Version, call_in, filled, operations
from .judging import (
    MAY_REFUSE,
    Listed,
    of_deviations,
    of_error,
    of_id,
    of_list,
    of_too_much,
    of_unknown,
    one_line,
    without_advice,
)

if TYPE_CHECKING:
    from openai_assistants import Deviation, OpenAI

T = TypeVar("T")

MAX_SILENT = 3
"""How many calls in a row may stay without any answer."""
MAX_REFUSED = 3
"""How many calls may be refused for their key before any is answered."""
PATIENCE = 12
"""How many times the limit of a call the whole walk may take."""
NO_PATH = "/openai-assistants-doctor-asks-for-what-does-not-exist"

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


class GiveUp(Exception):
    """There is no use in going on; the message says why."""


class Walk:
    """What is known on the way."""

    def __init__(self, client: OpenAI, report: Report, *, version: Version, timeout: float, words: Mapping[str, str]):
        self.client = client
        self.report = report
        self.version: Version = version
        self.timeout = timeout
        self.words = dict(words)
        """What is filled in for `$names`: ids as they are found, and what was given on the command line."""
        self.own = {"model", "mark"}
        """Names of what was made for this, or given for it. Nothing else is ever changed, or its contents read."""
        self.is_doubtful = False
        """Whether the server may have done the last step although nothing says so."""
        self._absent: bytes | None = None
        self._silent = 0
        self._refused = 0
        self._answered = False
        self._deadline = time.monotonic() + PATIENCE * timeout
        for operation, (_, request) in operations(version).items():
            call = call_in(version, CALLS[operation])
            why = NEVER.get(operation, "")
            report.operations[operation] = Tried(operation, request.method, request.path, call, said=why)

    def begin(self) -> None:
        """Learn what this server says of a path that cannot exist."""
        try:
            self.client.get(NO_PATH, deadline=self.timeout)
        except OpenAIError as error:
            response = getattr(error, "response", None)
            self._absent = response.content if response is not None else None
            self._heed(error)
        else:
            self._answered = True

    def step(self, check: Check, **more: Any) -> Any:
        """Make a call; what it gives, None if it fails or cannot be made here."""
        if check.operation not in self.report.operations:
            return None
        unknown: set[str] = set()
        words = self.words
        if check.of_ours_only or self.report.operations[check.operation].method != "GET":
            words = {name: word for name, word in words.items() if name in self.own}
        arguments = filled({**check.arguments, **more}, words, unknown)
        method = self.method(check.call)
        self.is_doubtful = True
        try:
            value = self.attempt(lambda: method(**arguments, deadline=self.timeout))
        except OpenAIError as error:
            cause = error.__cause__
            self.is_doubtful = isinstance(error, InternalServerError) or (
                isinstance(error, APIConnectionError) and (cause is None or not before_sending(cause))
            )
            self._failed(check, error, unknown_id=bool(unknown))
            return None
        self.is_doubtful = False
        if unknown - {"listed_model"}:  # some servers take any name of a model
            self.report.operations[check.operation].note("fails", "a good answer for an unknown id")
            self.report.add(of_too_much(check.operation))
            return None
        return self._answers(check, value, arguments)

    def method(self, call: str) -> Callable[..., Any]:
        """A method of the client."""
        method: Any = self.client
        for name in call_in(self.version, call).split("."):
            method = getattr(method, name)
        return cast("Callable[..., Any]", method)

    def attempt(self, call: Callable[[], T]) -> T:
        """Make a call.

        Raises:
            GiveUp: There is no use in going on.
            OpenAIError: It failed.
        """
        if time.monotonic() > self._deadline:
            raise GiveUp(f"this took longer than {PATIENCE * self.timeout:g} s in all; --timeout allows for more")
        try:
            value = call()
        except OpenAIError as error:
            self._heed(error)
            raise
        except Exception as error:  # an answer that nobody has thought of ends the call, not the walk
            raise OpenAIError(f"the answer cannot be used: {type(error).__name__}: {error}") from error
        self._silent, self._answered = 0, True
        return value

    def has(self, *names: str) -> bool:
        """Whether such things were made."""
        return self.own.issuperset(names)

    # ---- what calls say ----

    def _heed(self, error: OpenAIError) -> None:
        """See whether the walk can go on after an error."""
        if isinstance(error, APIConnectionError):
            self._silent += 1
            cause = error.__cause__
            if not self._answered and cause is not None and before_sending(cause):
                raise GiveUp(one_line(str(error)).replace(NO_PATH, "")) from None
            if self._silent >= MAX_SILENT:
                raise GiveUp(f"{MAX_SILENT} calls in a row had no answer; the last: {one_line(str(error))}") from None
            return
        self._silent = 0
        if isinstance(error, (AuthenticationError, PermissionDeniedError)) and not self._answered:
            self._refused += 1
            if self._refused >= MAX_REFUSED:
                raise GiveUp(
                    "the server wants another key: set OPENAI_API_KEY, or name a file with --api-key-file "
                    f"({one_line(str(error))})"
                ) from None

    def _failed(self, check: Check, error: OpenAIError, *, unknown_id: bool) -> None:
        judgement = of_error(
            check.operation, error, unknown_id=unknown_id, may_be_late=check.may_be_late, absent=self._absent
        )
        self.report.operations[check.operation].note(judgement.verdict, judgement.said)
        for finding in judgement.findings:
            self.report.add(finding)
        if judgement.verdict == "answers":
            self._answered = True
        if judgement.verdict == "missing" and isinstance(error, APIError):
            hint = hint_for_missing_endpoint(error.request)
            if hint != NO_HINT:
                self.report.remark(hint.removeprefix(". "))

    def _answers(self, check: Check, value: Any, arguments: Mapping[str, Any]) -> Any:
        """See what a good answer says; returns it, or None if it is of no use."""
        tried = self.report.operations[check.operation]
        record = getattr(value, "response_record", None)
        deviations: tuple[Deviation, ...] = getattr(value, "deviations", ())
        looked_at, path = (value.data, "data") if _is_list(value) else (value, "")
        unknown = of_unknown(check.operation, looked_at, path)
        for finding in (*of_deviations(check.operation, deviations), *unknown):
            self.report.add(finding)
        if _is_list(value) and any(each.path == "data" for each in deviations):
            tried.note("fails", "an object without a list")
            return None
        given = _id_of(value)
        if given is None and tried.method != "DELETE" and _should_have_id(value):
            tried.note("fails", "an object without an id")
            self.is_doubtful = tried.method == "POST"
            return None
        tried.note("answers", str(record.status_code if record is not None else 200))
        if record is not None and check.operation.startswith(("create", "list")):
            self.heed_headers(record.headers)
        if _is_list(value):
            self._list(check, value, arguments)
        if check.gives is not None and given is not None:
            for finding in of_id(check.operation, check.gives, given):
                self.report.add(finding)
            self._keep(check.gives, given, made=tried.method == "POST")
        return value

    def _keep(self, name: str, id: str, *, made: bool) -> None:
        if not made:
            self.words.setdefault(name, id)
        elif name not in self.own:
            self.words[name] = id
            self.own.add(name)

    def forget(self, name: str) -> None:
        """Let the next thing of this name be another one."""
        self.words.pop(name, None)
        self.own.discard(name)

    def heed_headers(self, headers: Mapping[str, str]) -> None:
        """See what the server supports."""
        if not honours_keys(headers):
            self.report.remark(
                "The server does not know Idempotency-Key: a lost answer to a POST is looked for, where that is "
                "possible, and streams that go on (resume=True) are put together from the run, not sent again."
            )

    def _list(self, check: Check, page: SyncPage[Any], arguments: Mapping[str, Any]) -> None:
        following: list[str] | None = None
        failure: str | None = None
        if isinstance(page, SyncCursorPage) and page.has_next_page():
            try:
                following = self.attempt(page.get_next_page).ids()
            except OpenAIError as error:
                failure = one_line(str(error))
        listed = Listed(
            document=page.to_dict(),
            ids=page.ids(),
            whole=not isinstance(page, SyncCursorPage),
            bare=any(not each.path for each in page.deviations),
            following=following,
            failure=failure,
        )
        for finding in of_list(check.operation, listed, arguments.get("limit")):
            self.report.add(finding)


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

    def watch(self, run_id: str, thread_id: str, *, ended: bool) -> None:
        """Remember whether a run is active."""
        if ended:
            self._runs.pop(run_id, None)
        else:
            self._runs[run_id] = thread_id

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


def _is_list(value: object) -> TypeGuard[SyncPage[Any]]:
    return isinstance(value, SyncPage)


def _should_have_id(value: object) -> bool:
    return isinstance(value, BaseModel) and "id" in type(value).model_fields


def _id_of(value: Any) -> str | None:
    """The id of an object, or of the first one of a list."""
    if _is_list(value):
        value = value.data[0] if value.data else None
    found: object = getattr(value, "id", None)
    return found if isinstance(found, str) and found else None
