"""The API keys of a server, and to whom each belongs.

Who asks sees what was made under the same owner, nothing else. The owner of a key is its name, if it has one, so that
several keys can belong to one owner and a key can be exchanged for another; a key without a name is an owner by itself.
On a server without keys everything belongs to `DEFAULT_OWNER`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from typing import cast

from .store.tables import DEFAULT_OWNER

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,62}")


class Keys:
    """The keys that are accepted: some, or as a mapping from each to the name of its owner, None for those that have
    none. Kept as digests.

    Raises:
        ValueError: A key is empty, or a name is none.
    """

    def __init__(self, given: Iterable[str] | Mapping[str, str | None]) -> None:
        if isinstance(given, str):
            raise ValueError("api_keys is a tuple of keys, or a mapping from keys to names, not one text")
        names = cast("Mapping[str, str | None]", given if isinstance(given, Mapping) else dict.fromkeys(given))
        if "" in names:
            raise ValueError("an API key is empty")
        self._owners: list[tuple[bytes, str]] = []
        self.named: dict[str, str] = {}
        """Who the owner of each key with a name would be if it had none; and the name."""
        for key, name in names.items():
            owner = own = _owner_of_nameless(key)
            if name is not None:
                owner = self.named[own] = checked_name(name)
            self._owners.append((_digest(key), owner))

    def __bool__(self) -> bool:
        """Whether a key is needed."""
        return bool(self._owners)

    @property
    def owners(self) -> set[str]:
        """Who may ask."""
        return {owner for _, owner in self._owners} or {DEFAULT_OWNER}

    def owner_of(self, key: str) -> str | None:
        """To whom a key belongs; None if it is not accepted. Takes as long for one as for another."""
        asked = _digest(key)
        found = [owner for known, owner in self._owners if hmac.compare_digest(asked, known)]
        return found[0] if found else None


def checked_name(name: str) -> str:
    """The name of an owner.

    Raises:
        ValueError: It has another form than names have.
    """
    if _NAME.fullmatch(name) is None:
        raise ValueError(
            "the name of an API key's owner has 1 to 63 letters, digits and any of _ . @ -, beginning with a letter or "
            "a digit"
        )
    return name


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def _owner_of_nameless(key: str) -> str:
    # No name begins so, and nobody gets in with it.
    return f"#{hashlib.sha256(_digest(key)).hexdigest()[:40]}"
