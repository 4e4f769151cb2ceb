"""A language model behind the Assistants API: the server in the box asks any chat-completions server.

python examples/chat_model.py                                         asks a toy that it brings along
python examples/chat_model.py http://localhost:11434/v1#llama3.1      asks a real one for its model llama3.1

If that wants a key, put it into OPENAI_ASSISTANTS_CHAT_API_KEY. For a server apart from the program:
python -m openai_assistants.server --model '*=chat:http://localhost:11434/v1#llama3.1'
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from openai_assistants.server import LocalServer


def get_temperature(city: str) -> int:
    """The temperature in a city, in degrees Celsius."""
    print(f"[get_temperature of {city}]\n", end="")  # in one piece: both calls run at the same time
    return {"Lisbon": 21, "Oslo": 9}.get(city, 15)


class Toy(BaseHTTPRequestHandler):
    """A chat-completions server without wits: asks for two temperatures, then says what it was told."""

    def do_POST(self) -> None:
        question = json.loads(self.rfile.read(int(self.headers["content-length"])))
        told = [message["content"] for message in question["messages"] if message["role"] == "tool"]
        functions = [
            {"name": "get_temperature", "arguments": json.dumps({"city": city})} for city in ("Lisbon", "Oslo")
        ]
        calls = [{"index": at, "id": f"call_{at}", "function": function} for at, function in enumerate(functions)]
        words = ["Lisbon", " and", " Oslo", " have", *(f" {each}" for each in told), " degrees."]
        deltas = [{"content": word} for word in words] if told else [{"tool_calls": calls}]
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for delta in deltas:
            self.wfile.write(f"data: {json.dumps({'choices': [{'delta': delta}]})}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


with ThreadingHTTPServer(("127.0.0.1", 0), Toy) as toy:
    threading.Thread(target=toy.serve_forever, daemon=True).start()
    url = sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:{toy.server_port}/v1"
    with LocalServer(models={"*": f"chat:{url}"}) as server, server.client() as client:
        assistant = client.beta.assistants.create(model="gpt-4o", instructions="Use the function for each city.")
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "How warm are Lisbon and Oslo?"}])
        with client.beta.threads.runs.run_tools(
            thread.id, assistant_id=assistant.id, tools=[get_temperature]
        ) as stream:
            for delta in stream.text_deltas:
                print(delta, end="|", flush=True)
        print(f" [{stream.get_final_run().status}]")
    toy.shutdown()
