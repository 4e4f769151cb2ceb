"""Views of results: times as datetimes; and what a run says to those who take it for a stream."""

from __future__ import annotations

import inspect
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any, get_type_hints

import pytest

import openai_assistants.types
from openai_assistants import BaseModel
from openai_assistants._models import Timestamp, as_datetime, parser_for
from openai_assistants.types import Model
from openai_assistants.types.beta.threads import Run

from ..codegen.test_generated import modules_below

MOMENT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
RUN: dict[str, Any] = {
    "id": "run_1",
    "object": "thread.run",
    "created_at": 1_700_000_000,
    "thread_id": "thread_1",
    "assistant_id": "asst_1",
    "status": "queued",
    "required_action": None,
    "expires_at": 1_700_000_600,
    "model": "m",
    "instructions": "",
    "tools": [],
    "parallel_tool_calls": True,
}


def run(**changes: Any) -> Run:
    document = {name: value for name, value in {**RUN, **changes}.items() if value != "left out"}
    return parser_for(Run).parse(json.dumps(document).encode())[0]


# ---- times ----------------------------------------------------------------------------------------------------------


def test_a_time_as_datetime() -> None:
    one = run(completed_at=None)
    assert one.created_at == 1_700_000_000
    assert one.created_at_datetime == MOMENT
    assert one.created_at_datetime.utcoffset() == timedelta(0)
    assert one.expires_at_datetime == MOMENT + timedelta(minutes=10)
    assert one.completed_at_datetime is None
    assert one.started_at_datetime is None
    assert "created_at_datetime" not in one.to_dict()


def test_a_time_of_another_name() -> None:
    model = Model.model_validate({"id": "m", "object": "model", "created": 0, "owned_by": "x"})
    assert model.created_datetime == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_the_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert run().created_at_datetime == MOMENT
        assert run().created_at_datetime.hour == 22
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (1_700_000_000_000, MOMENT),
        (1_700_000_000.75, MOMENT),
        ("2023-11-14T22:13:20Z", MOMENT),
        ("yesterday", None),
        ("1700000000", None),
        (None, None),
        ("left out", None),
        (True, None),
        ([1], None),
        (10**30, None),
        (-(10**14), None),
        (1e300, None),
    ],
    ids=str,
)
def test_times_of_deviating_servers(sent: Any, shown: datetime | None) -> None:
    assert run(created_at=sent).created_at_datetime == shown
    assert run(started_at=sent).started_at_datetime == shown


@pytest.mark.parametrize(
    ("seconds", "year"),
    [(0, 1970), (-1, 1969), (-62_135_596_800, 1), (253_402_300_799, 9999), (0.5, 1970)],
)
def test_years_of_the_calendar(seconds: Any, year: int) -> None:
    converted = as_datetime(seconds)
    assert converted is not None
    assert converted.year == year


@pytest.mark.parametrize("value", [253_402_300_800, -62_135_596_801, 10**400, float("nan"), float("inf"), "5", b"5"])
def test_what_is_no_time(value: Any) -> None:
    assert as_datetime(value) is None


def test_an_extra_field_of_that_name_is_kept() -> None:
    one = run(created_at_datetime="of the server", created_on=5)
    assert one.created_at_datetime == MOMENT
    assert one.to_dict()["created_at_datetime"] == "of the server"
    assert (one.model_extra or {})["created_on"] == 5


def timestamps() -> list[tuple[type[BaseModel], str, bool]]:
    """Every field of every result that is a time, and whether it may be null."""
    found = []
    for module in modules_below("openai_assistants.types"):
        for cls in vars(module).values():
            if inspect.isclass(cls) and cls.__module__ == module.__name__ and issubclass(cls, BaseModel):
                for name, annotation in get_type_hints(cls, include_extras=True).items():
                    if annotation in (Timestamp, Timestamp | None):
                        found.append((cls, name, annotation == Timestamp | None))
    return found


def test_every_time_of_every_result_has_its_view() -> None:
    assert len(timestamps()) > 30
    for cls, name, may_be_null in timestamps():
        view = inspect.getattr_static(cls, f"{name}_datetime")
        assert isinstance(view, property)
        assert view.fset is None
        assert get_type_hints(view.fget)["return"] == (datetime | None if may_be_null else datetime)
        assert name in (view.__doc__ or "")
        assert getattr(cls.model_construct(**{name: 1_700_000_000}), f"{name}_datetime") == MOMENT


def test_there_is_no_view_without_its_time() -> None:
    views = {
        (cls.__name__, name)
        for module in modules_below(openai_assistants.types.__name__)
        for cls in vars(module).values()
        if inspect.isclass(cls) and issubclass(cls, BaseModel)
        for name, item in vars(cls).items()
        if isinstance(item, property) and name.endswith("_datetime")
    }
    assert views == {(cls.__name__, f"{name}_datetime") for cls, name, _ in timestamps()}


# ---- a run is no stream ---------------------------------------------------------------------------------------------


def test_iterating_over_a_run_says_what_is_missing() -> None:
    with pytest.raises(TypeError, match=r"stream=True.*to_dict"):
        for _ in run():  # type: ignore[misc]
            pass
    with pytest.raises(TypeError, match="stream=True"):
        list(run())  # type: ignore[call-overload]


@pytest.mark.anyio
async def test_iterating_over_a_run_with_async_for_says_what_is_missing() -> None:
    with pytest.raises(TypeError, match="stream=True"):
        async for _ in run():  # type: ignore[attr-defined]
            pass


def test_a_run_as_a_dict() -> None:
    one = run(newer={"a": 1}, keys="of the server")
    as_dict: dict[str, Any] = dict(one)  # type: ignore[call-overload]
    assert as_dict == {
        **{name: getattr(one, name) for name in Run.model_fields},
        "newer": {"a": 1},
        "keys": "of the server",
    }
    assert {**one} == as_dict  # type: ignore[dict-item]
    assert list(as_dict)[:2] == ["id", "object"]


def test_runs_do_what_other_results_do() -> None:
    one = run()
    assert one == run()
    assert one != run(status="completed")
    assert one.model_copy(update={"status": "failed"}).status == "failed"
    assert Run.model_validate(one.to_dict()) == one
    assert Run.model_validate(one, from_attributes=True) == one
    assert "run_1" in repr(one) and "run_1" in str(one)


def test_other_results_become_dicts_as_pydantic_does_it() -> None:
    model = Model.model_validate({"id": "m", "object": "model", "created": 0, "owned_by": "x", "newer": 1})
    assert dict(model) == {"id": "m", "object": "model", "created": 0, "owned_by": "x", "newer": 1}
