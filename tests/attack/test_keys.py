"""The keys of a server: found in constant time, kept as digests."""

from __future__ import annotations

import hmac

import pytest

from openai_assistants.server.service import Keys
from openai_assistants.server.store.tables import DEFAULT_OWNER

GIVEN = {"first-key": None, "second-key": "team", "third-key": "team", "ключ": "other"}


def test_whose_a_key_is() -> None:
    keys = Keys(GIVEN)
    first = keys.owner_of("first-key")
    assert first is not None and first.startswith("#")
    assert [keys.owner_of(key) for key in ("second-key", "third-key", "ключ")] == ["team", "team", "other"]
    assert [keys.owner_of(key) for key in ("", "first-ke", "first-key ", "First-key", "team", first)] == [None] * 6
    assert keys.owners == {first, "team", "other"}
    # Alone or among others, before and after a restart, a key without a name is the same owner.
    assert Keys(("first-key",)).owner_of("first-key") == first != Keys(("another",)).owner_of("another")
    assert Keys(()).owners == {DEFAULT_OWNER} and not Keys(())


def test_every_key_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them, whichever fits, and always texts of one length."""
    compared: list[tuple[int, int]] = []
    compare = hmac.compare_digest

    def count(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", count)
    keys = Keys(GIVEN)
    for asked in (*GIVEN, "wrong", "x" * 10_000, ""):
        compared.clear()
        keys.owner_of(asked)
        assert compared == [(32, 32)] * len(GIVEN)


def test_keys_are_not_kept() -> None:
    assert not any(key in repr(vars(Keys(GIVEN))) for key in GIVEN)
