"""What is mutated, and which tests have to notice. The one place to change when modules are cut differently."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""Of the checkout."""


@dataclass(frozen=True, slots=True)
class Target:
    """A module, or some of it."""

    module: str
    """Within `openai_assistants`."""
    tests: tuple[str, ...]
    """Files below `tests`; of these, the tests that go through a line are run for the mutants of that line."""
    only: tuple[str, ...] = ()
    """Functions, classes and constants of the module; none given: all of it."""
    flavours: str = "not trio"
    """Which of the tests, by their names, as `-k` of pytest has it: what does no I/O is the same in all flavours."""

    @property
    def path(self) -> Path:
        """The file."""
        path = ROOT.joinpath("src", "openai_assistants", *self.module.split("."))
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


_STREAMS = ("unit/test_recovery.py", "unit/test_streaming.py", "unit/test_handlers.py", "unit/test_odd_helpers.py")
_WHOLE_STREAMS = (*_STREAMS, "unit/test_low_level.py", "helpers/test_event_handlers.py", "helpers/test_resume.py")
_SNAPSHOTS = ("unit/test_assemble.py", "unit/test_growth.py", *_STREAMS)
_FLOW = "not trio and not asyncio"
_RUNS = (
    "server/test_states.py",
    "server/test_lifecycle.py",
    "server/test_runs.py",
    "server/test_turns.py",
    "server/test_engine.py",
    "server/test_run_events.py",
    "server/test_streams.py",
    "server/test_limits.py",
    "server/test_models.py",
    "server/test_durability.py",
    "server/test_holding.py",
    "server/test_code_interpreter.py",
    "server/test_file_search.py",
)

TARGETS = {
    "sse": Target("_sse", ("unit/test_sse.py", *_STREAMS), flavours=_FLOW),
    "retry": Target(
        "_http",
        ("unit/test_retry.py",),
        only=(
            "INITIAL_DELAY",
            "MAX_DELAY",
            "MAX_RETRY_AFTER",
            "RETRIED_STATUSES",
            "_NUMBER",
            "is_retried_status",
            "retry_after",
            "delay",
            "_number",
        ),
    ),
    "exchange": Target(
        "_exchange",
        (
            "unit/test_exchange.py",
            "unit/test_odd_answers.py",
            "unit/test_odd_arguments.py",
            "unit/test_odd_helpers.py",
            "unit/test_low_level.py",
            "unit/test_multipart.py",
            "unit/test_polling.py",
            "unit/test_toolbox.py",
            "helpers/test_lost_answers.py",
            "secrets/test_where_keys_go.py",
            "secrets/test_echoes.py",
            "faults/test_http_libraries.py",
        ),
        flavours=_FLOW,
    ),
    "pagination": Target(
        "_pagination", ("unit/test_pagination.py", "unit/test_listing.py", "unit/test_odd_answers.py")
    ),
    "polling": Target(
        "_polling",
        ("unit/test_polling.py", "unit/test_odd_arguments.py", "unit/test_odd_helpers.py"),
        only=(
            "DEFAULT_INTERVAL",
            "DEFAULT_WAIT",
            "INTERRUPTED_SECONDS",
            "LAST_LOOK_SECONDS",
            "LONGEST_WAIT",
            "GRACE",
            "SHOWN",
            "_HINT",
            "Wait",
            "Work",
            "status_of",
            "name_of",
            "wait_until_over",
            "first_look",
            "look_until_over",
            "_look",
            "_late",
            "has_status",
            "cancel_work",
            "WAITING_STATUSES",
            "POLL_ENDS_WITH",
            "start_and_poll",
            "poll_run",
            "_wait_for_run",
            "poll_until",
            "_run_until",
            "name_of_run",
            "UPLOADED_FILE",
            "wait_for_file",
        ),
        flavours=_FLOW,
    ),
    "events": Target(
        "_events",
        ("unit/test_stream_progress.py", "unit/test_odd_streams.py", *_WHOLE_STREAMS, "secrets/test_echoes.py"),
        flavours=_FLOW,
    ),
    "recovery": Target(
        "_recovery",
        (*_WHOLE_STREAMS, "helpers/test_lost_answers.py"),
        only=("Opened", "Ending", "Recovery", "_run_in", "RUN", "PAGE", "NOTHING_TO_RESUME"),
        flavours=_FLOW,
    ),
    "merge": Target("_merge", _SNAPSHOTS, flavours=_FLOW),
    "assembly": Target("_assemble", _SNAPSHOTS, flavours=_FLOW),
    "run states": Target(
        "server.runs",
        ("server/test_states.py", "server/test_runs.py"),
        only=("TRANSITIONS", "ACTIVE", "TERMINAL", "CANCELLABLE", "EXPIRABLE", "check_transition"),
    ),
    "run lifecycle": Target("server.runs.lifecycle", _RUNS),
    "run scribe": Target(
        "server.runs.turns", _RUNS, only=("_ASKED", "RunStopped", "_OpenMessage", "_OpenCalls", "Scribe")
    ),
    "run engine": Target("server.runs.engine", _RUNS, only=("_QUEUE", "Engine", "_model_of", "_End", "_batches")),
}
