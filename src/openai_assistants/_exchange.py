"""One call from request to answer: building it, repeating failed attempts, raising what cannot be mended. No I/O."""

from __future__ import annotations

import json
import math
import os
import re
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Mapping, TypeVar, cast

from ._answers import answer_in, missing_id, read_as, status_error, too_large
from ._basics import Omit, one_line, require_mapping, require_number
from ._errors import (
    ActiveRunError,
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    InternalServerError,
    OpenAIError,
    of_this_library,
)
from ._flow import Ask, DeadlinePassed, Flow, Read, Send, Sleep
from ._http import (
    CUT,
    before_sending,
    check_address,
    delay,
    failure_of,
    is_id,
    is_retried_status,
    origin,
    place_of,
)
from ._logs import Secret, log_answer, log_attempt, log_retry, quieten
from ._requests import CREATING, OPTION_NAMES, Core, Draft, plain, require_retries, require_timeout

if TYPE_CHECKING:
    import httpx

    from ._requests import Call, RequestOptions, Unnamed

__tracebackhide__ = of_this_library

T = TypeVar("T")

MAX_REDIRECTS = 20
_FOR_ANY_HOST = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "host",
        "transfer-encoding",
        "user-agent",
    }
)
"""Headers that say nothing of who sends them."""
UNNAMED = "openai_assistants_unnamed"
"""Under which name the extensions of a response hold what is known of the ids of its request."""
CHECKS = {
    **dict.fromkeys(("extra_headers", "extra_query", "extra_body"), require_mapping),
    "timeout": require_timeout,
    "max_retries": require_retries,
}
"""What refuses an option that is of a wrong type; the deadline is checked where it begins."""
DEEPEST = 10
"""How many exceptions, one because of the other, are looked at for a reason."""
NO_KEY = "none"
"""In the request of an exception, where no key was there."""
_LENGTH = re.compile(r"[0-9]{1,18}")
LARGE = 1_000_000
"""Bytes of a request; proxies seldom accept less unless they are told so."""
SHOWN = 500
"""Characters of an exception of the HTTP library."""


def fetch(core: Core, call: Call[T], options: RequestOptions, *ids: str) -> Flow[T]:
    """Carry out a call and read its answer. `ids` are the fields without which the caller cannot go on.

    Raises:
        APIResponseValidationError: The answer cannot be read, or one of `ids` is no id.
    """
    response = yield from exchange(core, call, options)
    value = read_as(response, call.into, call.operation, strict=core.strict)
    if call.operation.method == "POST":
        claim_answer(core, response, getattr(value, "id", None), value)
    for name in ids:
        if not is_id(getattr(value, name, None)):
            del value  # it may quote a secret
            raise missing_id(response, name)
    return cast("T", value)


def claim_answer(core: Core, response: httpx.Response, object_id: object, value: object = None) -> None:
    """Note the ids of what a POST has created, so that it is not taken for what another one has. `value`: the whole
    object, if it was read."""
    core.known.claim(object_id)
    request: Unnamed | None = response.extensions.get(UNNAMED)
    if request is not None and is_id(object_id):
        thread_id = None if value is None else getattr(value, "thread_id", object_id)
        core.known.end(request, named=True, thread_id=thread_id if is_id(thread_id) else None)


@dataclass(slots=True)
class _Effort:
    """A call over all its attempts."""

    lost_at: float | None
    """Moment of `time.monotonic()` at which the first request was sent that may have been carried out although no
    answer says so. From then on nothing is sent or raised before a look at the server."""
    failed: int = 0
    """How many attempts have failed."""
    refusal: APIError | None = None
    """Why it was refused before the thread was waited for."""


def exchange(
    core: Core, call: Call[Any], options: RequestOptions, *, stream: bool = False, lost_at: float | None = None
) -> Flow[httpx.Response]:
    """Carry out a call; returns a successful response, with its body read unless `stream`. `lost_at` is the moment at
    which the same request was sent before, if its outcome is unknown.

    Raises:
        OutcomeFound: A streamed call was carried out, but its answer was lost.
    """
    options, deadline = given(options), None
    if "deadline" in options:
        options = begun(options)
        deadline = deadline_of(options)
    effort = _Effort(lost_at)
    if call.on_active_run == "error":
        return (yield from _exchange(core, call, options, stream, deadline, effort))
    from ._reconcile import MAX_IN_VAIN, check_choice, clear_thread

    check_choice(call.on_active_run)
    call = replace(call, body=plain(call.body))
    in_vain = 0
    while True:
        try:
            return (yield from _exchange(core, call, options, stream, deadline, effort))
        except ActiveRunError as error:
            effort.refusal = error
            in_vain = 0 if (yield from clear_thread(core, call, error, options, deadline)) else in_vain + 1
            pause = (delay(in_vain, {}) or 0.0) if in_vain else 0.0
            if in_vain > MAX_IN_VAIN or (deadline is not None and time.monotonic() + pause >= deadline):
                raise
            if pause:
                yield Sleep(pause)


