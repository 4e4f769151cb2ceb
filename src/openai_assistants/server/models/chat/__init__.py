"""The chat model: answers runs by asking a server that speaks the chat-completions API, any one.

    ChatModel("http://localhost:11434/v1", model="llama3.1")

or as the target of a route: `chat:http://localhost:11434/v1#llama3.1`, see `settings`.
"""

from .model import ChatModel as ChatModel

__all__ = ["ChatModel"]
