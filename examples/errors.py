"""What is raised when, and what the messages say. The server makes the faults on request."""

from openai_assistants import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    BadRequestError,
    OpenAI,
    OpenAIError,
    RateLimitError,
)
from openai_assistants.server import Fault, LocalServer


def attempt(what: str, client: OpenAI, assistant_id: str = "asst_1", deadline: float | None = None) -> None:
    """Fetch an assistant and print what came of it."""
    try:
        assistant = client.beta.assistants.retrieve(assistant_id, deadline=deadline)
        print(f"{what}: fine, {assistant.name}")
    except RateLimitError as error:
        print(f"{what}: RateLimitError, come back in {error.response.headers['retry-after']} s | {error}")
    except APIStatusError as error:  # every other status of 400 or more; each has a class of its own
        print(f"{what}: {type(error).__name__}, status {error.status_code}, code {error.code} | {error}")
    except APITimeoutError as error:
        print(f"{what}: APITimeoutError | {error}")
    except APIConnectionError as error:
        print(f"{what}: APIConnectionError | {error}")


def main() -> None:
    """Run the example."""
    with LocalServer(api_keys=("right-key",)) as server, server.client() as client:
        assistant = client.beta.assistants.create(model="gpt-4o", name="Guide")
        attempt("no such assistant", client)
        attempt("wrong key", client.with_options(api_key="wrong-key"))
        try:
            client.beta.assistants.create(model="gpt-4o", temperature=3)
        except BadRequestError as error:
            print(f"wrong argument: BadRequestError, param {error.param} | {error}")

        server.faults.add(Fault("status", status=429, retry_after=0.1, times=2))
        attempt("429 twice", client, assistant.id)  # two retries are made without asking
        server.faults.add(Fault("status", status=429, retry_after=3600))
        attempt("429 for an hour", client, assistant.id)  # longer than a minute is not waited for

        server.faults.add(Fault("delay", seconds=5, times=2))
        attempt("read timeout", client.with_options(timeout=0.2, max_retries=0), assistant.id)
        attempt("deadline", client, assistant.id, deadline=0.3)  # of the whole call, with all attempts
    with OpenAI(base_url=client.base_url, api_key="any", max_retries=0) as late:  # the server has stopped
        attempt("refused", late)
    try:
        OpenAI(api_key="")
    except OpenAIError as error:
        print(f"no key: OpenAIError | {error}")


if __name__ == "__main__":
    main()