def _exchange(
    core: Core, call: Call[Any], options: RequestOptions, stream: bool, deadline: float | None, effort: _Effort
) -> Flow[httpx.Response]:
    max_retries = options.get("max_retries", core.max_retries)
    most = call.most
    with ExitStack() as stack:
        draft = Draft(core, call, options, stack, deadline)
        unnamed = None
        if call.operation.id in CREATING:
            unnamed = core.known.begin(call.operation.id, call.path.get("thread_id"), draft.json_body)
        if unnamed is not None:
            stack.callback(core.known.forget, unnamed)
        look = partial(_look, core, call, draft, options, unnamed, effort)
        if effort.refusal is not None:
            found = yield from look(effort.refusal, repeatable=False)  # for it has another key
            if found is not None:
                return found
        attempt = 1
        while True:
            request = draft.request((yield from _api_key(core, draft, options)) if draft.trusted else "")
            log_attempt(request, attempt)
            sent = time.monotonic()
            headers: Mapping[str, str] = {}
            try:
                response = cast("httpx.Response", (yield Send(request, stream, deadline, draft.trusted, most)))
                response = yield from _follow(response, stream, deadline, draft.trusted, most)
                if response.is_success:
                    log_answer(response)
                    response.extensions["retries_taken"] = effort.failed
                    if unnamed is not None:
                        response.extensions[UNNAMED] = unnamed
                        core.known.end(unnamed, named=call.unstreamed is not None)  # an event will name it
                    if CUT in response.extensions:
                        raise too_large(response)
                    return response
                if stream:
                    yield Read(response, deadline)
                error, headers, repeat, lost = _refused(response, call)
            except DeadlinePassed:
                raise _too_late(request, options, f"in attempt {attempt} of {_place(request)}") from None
            except Exception as cause:
                kind = failure_of(cause)
                # An HTTP client stumbles with a UnicodeError over a cookie of the answer, or the host that it leads to.
                if kind is None and not isinstance(cause, UnicodeError):
                    raise
                refusal = answer_in(cause)
                if refusal is not None:
                    error, headers, repeat, lost = _refused(refusal, call)
                else:
                    error, repeat, lost = connection_error(cause, request), kind != "request", not before_sending(cause)
                error.__cause__ = cause
            effort.failed += 1
            seconds = delay(attempt, headers) if repeat and attempt <= max_retries and draft.repeatable else None
            if deadline is not None and time.monotonic() + (seconds or 0.0) >= deadline:
                raise error
            if seconds is not None:
                log_retry(request, error, seconds)
                yield Sleep(seconds)
            if lost and max_retries > 0 and effort.lost_at is None:
                effort.lost_at = sent
            found = yield from look(error, repeatable=seconds is not None)
            if found is not None:
                return found
            if seconds is None:
                raise error
            attempt += 1


def _refused(response: httpx.Response, call: Call[Any]) -> tuple[APIError, Mapping[str, str], bool, bool]:
    """The exception for an answer that is no success, its headers as errors show them, whether to repeat the request,
    and whether its outcome is unknown."""
    log_answer(response)
    error = status_error(response, call.operation)
    headers = error.response.headers
    return error, headers, is_retried_status(response.status_code, headers), isinstance(error, InternalServerError)


class OutcomeFound(Exception):
    """A streamed call was carried out although its answer was lost: `response` has the object that says so."""

    def __init__(self, response: httpx.Response, error: APIError) -> None:
        self.response = response
        self.error = error


