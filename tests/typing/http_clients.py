"""Clients and timeouts of either HTTP library are accepted, each kind where it belongs."""

from __future__ import annotations

import httpx
import httpx2

from openai_assistants import AsyncOpenAI, OpenAI

client = OpenAI(http_client=httpx2.Client(), timeout=httpx2.Timeout(5.0))
client = OpenAI(http_client=httpx.Client(), timeout=httpx.Timeout(5.0))
client.with_options(http_client=httpx2.Client(), timeout=httpx2.Timeout(5.0, connect=1.0))
client.beta.assistants.retrieve("asst_1", timeout=httpx2.Timeout(5.0))
awaiting = AsyncOpenAI(http_client=httpx2.AsyncClient(), timeout=httpx2.Timeout(5.0))
awaiting.with_options(http_client=httpx.AsyncClient())

OpenAI(http_client=httpx2.AsyncClient())  # type: ignore[arg-type]
AsyncOpenAI(http_client=httpx2.Client())  # type: ignore[arg-type]
client.with_options(http_client=httpx2.AsyncClient())  # type: ignore[arg-type]
