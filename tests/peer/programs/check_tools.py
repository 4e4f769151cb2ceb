"""File search and the code interpreter inside runs, as the official client sees them."""

from __future__ import annotations

from peer import FUNCTION, Peer, outputs_of, text_of, user

RESULTS = ["step_details.tool_calls[*].file_search.results[*].content"]
WHALES = b"Whales are mammals. Whales sing songs that travel far through the sea."


async def _librarian(p: Peer, model: str) -> tuple[str, str]:
    store = await p(p.stores.create(name="Sea"))
    file = await p(p.stores.files.upload_and_poll(vector_store_id=store.id, file=("whales.txt", WHALES)))
    resources = {"file_search": {"vector_store_ids": [store.id]}}
    assistant = await p(
        p.assistants.create(model=model, tools=[{"type": "file_search"}, FUNCTION], tool_resources=resources)
    )
    return assistant.id, file.id


async def a_search_with_citations(p: Peer) -> None:
    assistant, file = await _librarian(p, "gpt-4o")
    thread = await p(p.threads.create(messages=[user("What do whales sing?")]))
    run = await p(p.runs.create_and_poll(thread_id=thread.id, assistant_id=assistant, poll_interval_ms=10))
    assert run.status == "completed", run.last_error
    (answer,) = await p.every(p.messages.list(thread.id, run_id=run.id))
    cited = answer.content[0].text.annotations
    assert cited
    for each in cited:
        assert (each.type, each.file_citation.file_id) == ("file_citation", file)
        assert answer.content[0].text.value[each.start_index : each.end_index] == each.text
    search, spoken = await p.every(p.steps.list(run.id, thread_id=thread.id, order="asc", include=RESULTS))
    assert spoken.type == "message_creation"
    (call,) = search.step_details.tool_calls
    assert call.file_search.ranking_options.ranker == "default_2024_08_21"
    assert "sing" in call.file_search.results[0].content[0].text
    plain = await p(p.steps.retrieve(search.id, run_id=run.id, thread_id=thread.id))
    assert plain.step_details.tool_calls[0].file_search.results[0].content is None
    full = await p(p.steps.retrieve(search.id, run_id=run.id, thread_id=thread.id, include=RESULTS))
    assert full.step_details.tool_calls[0].file_search.results[0].content[0].text in WHALES.decode()


async def a_streamed_search_and_functions(p: Peer) -> None:
    assistant, _ = await _librarian(p, "searching")
    seen: list = []
    thread = {"messages": [user("What do whales sing?")]}
    async with p.opened(
        p.threads.create_and_run_stream(assistant_id=assistant, thread=thread, event_handler=p.handler(seen))
    ) as stream:
        await p(stream.until_done())
        run = await p(stream.get_final_run())
    deltas = [given[0].step_details.tool_calls[0].type for name, given in seen if name == "on_run_step_delta"]
    assert list(dict.fromkeys(deltas)) == ["file_search", "function"]
    async with p.opened(
        p.runs.submit_tool_outputs_stream(run_id=run.id, thread_id=run.thread_id, tool_outputs=outputs_of(run))
    ) as stream:
        run = await p(stream.get_final_run())
        (message,) = await p(stream.get_final_messages())
    assert (run.status, text_of(message)) == ("completed", "They sing songs.")


async def attached_files_are_searched(p: Peer) -> None:
    assistant = await p(p.assistants.create(model="gpt-4o", tools=[{"type": "file_search"}]))
    file = await p(p.files.create(file=("tides.txt", b"The moon makes the tides."), purpose="assistants"))
    attached = [{"file_id": file.id, "tools": [{"type": "file_search"}]}]
    thread = await p(p.threads.create(messages=[{**user("What makes the tides?"), "attachments": attached}]))
    (store,) = thread.tool_resources.file_search.vector_store_ids
    assert (await p(p.stores.retrieve(store))).expires_after.days == 7
    run = await p(p.runs.create_and_poll(thread_id=thread.id, assistant_id=assistant.id, poll_interval_ms=10))
    (answer,) = await p.every(p.messages.list(thread.id, run_id=run.id))
    assert "The moon makes the tides." in text_of(answer)
    assert {each.file_citation.file_id for each in answer.content[0].text.annotations} == {file.id}


async def programs(p: Peer) -> None:
    seen: list = []
    assistant = await p(p.assistants.create(model="programming", tools=[{"type": "code_interpreter"}]))
    thread = await p(p.threads.create(messages=[user("Draw it.")]))
    async with p.opened(
        p.runs.stream(thread_id=thread.id, assistant_id=assistant.id, event_handler=p.handler(seen))
    ) as stream:
        run = await p(stream.get_final_run())
        (message,) = await p(stream.get_final_messages())
        done = await p(stream.get_final_run_steps())
    assert run.status == "completed", run.last_error
    step = next(step for step in done if step.type == "tool_calls")
    (call,) = step.step_details.tool_calls
    assert call.code_interpreter.input == "x = 7\nprint(x)\n"
    logs, image = call.code_interpreter.outputs
    assert (logs.type, logs.logs, image.type) == ("logs", "7\n", "image")
    assert (await p(p.files.content(image.image.file_id))).content == b"\x89PNG"
    assert (await p(p.files.retrieve(image.image.file_id))).purpose == "assistants_output"
    snapshots = [given[1] for name, given in seen if name == "on_tool_call_delta"]
    assert snapshots[-1].code_interpreter.input == call.code_interpreter.input
    (place,) = message.content[0].text.annotations
    assert (place.type, place.text) == ("file_path", "sandbox:/mnt/data/plot.png")
    assert place.file_path.file_id == image.image.file_id
