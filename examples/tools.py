"""Python functions as tools: the loop answers the calls of the model, streamed and polled, with an answer of a type."""

import asyncio

from pydantic import BaseModel

from openai_assistants import OpenAI
from openai_assistants.server import Call, LocalServer, Turn


class Weather(BaseModel):
    city: str
    celsius: int


def get_weather(city: str) -> Weather:
    """The weather in a city, now. What this raises is told to the model, and so are wrong arguments."""
    return Weather(city=city, celsius=21 if city == "Lisbon" else 9)


async def get_forecast(city: str) -> Weather:
    """The weather in a city tomorrow, from a slow service."""
    await asyncio.sleep(0.01)
    return get_weather(city)


def streamed(client: OpenAI, assistant_id: str) -> None:
    """The events of all rounds as one stream, which survives broken connections."""
    thread = client.beta.threads.create(messages=[{"role": "user", "content": "Where is it warmest?"}])
    runs = client.beta.threads.runs
    with runs.run_tools(thread.id, assistant_id=assistant_id, tools=[get_weather], resume=True) as stream:
        for event in stream:
            if event.event == "thread.run.step.completed" and event.data.step_details.type == "tool_calls":
                for call in event.data.step_details.tool_calls:
                    if call.type == "function":
                        print(f"{call.function.name} {call.function.arguments} -> {call.function.output}")
        print(stream.get_final_messages()[-1].text)


async def polled(server: LocalServer, assistant_id: str) -> None:
    """Only the result, read as a type; functions may be async here."""
    async with server.async_client() as client:
        thread = await client.beta.threads.create(messages=[{"role": "user", "content": "And tomorrow?"}])
        result = await client.beta.threads.runs.run_tools_and_poll(
            thread.id, assistant_id=assistant_id, tools=[get_forecast], response_format=Weather
        )
        print(f"{result.run.status} after {len(result.tool_results)} call: {result.output!r}")


if __name__ == "__main__":
    with LocalServer() as server, server.client() as client:
        assistant = client.beta.assistants.create(model="gpt-4o")
        cities = [Call("get_weather", {"city": city}) for city in ("Lisbon", "Oslo")]
        server.scripts.add([Turn(calls=cities), Turn("In Lisbon, with 21 degrees.")])
        streamed(client, assistant.id)
        server.scripts.add(
            [Turn(calls=[Call("get_forecast", {"city": "Oslo"})]), Turn('{"city": "Oslo", "celsius": 9}')]
        )
        asyncio.run(polled(server, assistant.id))
