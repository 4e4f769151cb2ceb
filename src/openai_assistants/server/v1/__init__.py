"""Version 1 of the API over the same store: its requests are turned into those of version 2, which carries them out,
and what comes of them is shown as version 1 has it.

`retrieval` is file search, the `file_ids` of an assistant are the files of its vector store and of the code
interpreter, those of a message its attachments. There is no second state: what one version changes, the other sees.
"""

from .events import Events as Events
from .handlers import HANDLERS as HANDLERS
