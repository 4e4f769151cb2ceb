"""From version 1 of the API to version 2.

    from openai_assistants import migrate

    converted = migrate.convert_assistant(client.beta.v1.assistants.retrieve("asst_1"))
    for note in converted.notes:
        print(note.path, note.effect, note.reason)

`convert_assistant`, `convert_thread` and `convert_message` turn objects of version 1 into parameters of version 2,
without sending anything.

Names are loaded on first use.
"""

from typing import TYPE_CHECKING

from .._lazy import lazy_exports

if TYPE_CHECKING:
    from ._assistants import ConvertedAssistant as ConvertedAssistant, convert_assistant as convert_assistant
    from ._messages import (
        ConvertedMessage as ConvertedMessage,
        FileTool as FileTool,
        convert_message as convert_message,
    )
    from ._notes import Effect as Effect, Note as Note
    from ._stores import NewVectorStore as NewVectorStore
    from ._threads import ConvertedThread as ConvertedThread, convert_thread as convert_thread

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "ConvertedAssistant": "openai_assistants.migrate._assistants",
        "convert_assistant": "openai_assistants.migrate._assistants",
        "ConvertedMessage": "openai_assistants.migrate._messages",
        "FileTool": "openai_assistants.migrate._messages",
        "convert_message": "openai_assistants.migrate._messages",
        "Effect": "openai_assistants.migrate._notes",
        "Note": "openai_assistants.migrate._notes",
        "NewVectorStore": "openai_assistants.migrate._stores",
        "ConvertedThread": "openai_assistants.migrate._threads",
        "convert_thread": "openai_assistants.migrate._threads",
    },
)
