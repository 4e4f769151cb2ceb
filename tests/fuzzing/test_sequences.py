"""Random sequences of operations with real ids: never a server error, every answer and event fits its schema, and what
the server tells about its objects stays consistent."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from openai_assistants.server import Call, Fail, LocalServer, Script, Turn
from openai_assistants.server.v1.views import MADE_HERE
from tests.server.support import BETA, BETA_V1, LOOKUP, Api, wait_for
from tests.soak import count

ENDED = {"completed", "failed", "cancelled", "incomplete", "expired"}
LOOKUP_V1: dict[str, Any] = {
    "type": "function",
    "function": {name: LOOKUP["function"][name] for name in ("name", "description", "parameters")},
}
NEXT = {
    "queued": {"in_progress", "cancelling", "failed", "expired"},
    "in_progress": {"requires_action", "completed", "failed", "incomplete", "cancelling", "expired"},
    "requires_action": {"queued", "cancelling", "expired"},
    "cancelling": {"cancelled"},
}
MODELS = ("offline", "calling", "failing", "slow", "endless")
CALLS = Turn(calls=[Call("lookup", {"query": "a"}), Call("lookup", {"query": "b"})])
SCRIPTS = (
    Script((CALLS, Turn("Found."), Turn("Never.")), model="calling", times=None),
    Script((Turn("It beg", fail=Fail()),), model="failing", times=None),
    Script((Turn(deltas=["Well", 600.0, "."]),), model="slow", times=None),
    Script((Turn("word " * 2000),), model="endless", times=None),
)


def reachable(status: str) -> set[str]:
    """The statuses that a run may have later, this one included."""
    found, new = {status}, {status}
    while new := {each for now in new for each in NEXT.get(now, ())} - found:
        found |= new
    return found


class Walk:
    """One server, and a random walk over its operations. The same seed makes the same requests, as far as the server
    answers the same."""

    def __init__(self, seed: int, server: LocalServer) -> None:
        self.random = random.Random(seed)
        self.server = server
        self.api = Api(server.http_client(headers=BETA))
        self.older = Api(server.http_client(headers=BETA_V1))
        self.log: list[str] = []
        self.alive: dict[str, set[str]] = {kind: set() for kind in ("assistants", "files", "vector_stores", "batches")}
        self.deleted: set[str] = set()
        self.statuses: dict[tuple[str, str], str] = {}
        self.ended: dict[str, Any] = {}
        self.touched: str | None = None
        # What has been made, whether it is still there or not.
        self.assistants: list[str] = []
        self.threads: list[str] = []
        self.runs: list[tuple[str, str]] = []
        self.files: list[str] = []
        self.stores: list[str] = []
        self.file_batches: list[str] = []
        self.uploads: list[tuple[str, list[str]]] = []
        self.batches: list[str] = []

    def step(self) -> None:
        """Do something, then look at the thread that it was about."""
        weights = [weight for _, weight in STEPS]
        ((action, _),) = self.random.choices(STEPS, weights)
        getattr(self, action)()
        thread, self.touched = self.touched, None
        if thread is not None and thread not in self.deleted:
            self.look_at_thread(thread)

    def one(self, pool: list[Any]) -> Any:
        """Something from a pool, more often a new one."""
        return self.random.choice(pool[-3:] if self.random.random() < 0.7 else pool)

    def some(self, pool: list[Any], most: int) -> list[Any]:
        """Several from a pool."""
        return [self.one(pool) for _ in range(self.random.randint(0, most))]

    def chance(self, part: float = 0.5) -> bool:
        """Whether."""
        return self.random.random() < part

    def send(self, method: str, path: str, *, older: bool = False, **options: Any) -> Any:
        """The answer, or None if it was refused; a server error is always wrong. `older`: of version 1."""
        response = (self.older if older else self.api).send(method, path, **options)
        version = "v1 " if older else ""
        about = options.get("json") or options.get("params") or ""
        self.log.append(f"{response.status_code} {version}{method} {path} {about}")
        assert response.status_code in (200, 400, 404), response.text
        gone = [part for part in path.split("/") if part in self.deleted]
        assert not gone or response.status_code != 200, (path, response.text)
        return response.json() if response.status_code == 200 else None

    def create(self, kind: str, pool: list[str], body: Any) -> None:
        """A new object, whose id is kept; nothing if it was refused."""
        made = self.send("POST", f"/{kind}", json=body)
        if made is not None:
            self.alive[kind].add(made["id"])
            pool.append(made["id"])

    def delete(self, kind: str, object_id: str) -> None:
        """Delete an object once or again."""
        answer = self.send("DELETE", f"/{kind}/{object_id}")
        assert (answer is not None) == (object_id in self.alive[kind])
        self.alive[kind].discard(object_id)
        self.deleted.add(object_id)

    # Assistants and threads.

    def create_assistant(self, model: str | None = None) -> None:
        model = model or self.random.choice(MODELS)
        offered = [LOOKUP, {"type": "file_search"}] if model == "calling" or self.chance() else []
        stores = [self.one(self.stores)] if self.stores and self.chance(0.3) else []
        resources = {"file_search": {"vector_store_ids": stores}} if stores else None
        body = {"model": model, "tools": offered, "tool_resources": resources, "metadata": {"a": "b"}}
        self.create("assistants", self.assistants, body)

    def update_assistant(self) -> None:
        body = {"model": self.random.choice(MODELS), "tools": [LOOKUP]}
        changed = self.send("POST", f"/assistants/{self.one(self.assistants)}", json=body)
        assert changed is None or changed["model"] == body["model"]

    def delete_assistant(self) -> None:
        self.delete("assistants", self.one(self.assistants))

    def create_thread(self, texts: int | None = None) -> None:
        file = self.one(self.files) if self.files and self.chance(0.3) else None
        attached = {"attachments": [{"file_id": file, "tools": [{"type": "file_search"}]}]} if file else {}
        number = self.random.randint(0, 2) if texts is None else texts
        messages = [{"role": "user", "content": f"Look up thing {n}.", **attached} for n in range(number)]
        thread = self.send("POST", "/threads", json={"messages": messages})
        if thread is not None:
            self.threads.append(thread["id"])
            for store in thread["tool_resources"].get("file_search", {}).get("vector_store_ids", ()):
                self.alive["vector_stores"].add(store)  # made for the attachments
                self.stores.append(store)

    def delete_thread(self) -> None:
        thread = self.one(self.threads)
        self.send("DELETE", f"/threads/{thread}")
        self.deleted.add(thread)

    def add_message(self) -> None:
        thread, text = self.one(self.threads), self.random.choice(["Hello.", "Look it up.", "\u0000", "ü" * 3000])
        before = self.active(thread)
        made = self.send("POST", f"/threads/{thread}/messages", json={"role": "user", "content": text})
        if before and not self.may_have_ended(before[0]):
            assert made is None
        self.touched = thread

    def delete_message(self) -> None:
        thread, order = self.one(self.threads), self.random.choice(["asc", "desc"])
        page = self.send("GET", f"/threads/{thread}/messages", params={"order": order})
        if page and page["data"]:
            message = page["data"][0]["id"]
            self.send("POST", f"/threads/{thread}/messages/{message}", json={"metadata": {"a": "b"}})
            self.send("DELETE", f"/threads/{thread}/messages/{message}")
            assert self.send("GET", f"/threads/{thread}/messages/{message}") is None
            # A cursor that is gone still has its place.
            assert self.send("GET", f"/threads/{thread}/messages", params={"after": message}) is not None

    # Runs.

    def create_run(self) -> None:
        thread, assistant = self.one(self.threads), self.one(self.assistants)
        before = self.active(thread)
        body = {"assistant_id": assistant, "max_completion_tokens": 300}
        run = self.send("POST", f"/threads/{thread}/runs", json=body)
        self.touched = thread
        if run is not None:
            assert not before or self.may_have_ended(before[0])
            self.runs.append((thread, run["id"]))
            if self.chance() and run["model"] != "slow":
                self.api.run_in(run, "requires_action", *ENDED)

    def stream_run(self) -> None:
        thread, assistant = self.one(self.threads), self.one(self.assistants)
        known = self.send("GET", f"/assistants/{assistant}")
        if known is not None and known["model"] != "slow" and thread not in self.deleted and not self.active(thread):
            self.runs.append(self.follow(f"/threads/{thread}/runs", {"assistant_id": assistant}, thread))

    def follow(self, path: str, body: Any, thread: str) -> tuple[str, str]:
        """Stream a run and look at the order of its events."""
        events = self.api.stream(path, body)
        self.log.append(f"200 POST {path} streamed")
        assert events[-1].name == "done"
        ended = events[-2]
        assert ended.name == f"thread.run.{ended.data['status']}"
        assert ended.data["status"] in ENDED | {"requires_action"}
        stored = self.send("GET", f"/threads/{thread}/runs/{ended.data['id']}")
        assert stored == ended.data
        self.touched = thread
        return (thread, ended.data["id"])

    def submit(self) -> None:
        waiting = [run for run in self.runs if self.statuses.get(run) == "requires_action"]
        if not self.runs:
            return
        thread, run_id = self.one(waiting if waiting and self.chance(0.8) else self.runs)
        path, how = f"/threads/{thread}/runs/{run_id}", self.random.choice(["all", "all", "one", "other", "twice"])
        now = self.send("GET", path)
        if now is None:
            return
        asked = now["required_action"]["submit_tool_outputs"]["tool_calls"] if now["required_action"] else []
        outputs = [{"tool_call_id": call["id"], "output": "An answer."} for call in asked]
        other = {"tool_call_id": "call_x", "output": "x"}
        wrong = {"one": outputs[:-1], "other": [*outputs[1:], other], "twice": [*outputs, *outputs[:1]]}
        body = {"tool_outputs": wrong.get(how, outputs) or [other]}
        if how != "all" or now["status"] != "requires_action":
            assert self.send("POST", f"{path}/submit_tool_outputs", json=body) is None
        elif self.chance():
            self.follow(f"{path}/submit_tool_outputs", body, thread)
        else:
            assert self.send("POST", f"{path}/submit_tool_outputs", json=body)["status"] == "queued"
            if now["model"] != "slow":
                self.api.run_in(now, "requires_action", *ENDED)
        self.touched = thread

    def cancel_run(self) -> None:
        if self.runs:
            thread, run_id = self.one(self.runs)
            cancelled = self.send("POST", f"/threads/{thread}/runs/{run_id}/cancel", json={})
            if cancelled is not None:
                assert cancelled["status"] == "cancelling"
                assert self.api.run_in(cancelled, *ENDED)["status"] == "cancelled"
            self.touched = thread

    def update_run(self) -> None:
        if self.runs:
            thread, run_id = self.one(self.runs)
            body = {"metadata": {"k": self.random.choice(["", "v", "\u0000ü"])}}
            changed = self.send("POST", f"/threads/{thread}/runs/{run_id}", json=body)
            assert changed is None or changed["metadata"] == body["metadata"]
            if run_id in self.ended and changed is not None:
                self.ended[run_id] = changed

    def time_passes(self) -> None:
        self.server.clock.advance(self.random.choice([1, 601, 4000]))

    # The same through version 1.

    def older_tools(self) -> list[Any]:
        kinds = ("retrieval", "code_interpreter")
        return [{"type": kind} for kind in kinds if self.chance()] + ([LOOKUP_V1] if self.chance() else [])

    def create_older_assistant(self) -> None:
        body = {"model": self.random.choice(MODELS), "tools": self.older_tools(), "file_ids": self.some(self.files, 3)}
        made = self.send("POST", "/assistants", json=body, older=True)
        if made is not None:
            assert (made["tools"], set(made["file_ids"])) == (body["tools"], set(body["file_ids"]))
            self.alive["assistants"].add(made["id"])
            self.assistants.append(made["id"])

    def change_older_assistant(self) -> None:
        path = f"/assistants/{self.one(self.assistants)}"
        before = self.send("GET", path, older=True)
        body: Any = {"tools": self.older_tools()} if self.chance() else {}
        body |= {"file_ids": self.some(self.files, 3)} if self.chance() else {"name": "n"}
        changed = self.send("POST", path, json=body, older=True)
        if changed is not None:
            assert changed["tools"] == body.get("tools", before["tools"])
            assert set(changed["file_ids"]) == set(body.get("file_ids", before["file_ids"]))

    def attach_to_older_assistant(self) -> None:
        path, file = f"/assistants/{self.one(self.assistants)}", self.one(self.files)
        if self.send("POST", f"{path}/files", json={"file_id": file}, older=True) is not None:
            assert file in self.send("GET", path, older=True)["file_ids"]
            if self.chance() and self.send("DELETE", f"{path}/files/{file}", older=True) is not None:
                assert file not in self.send("GET", path, older=True)["file_ids"]
                assert self.send("GET", f"{path}/files/{file}", older=True) is None

    def delete_older_assistant(self) -> None:
        assistant = self.one(self.assistants)
        answer = self.send("DELETE", f"/assistants/{assistant}", older=True)
        assert (answer is not None) == (assistant in self.alive["assistants"])
        self.alive["assistants"].discard(assistant)
        self.deleted.add(assistant)

    def add_older_message(self) -> None:
        thread, files = self.one(self.threads), list(dict.fromkeys(self.some(self.files, 2)))
        body = {"role": "user", "content": "Look it up.", **({"file_ids": files} if files else {})}
        made = self.send("POST", f"/threads/{thread}/messages", json=body, older=True)
        if made is not None:
            assert made["file_ids"] == files
            path = f"/threads/{thread}/messages/{made['id']}/files"
            assert [each["id"] for each in self.everything(path, self.older)] == files
        self.touched = thread

    def stream_older_run(self) -> None:
        thread, assistant = self.one(self.threads), self.one(self.assistants)
        known = self.send("GET", f"/assistants/{assistant}", older=True)
        if known is not None and known["model"] != "slow" and thread not in self.deleted and not self.active(thread):
            tools = {"tools": [LOOKUP_V1, {"type": "retrieval"}]} if self.chance() else {}
            path, body = f"/threads/{thread}/runs", {"assistant_id": assistant, **tools}
            refused = self.older.send("POST", path, json=body | {"model": 1}).status_code
            assert refused == 400
            events = self.older.stream(path, body)
            self.log.append(f"200 v1 POST {path} {body} streamed")
            ended = events[-2].data
            assert ended == self.send("GET", f"{path}/{ended['id']}", older=True)
            assert ended["tools"] == (body.get("tools") or known["tools"])
            self.runs.append((thread, ended["id"]))
            self.touched = thread

    # Files, vector stores, uploads, batches.

    def create_file(self, batch: bool | None = None) -> None:
        line = {"custom_id": "1", "method": "POST", "url": "/v1/embeddings", "body": {"model": "m", "input": "x"}}
        batch = self.chance(0.3) if batch is None else batch
        content = b"The sky is blue. " + self.random.randbytes(self.random.randint(0, 9))
        data, purpose = (json.dumps(line).encode(), "batch") if batch else (content, "assistants")
        name = self.random.choice(["a.txt", "b.md", "c.bin", "d"])
        made = self.send("POST", "/files", files={"file": (name, data)}, data={"purpose": purpose})
        self.alive["files"].add(made["id"])
        self.files.append(made["id"])
        assert self.api.http.get(f"/files/{made['id']}/content").content == data

    def delete_file(self) -> None:
        self.delete("files", self.one(self.files))

    def create_store(self) -> None:
        put = list(dict.fromkeys(self.some(self.files, 2)))
        self.create("vector_stores", self.stores, {"name": "s", "file_ids": put})

    def delete_store(self) -> None:
        self.delete("vector_stores", self.one(self.stores))

    def put_into_store(self) -> None:
        path, file = f"/vector_stores/{self.one(self.stores)}/files", self.one(self.files)
        put = self.send("POST", path, json={"file_id": file, "attributes": {"n": 1, "kind": "x"}})
        if put is not None:
            if self.chance():
                done = wait_for(lambda: self.api.get(f"{path}/{file}"), lambda now: now["status"] != "in_progress")
                assert done["status"] in ("completed", "failed")
            self.send("POST", f"{path}/{file}", json={"attributes": {"n": 2.5}})
            self.send("GET", f"{path}/{file}/content")

    def take_out_of_store(self) -> None:
        path = f"/vector_stores/{self.one(self.stores)}/files/{self.one(self.files)}"
        self.send("DELETE", path)
        assert self.send("GET", path) is None

    def search(self) -> None:
        query = self.random.choice(["sky", 'blue "', "*", "a OR b", "\u0000", ["sky", "blue"]])
        number = {"key": "n", "type": "gte", "value": 2}
        filters = self.random.choice([{}, {"filters": number}, {"filters": {"type": "or", "filters": [number]}}])
        self.send("POST", f"/vector_stores/{self.one(self.stores)}/search", json={"query": query, **filters})

    def create_file_batch(self) -> None:
        path = f"/vector_stores/{self.one(self.stores)}/file_batches"
        made = self.send("POST", path, json={"file_ids": self.some(self.files, 3)})
        if made is not None:
            self.file_batches.append(f"{path}/{made['id']}")

    def end_file_batch(self) -> None:
        if self.file_batches:
            batch = self.one(self.file_batches)
            if self.chance():
                self.send("POST", f"{batch}/cancel", json={})
            if self.send("GET", batch) is not None:
                done = wait_for(
                    lambda: self.api.get(batch), lambda now: now["status"] not in ("in_progress", "cancelling")
                )
                counts = done["file_counts"]
                assert counts.pop("total") == sum(counts.values())
                assert counts["in_progress"] == 0
                self.send("GET", f"{batch}/files")

    def create_upload(self) -> None:
        size = self.random.randint(0, 6)
        body = {"bytes": size, "filename": "u", "mime_type": "text/plain", "purpose": "assistants"}
        self.uploads.append((self.send("POST", "/uploads", json=body)["id"], []))

    def add_part(self) -> None:
        if self.uploads:
            upload, parts = self.one(self.uploads)
            data = self.random.randbytes(self.random.randint(0, 4))
            part = self.send("POST", f"/uploads/{upload}/parts", files={"data": ("p", data)})
            if part is not None:
                parts.append(part["id"])

    def complete_upload(self) -> None:
        if self.uploads:
            upload, parts = self.one(self.uploads)
            part_ids = self.random.sample(parts, self.random.randint(0, len(parts)))
            done = self.send("POST", f"/uploads/{upload}/complete", json={"part_ids": part_ids})
            if done is not None:
                assert (done["status"], done["file"]["bytes"]) == ("completed", done["bytes"])
                self.alive["files"].add(done["file"]["id"])
                self.files.append(done["file"]["id"])

    def cancel_upload(self) -> None:
        if self.uploads:
            self.send("POST", f"/uploads/{self.one(self.uploads)[0]}/cancel", json={})

    def create_batch(self) -> None:
        body = {"input_file_id": self.one(self.files), "endpoint": "/v1/embeddings", "completion_window": "24h"}
        self.create("batches", self.batches, body)

    def end_batch(self) -> None:
        if self.batches:
            batch = self.one(self.batches)
            if self.chance():
                self.send("POST", f"/batches/{batch}/cancel", json={})
            self.wait_for_batch(batch)

    def wait_for_batch(self, batch: str) -> None:
        ends = ("completed", "failed", "cancelled", "expired")
        done = wait_for(lambda: self.api.get(f"/batches/{batch}"), lambda now: now["status"] in ends)
        counts = done["request_counts"]
        assert counts["completed"] + counts["failed"] <= counts["total"]
        made = {done[name] for name in ("output_file_id", "error_file_id") if done[name]}
        self.alive["files"] |= made - self.deleted

    # What must always hold.

    def look_at_thread(self, thread: str) -> None:
        """The runs of a thread, their steps and their messages."""
        runs = self.everything(f"/threads/{thread}/runs")
        assert sum(run["status"] not in ENDED for run in runs) <= 1
        for run in runs:
            self.look_at_run(thread, run)
        texts = self.everything(f"/threads/{thread}/messages")
        if self.chance(0.05):
            self.compare(f"/threads/{thread}/messages", texts)
            self.compare(f"/threads/{thread}/runs", runs)
        ended = {run["id"] for run in runs if run["status"] in ENDED}
        assert all(text["status"] != "in_progress" for text in texts if text["run_id"] in ended)

    def look_at_run(self, thread: str, run: Any) -> None:
        """One run: how it got where it is, and its steps."""
        key = (thread, run["id"])
        assert run["status"] in reachable(self.statuses.get(key, "queued"))
        self.statuses[key] = run["status"]
        assert (run["required_action"] is not None) == (run["status"] == "requires_action")
        assert (run["last_error"] is not None) == (run["status"] == "failed")
        assert (run["incomplete_details"] is not None) == (run["status"] == "incomplete")
        if run["status"] not in ENDED:
            return
        assert self.ended.setdefault(run["id"], run) == run, "a run changed after its end"
        steps = self.everything(f"/threads/{thread}/runs/{run['id']}/steps")
        assert all(step["status"] != "in_progress" for step in steps)
        for name, tokens in run["usage"].items():
            assert tokens == sum(step["usage"][name] for step in steps if step["usage"])

    def look_at_everything(self) -> None:
        """All lists hold all objects that are alive, and no other; counts add up."""
        for batch in self.everything("/batches"):
            self.wait_for_batch(batch["id"])
        for kind, alive in self.alive.items():
            if kind != "batches":
                found = [each for each in self.everything(f"/{kind}") if each.get("metadata") != MADE_HERE]
                assert {each["id"] for each in found} == alive, kind
        self.compare("/assistants", self.everything("/assistants"))
        for assistant in self.everything("/assistants", self.older):
            listed = self.everything(f"/assistants/{assistant['id']}/files", self.older)
            assert [each["id"] for each in listed] == assistant["file_ids"]
            assert self.alive["files"] >= set(assistant["file_ids"])
        for store in self.everything("/vector_stores"):
            wait_for(lambda: self.counted(store["id"]), bool)  # noqa: B023
        for thread in {thread for thread, _ in self.statuses} - self.deleted:
            self.look_at_thread(thread)

    def counted(self, store: str) -> bool:
        """Whether the counts of a store are those of its files, which may be in work."""
        files = self.everything(f"/vector_stores/{store}/files")
        counts = self.api.get(f"/vector_stores/{store}")["file_counts"]
        assert counts["total"] == sum(number for name, number in counts.items() if name != "total")
        found = {name: sum(file["status"] == name for file in files) for name in counts if name != "total"}
        return {**found, "total": len(files)} == counts

    def compare(self, path: str, newer: list[Any]) -> None:
        """What version 1 shows of objects that have ended is what version 2 says, as far as it has the same word."""
        older = self.everything(path, self.older)
        assert [each["id"] for each in older] == [each["id"] for each in newer]
        for one, other in zip(older, newer, strict=True):
            if one.get("status") == other.get("status"):
                same = one.keys() & other.keys() - {"tools", "content", "usage", "required_action"}
                assert {name: one[name] for name in same} == {name: other[name] for name in same}

    def everything(self, path: str, api: Api | None = None) -> list[Any]:
        """A whole list, by small pages; the same as by one large page, if nothing goes on meanwhile."""
        items: list[Any] = []
        query: dict[str, Any] = {"limit": 3, "order": "asc"}
        while True:
            page = (api or self.api).get(path, **query)
            items += page["data"]
            if not page["has_more"]:
                break
            query["after"] = page["last_id"]
        assert len({item["id"] for item in items}) == len(items)
        return items

    def active(self, thread: str) -> list[Any]:
        """The active runs of a thread: one or none."""
        page = self.send("GET", f"/threads/{thread}/runs", params={"limit": 100})
        return [run for run in page["data"] if run["status"] not in ENDED] if page else []

    def may_have_ended(self, run: Any) -> bool:
        """Whether a run that was active can have ended since."""
        return not (run["model"] == "slow" and run["status"] == "in_progress") and run["status"] != "requires_action"


STEPS = [
    *((name, 6) for name in ("create_run", "stream_run", "submit")),
    *((name, 3) for name in ("create_thread", "add_message", "create_file", "put_into_store", "create_upload")),
    *((name, 3) for name in ("create_file_batch", "end_file_batch", "create_batch", "add_part", "complete_upload")),
    *((name, 2) for name in ("create_assistant", "create_store", "cancel_run", "update_run", "search", "end_batch")),
    *((name, 1) for name in ("update_assistant", "delete_assistant", "delete_thread", "delete_message", "delete_file")),
    *((name, 2) for name in ("stream_older_run", "create_older_assistant", "add_older_message")),
    *((name, 2) for name in ("change_older_assistant", "attach_to_older_assistant")),
    ("delete_older_assistant", 1),
    *((name, 1) for name in ("delete_store", "take_out_of_store", "cancel_upload", "time_passes")),
]


@pytest.mark.parametrize("seed", range(count(2, 400)))
def test_sequences(seed: int) -> None:
    with LocalServer(in_process=True, drain_seconds=0.0, record_requests=0, poll_after_ms=1) as server:
        for script in SCRIPTS:
            server.scripts.add(script)
        walk = Walk(seed, server)
        try:
            for model in MODELS:
                walk.create_assistant(model)
            for texts in (1, 2):
                walk.create_thread(texts)
                walk.create_file(batch=texts == 1)
            walk.create_store()
            for _ in range(150):
                walk.step()
            walk.look_at_everything()
        except Exception:
            print("\n".join(walk.log[-60:]))
            raise
        finally:
            walk.api.http.close()
            walk.older.http.close()