def _look(
    core: Core,
    call: Call[Any],
    draft: Draft,
    options: RequestOptions,
    unnamed: Unnamed | None,
    effort: _Effort,
    error: APIError,
    *,
    repeatable: bool,
) -> Flow[httpx.Response | None]:
    """Look what became of a POST whose outcome is unknown, before it is repeated or `error` is raised; None if it was
    not carried out, as far as can be seen, or if its outcome is known.

    Raises:
        OutcomeFound: A streamed call was carried out.
        APIError: `error`, if that cannot be found out: then nothing may be repeated.
    """
    if effort.lost_at is None:
        return None
    from . import _reconcile

    if not _reconcile.can_be_found(call):
        return None
    if repeatable and isinstance(error, APIStatusError) and _reconcile.honours_keys(error.response.headers):
        return None
    body = json.loads(draft.json_body)
    lost = _reconcile.Lost(call, body, options_of_a_look(options), effort.lost_at, unnamed)
    try:
        found = yield from _reconcile.find_outcome(core, lost, repeatable=repeatable)
    except APIError as cause:
        raise error from cause
    if found is None:
        return None
    if unnamed is not None:
        core.known.end(unnamed, named=True)
    if call.unstreamed is not None:
        raise OutcomeFound(found, error)
    found.extensions["retries_taken"] = effort.failed
    return found


def options_of_a_look(options: RequestOptions) -> RequestOptions:
    """Options of further requests on behalf of a call: what was meant for its own request only is left out. They are
    within the call's deadline, if it has begun."""
    return cast("RequestOptions", {k: v for k, v in options.items() if k not in ("idempotency_key", "extra_body")})


def _api_key(core: Core, draft: Draft, options: RequestOptions) -> Flow[str]:
    """The key; a function that gives it is asked on each attempt."""
    if isinstance(core.api_key, str):
        return core.api_key
    try:
        asked = yield Ask(core.api_key, deadline_of(options))
    except DeadlinePassed:
        raise _too_late(draft.request(NO_KEY), options, "while the function passed as api_key was awaited") from None
    if isinstance(asked.value, str) and asked.value:
        return Secret(asked.value)
    kind = type(asked.value).__name__
    raise OpenAIError(f"The function passed as api_key must return the key as a string, not {kind}.")


def _follow(
    response: httpx.Response, stream: bool, deadline: float | None, trusted: bool, most: int | None
) -> Flow[httpx.Response]:
    """Follow redirects. What authenticates us goes to no other host."""
    for _ in range(MAX_REDIRECTS):
        following = response.next_request
        if following is None:
            return response
        quieten(following)
        if stream:
            yield Read(response, deadline)
        try:
            check_address(following.url)
        except ValueError as error:
            raise APIConnectionError(
                message=f"A redirect from {_place(response.request)} leads nowhere: {error}.", request=response.request
            ) from None
        if following.method != response.request.method:
            raise APIConnectionError(
                message=f"A redirect ({response.status_code}) from {_place(response.request)} leads to "
                f"{place_of(following.url)}, and would make a {following.method} of the {response.request.method}: it "
                "is not followed. Most often base_url is wrong: http for https, another host, or a slash too few or "
                "too many.",
                request=response.request,
            )
        if origin(following.url) != origin(response.request.url):
            if following.url.scheme != "https" and response.request.url.scheme == "https":
                raise APIConnectionError(
                    message=f"A redirect from {_place(response.request)} leads out of https, to {_place(following)}: "
                    "it is not followed.",
                    request=response.request,
                )
            trusted = False
            for name in [each for each in following.headers if each not in _FOR_ANY_HOST]:
                del following.headers[name]
        response = cast("httpx.Response", (yield Send(following, stream, deadline, trusted, most)))
    if stream:
        yield Read(response, deadline)
    raise APIConnectionError(
        message=f"More than {MAX_REDIRECTS} redirects from {_place(response.request)}.", request=response.request
    )


def given(options: RequestOptions) -> RequestOptions:
    """The options that were given: programs pass their own optional arguments on, as None or `omit`.

    Raises:
        TypeError: There is a keyword argument that is no option, most are misspelt; or an option is of a wrong type.
        ValueError: An option is out of its range.
    """
    unknown = options.keys() - OPTION_NAMES
    if unknown:
        names = ", ".join(sorted(unknown))
        raise TypeError(
            f"unexpected keyword argument: {names}. Request options are {', '.join(sorted(OPTION_NAMES))}; "
            "fields that this version does not know can be sent with extra_body or extra_query."
        )
    present = {
        name: value
        for name, value in options.items()
        if not isinstance(value, Omit) and (value is not None or name == "timeout")
    }
    for name in CHECKS.keys() & present.keys():
        CHECKS[name](name, present[name])
    return cast("RequestOptions", present)


