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
    from ._convert import (
        ConvertedAssistant as ConvertedAssistant,
        ConvertedMessage as ConvertedMessage,
        ConvertedThread as ConvertedThread,
        FileTool as FileTool,
        convert_assistant as convert_assistant,
        convert_message as convert_message,
        convert_thread as convert_thread,
    )
    from ._migration import v1_to_v2 as v1_to_v2, v1_to_v2_async as v1_to_v2_async
    from ._objects import Effect as Effect, NewVectorStore as NewVectorStore, Note as Note, V1Export as V1Export
    from ._records import (
        FileStatus as FileStatus,
        MigratedFile as MigratedFile,
        MigratedObject as MigratedObject,
        MigrationReport as MigrationReport,
        OnProgress as OnProgress,
        Status as Status,
    )

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        **dict.fromkeys(
            (
                *("ConvertedAssistant", "ConvertedMessage", "ConvertedThread", "FileTool"),
                *("convert_assistant", "convert_message", "convert_thread"),
            ),
            "openai_assistants.migrate._convert",
        ),
        **dict.fromkeys(("Effect", "NewVectorStore", "Note"), "openai_assistants.migrate._objects"),
        **dict.fromkeys(("v1_to_v2", "v1_to_v2_async"), "openai_assistants.migrate._migration"),
        "V1Export": "openai_assistants.migrate._objects",
        **dict.fromkeys(
            ("FileStatus", "MigratedFile", "MigratedObject", "MigrationReport", "OnProgress", "Status"),
            "openai_assistants.migrate._records",
        ),
    },
)
