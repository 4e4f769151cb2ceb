"""`omit`: the value of an argument that was not given. Absent is not `null`; `None` is sent as `null`."""

from typing import Literal, final


@final
class Omit:
    """Type of `omit`. There is one instance; it is false, and survives copying and pickling as itself."""

    _instance: "Omit | None" = None

    def __new__(cls) -> "Omit":
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "omit"

    def __reduce__(self) -> str:
        return "omit"


omit = Omit()
"""Leave this argument out of the request."""

NotGiven = Omit
"""Older name of `Omit`."""

NOT_GIVEN = omit
"""Older name of `omit`."""

not_given = omit
"""Older name of `omit`."""
