"""The server in the box: the Assistants API from one process and one file.

    python -m openai_assistants.server

or, in a test,

    with LocalServer() as server:
        client = server.client()

or in any ASGI server: `create_app(Settings(database="assistants.db"))`.
"""

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from .._lazy import lazy_exports

if TYPE_CHECKING:
    from .app import create_app as create_app
    from .asgi import ReceivedRequest as ReceivedRequest
    from .faults import Fault as Fault, Faults as Faults, Processing as Processing, Treatment as Treatment
    from .local import LocalServer as LocalServer
    from .models import Model as Model, ModelError as ModelError
    from .models.chat import ChatModel as ChatModel
    from .models.script_files import ScriptFileError as ScriptFileError
    from .models.scripted import (
        Call as Call,
        Code as Code,
        Fail as Fail,
        Gate as Gate,
        Script as Script,
        Scripts as Scripts,
        Search as Search,
        Turn as Turn,
    )
    from .service import Settings as Settings
    from .store import Clock as Clock, CountingIds as CountingIds, RandomIds as RandomIds


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ImportError:  # somebody's own finder forbids it
        return False


_MISSING = [name for name in ("starlette", "uvicorn", "sqlalchemy", "python_multipart") if not _is_installed(name)]
if _MISSING:
    _message = (
        f"The server in the box needs {', '.join(_MISSING)}. Install them together: "
        'pip install "openai-assistants[server]"'
    )
    if sys.argv[:1] == ["-m"] and __name__ in sys.orig_argv:  # `python -m` looks for __main__: no place for a traceback
        print(f"error: {_message}", file=sys.stderr)
        raise SystemExit(2)
    raise ModuleNotFoundError(_message, name=_MISSING[0])

__getattr__, __dir__, __all__ = lazy_exports(
    __name__,
    {
        "Call": f"{__name__}.models.scripted",
        "ChatModel": f"{__name__}.models.chat",
        "Clock": f"{__name__}.store",
        "Code": f"{__name__}.models.scripted",
        "CountingIds": f"{__name__}.store",
        "Fail": f"{__name__}.models.scripted",
        "Fault": f"{__name__}.faults",
        "Faults": f"{__name__}.faults",
        "Gate": f"{__name__}.models.scripted",
        "LocalServer": f"{__name__}.local",
        "Model": f"{__name__}.models",
        "ModelError": f"{__name__}.models",
        "Processing": f"{__name__}.faults",
        "RandomIds": f"{__name__}.store",
        "ReceivedRequest": f"{__name__}.asgi",
        "Script": f"{__name__}.models.scripted",
        "ScriptFileError": f"{__name__}.models.script_files",
        "Scripts": f"{__name__}.models.scripted",
        "Search": f"{__name__}.models.scripted",
        "Settings": f"{__name__}.service",
        "Treatment": f"{__name__}.faults",
        "Turn": f"{__name__}.models.scripted",
        "create_app": f"{__name__}.app",
    },
)