class Begun(float):
    """A deadline in seconds that has begun to run."""

    def __new__(cls, seconds: float, moment: float) -> Begun:
        begun = super().__new__(cls, seconds)
        begun.moment = moment
        return begun

    moment: float
    """When it ends, by `time.monotonic()`."""


def deadline_of(options: RequestOptions) -> float | None:
    """The moment of `time.monotonic()` at which a call must have ended, by options as `given` returns them. It may be
    past already.

    Raises:
        TypeError: The deadline is no number.
        ValueError: It is NaN.
    """
    seconds = options.get("deadline")
    if seconds is None:
        return None
    if isinstance(seconds, Begun):
        return seconds.moment
    return time.monotonic() + require_number("deadline", seconds, "a number of seconds", least=-math.inf)


def begun(options: RequestOptions) -> RequestOptions:
    """Options of a call that makes several requests: the deadline is that of all of them together.

    Raises: as `given` and `deadline_of`.
    """
    options = given(options)
    moment = deadline_of(options)
    if moment is None:
        return options
    return {**options, "deadline": Begun(cast("float", options.get("deadline")), moment)}


def _too_late(request: httpx.Request, options: RequestOptions, when: str) -> APITimeoutError:
    seconds = options.get("deadline")
    return APITimeoutError(request, message=f"The deadline of {seconds:g} s passed {when}.")


def late_in_between(core: Core, call: Call[Any], options: RequestOptions, when: str) -> APITimeoutError:
    """The exception for a deadline that passed before `call` could be sent."""
    with ExitStack() as stack:
        return _too_late(Draft(core, call, {}, stack, None).request(NO_KEY), options, when)


def connection_error(cause: Exception, request: httpx.Request) -> APIConnectionError:
    """Our exception for one of the HTTP library."""
    place = _place(request)
    if failure_of(cause) == "timeout":
        return APITimeoutError(request, message=f"{reason_of(cause).capitalize()}: {place}.")
    message = f"No answer from {place}: {reason_of(cause)}.{_size_hint(cause, request)}"
    return APIConnectionError(message=message, request=request)


def _size_hint(cause: Exception, request: httpx.Request) -> str:
    """What is said of a large request that was on its way when its connection ended."""
    length = request.headers.get("content-length", "")
    size = int(length) if _LENGTH.fullmatch(length) else 0
    if before_sending(cause) or size < LARGE:
        return ""
    return (
        f" The connection ended at a request of {size / 1e6:.1f} MB: most often that is more than the server, or a "
        "proxy before it, accepts."
    )


def reason_of(cause: Exception) -> str:
    """What an exception of the HTTP library says, in a few words."""
    if failure_of(cause) == "timeout":
        phases = {"ConnectTimeout": "connecting", "PoolTimeout": "waiting for a free connection"}
        return f"timed out while {phases.get(type(cause).__name__, 'waiting for the answer')}"
    attempts = [f"[Errno {each.errno}] {os.strerror(each.errno)}" for each in _attempts_of(cause) if each.errno]
    said = ", ".join(dict.fromkeys(attempts)) or _said_by(cause)
    return one_line(said, SHOWN).rstrip(".") or type(cause).__name__


def _said_by(cause: BaseException, deepest: int = DEEPEST) -> str:
    """What an exception says, or the nearest that it comes of: those of the async libraries say nothing themselves of a
    refused certificate or a reset connection. Not what the program is handling just now: only httpcore's are known to
    have been raised because of their context."""
    inner = cause.__cause__ or (cause.__context__ if type(cause).__module__.startswith("httpcore") else None)
    return str(cause) or (_said_by(inner, deepest - 1) if inner is not None and deepest else "")


def _attempts_of(cause: BaseException) -> list[OSError]:
    """The errors of the attempts to connect, one for each address, of an exception that says only that all failed: the
    async libraries put an OSError without a number before them."""
    each: BaseException | None = cause
    for _ in range(DEEPEST):
        if each is None:
            break
        below = each.__cause__
        if isinstance(each, OSError) and each.errno is None and below is not None:
            found: list[BaseException] = [below]
            if isinstance(below, BaseExceptionGroup):
                found = list(cast("BaseExceptionGroup[BaseException]", below).exceptions)
            return [error for error in found if isinstance(error, OSError)]
        each = below or each.__context__
    return []


def _place(request: httpx.Request) -> str:
    return f"{request.method} {place_of(request.url)}"
