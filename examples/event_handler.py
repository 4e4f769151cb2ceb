"""Event handlers: methods that are called while a run is streamed, here with calls of a function."""

from collections.abc import Iterable

from openai_assistants import AssistantEventHandler, OpenAI
from openai_assistants.server import Call, LocalServer, Turn
from openai_assistants.types.beta.threads import Message, Run, Text, TextDelta
from openai_assistants.types.beta.threads.run_submit_tool_outputs_params import ToolOutput
from openai_assistants.types.beta.threads.runs import ToolCall


class Printer(AssistantEventHandler):
    """Prints the answer as it comes."""

    def on_tool_call_done(self, tool_call: ToolCall) -> None:
        if tool_call.type == "function":
            print(f"[{tool_call.function.name} {tool_call.function.arguments}]")

    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        print(delta.value, end="", flush=True)

    def on_message_done(self, message: Message) -> None:
        print(f" [{message.status}, {len(message.text)} characters]")

    def on_exception(self, exception: Exception) -> None:
        print(f" [broken: {exception}]")


def outputs(run: Run) -> Iterable[ToolOutput]:
    """A result for each call that a run waits for."""
    for call in run.required_action.submit_tool_outputs.tool_calls if run.required_action else []:
        yield {"tool_call_id": call.id, "output": "21 degrees" if "Lisbon" in call.function.arguments else "19 degrees"}


def ask(client: OpenAI, assistant_id: str, question: str) -> None:
    """Ask, and answer the calls. Each stream has a handler of its own."""
    runs = client.beta.threads.runs
    thread = client.beta.threads.create(messages=[{"role": "user", "content": question}])
    with runs.stream(thread.id, assistant_id=assistant_id, event_handler=Printer()) as stream:
        run = stream.get_final_run()
    while run.status == "requires_action":
        with runs.submit_tool_outputs_stream(
            run.id, thread_id=thread.id, tool_outputs=outputs(run), event_handler=Printer()
        ) as stream:
            run = stream.get_final_run()


if __name__ == "__main__":
    with LocalServer() as server, server.client() as client:
        cities = [Call("get_temperature", {"city": city}) for city in ("Lisbon", "Oslo")]
        server.scripts.add([Turn(calls=cities), Turn(deltas=["Lisbon: 21, ", "Oslo: 19."])])
        assistant = client.beta.assistants.create(
            model="gpt-4o", tools=[{"type": "function", "function": {"name": "get_temperature"}}]
        )
        ask(client, assistant.id, "How warm is it in Lisbon and Oslo?")
