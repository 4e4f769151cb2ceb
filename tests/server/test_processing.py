"""Holding files and letting them fail, as tests of programs do it."""

from __future__ import annotations

import pytest

from openai_assistants.server import Gate, LocalServer, Processing, Treatment

from .support import Api, api_of, frozen, wait_for
from .test_vector_stores import counts, done, member, store_of


def put_in(api: Api, store_id: str, filename: str) -> str:
    file_id = api.file(filename=filename)
    api.post(f"/vector_stores/{store_id}/files", {"file_id": file_id})
    return file_id


def test_only_files_with_fitting_names_are_held(api: Api, server: LocalServer) -> None:
    gate = server.processing.hold("*.pdf")
    store_id = store_of(api)
    held, free = put_in(api, store_id, "a.pdf"), put_in(api, store_id, "a.txt")
    assert gate.reached.wait(10)
    assert done(api, store_id, free)["status"] == "completed"
    assert member(api, store_id, held)["status"] == "in_progress"
    gate.open()
    assert done(api, store_id, held)["status"] == "completed"
    assert done(api, store_id, put_in(api, store_id, "b.pdf"))["status"] == "completed"


def test_a_failure_for_so_many_files(api: Api, server: LocalServer) -> None:
    server.processing.fail("*.txt", code="server_error", message="Out of luck.", times=2)
    store_id = store_of(api)
    ids = [put_in(api, store_id, f"{number}.txt") for number in range(3)]
    ended = [done(api, store_id, file_id) for file_id in ids]
    assert sorted(file["status"] for file in ended) == ["completed", "failed", "failed"]
    errors = [file["last_error"] for file in ended if file["last_error"] is not None]
    assert errors == [{"code": "server_error", "message": "Out of luck."}] * 2
    assert server.processing.waiting == []


def test_a_file_gets_all_treatments_that_are_for_it(api: Api, server: LocalServer) -> None:
    gate = server.processing.hold()
    server.processing.fail("bad*")
    store_id = store_of(api)
    bad = put_in(api, store_id, "bad.txt")
    assert gate.reached.wait(10)
    assert member(api, store_id, bad)["status"] == "in_progress"
    gate.open()
    assert done(api, store_id, bad)["status"] == "failed"


def test_processing_that_takes_time_takes_it_by_the_servers_clock() -> None:
    with frozen(in_process=True) as server, api_of(server) as api:
        server.processing.add(Treatment("slow*", pause=60.0))
        store_id = store_of(api)
        slow, quick = put_in(api, store_id, "slow.txt"), put_in(api, store_id, "quick.txt")
        done(api, store_id, quick)
        server.clock.advance(59)
        assert member(api, store_id, slow)["status"] == "in_progress"
        wait_for(lambda: server.clock._sleepers, lambda sleepers: len(sleepers) >= 2)
        server.clock.advance(1)
        assert done(api, store_id, slow)["status"] == "completed"


def test_clear(api: Api, server: LocalServer) -> None:
    server.processing.fail(times=5)
    server.processing.hold()
    assert len(server.processing.waiting) == 1
    server.processing.clear()
    assert server.processing.waiting == []
    store_id = store_of(api, api.file())
    assert api.get(f"/vector_stores/{store_id}")["file_counts"] == counts(completed=1)


def test_a_server_stops_while_files_are_held() -> None:
    gate = Gate()
    server = LocalServer(in_process=True)
    server.processing.add(Treatment(pause=gate))
    with server, api_of(server) as api:
        put_in(api, store_of(api), "a.txt")
        assert gate.reached.wait(10)


@pytest.mark.parametrize("wrong", [{}, {"fail": "invalid_file", "times": 0}, {"pause": 1.0, "times": -1}])
def test_treatments_that_make_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"a treatment needs|times must be"):
        Treatment(**wrong)  # type: ignore[arg-type]


def test_which_treatments_a_file_gets() -> None:
    processing = Processing()
    everything, texts = Treatment(fail="invalid_file"), Treatment("*.txt", pause=1.0, times=1)
    early = Treatment(status="validating", pause=2.0)
    processing.add(everything, texts, early)
    assert processing.take("a.txt", "in_progress") == [everything, texts]
    assert processing.take("b.txt", "in_progress") == [everything]
    assert processing.take("b.txt", "validating") == [everything, early]
    assert processing.waiting == []
