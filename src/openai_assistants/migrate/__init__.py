"""From version 1 of the API to version 2.

    from openai_assistants import migrate

    converted = migrate.convert_assistant(client.beta.v1.assistants.retrieve("asst_1"))
    for note in converted.notes:
        print(note.path, note.effect, note.reason)

`convert_assistant`, `convert_thread` and `convert_message` turn objects of version 1 into parameters of version 2,
without sending anything. `v1_to_v2` carries a migration out, as the command `openai-assistants migrate v1-to-v2` does:

    export = migrate.V1Export.read("export.jsonl")
    report = migrate.v1_to_v2(export=export, target=client, journal="journal.jsonl", apply=True)

New objects are made beside the old ones; none is changed in place. The server in the box shows each assistant in both
versions anyway. Elsewhere programs of version 1 may still use the old one, and what version 2 changes in it cannot be
undone. This way both can be compared, and the old one be deleted when nobody needs it any more.

Names are loaded on first use.
"""

from typing import TYPE_CHECKING

from .._lazy import lazy_exports

if TYPE_CHECKING:
    from ._api import v1_to_v2 as v1_to_v2, v1_to_v2_async as v1_to_v2_async
    from ._assistants import ConvertedAssistant as ConvertedAssistant, convert_assistant as convert_assistant
    from ._exports import V1Export as V1Export
    from ._messages import (
        ConvertedMessage as ConvertedMessage,
        FileTool as FileTool,
        convert_message as convert_message,
    )
    from ._notes import Effect as Effect, Note as Note
    from ._report import (
        FileStatus as FileStatus,
        MigratedFile as MigratedFile,
        MigratedObject as MigratedObject,
        MigrationReport as MigrationReport,
        OnProgress as OnProgress,
        Status as Status,
    )
    from ._stores import NewVectorStore as NewVectorStore
    from ._threads import ConvertedThread as ConvertedThread, convert_thread as convert_thread

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "v1_to_v2": "openai_assistants.migrate._api",
        "v1_to_v2_async": "openai_assistants.migrate._api",
        "ConvertedAssistant": "openai_assistants.migrate._assistants",
        "convert_assistant": "openai_assistants.migrate._assistants",
        "V1Export": "openai_assistants.migrate._exports",
        "ConvertedMessage": "openai_assistants.migrate._messages",
        "FileTool": "openai_assistants.migrate._messages",
        "convert_message": "openai_assistants.migrate._messages",
        "Effect": "openai_assistants.migrate._notes",
        "Note": "openai_assistants.migrate._notes",
        **dict.fromkeys(
            ("FileStatus", "MigratedFile", "MigratedObject", "MigrationReport", "OnProgress", "Status"),
            "openai_assistants.migrate._report",
        ),
        "NewVectorStore": "openai_assistants.migrate._stores",
        "ConvertedThread": "openai_assistants.migrate._threads",
        "convert_thread": "openai_assistants.migrate._threads",
    },
)
