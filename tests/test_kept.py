"""A value by way of the cache: made once for what it is made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign_rules.cache import Cache, digest
from campaign_rules.codec import Codec
from campaign_rules.errors import KnowledgeError
from campaign_rules.kept import kept

CODEC = Codec[tuple[str, ...]](tuple[str, ...])
KEY = digest(["key"])


class Maker:
    """Makes a value and counts how often."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> tuple[str, ...]:
        self.made += 1
        return ("a", "b")


@pytest.fixture
def make() -> Maker:
    return Maker()


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "kept")


def test_a_value_is_made_once_for_a_key(cache: Cache, make: Maker) -> None:
    assert [kept(cache, "thing", CODEC, lambda: KEY, make) for _ in range(3)] == [("a", "b")] * 3
    assert make.made == 1
    assert kept(cache, "thing", CODEC, lambda: digest(["other"]), make) == ("a", "b")
    assert make.made == 2


def test_without_a_cache_it_is_made_each_time_and_no_key_is_asked_for(make: Maker) -> None:
    for _ in range(2):
        assert kept(None, "thing", CODEC, lambda: pytest.fail("asked"), make) == ("a", "b")
    assert make.made == 2


def test_what_cannot_be_read_is_made_anew_and_replaced(cache: Cache, make: Maker) -> None:
    cache.write("thing", KEY, b'{"whole": "but no such value"')
    assert kept(cache, "thing", CODEC, lambda: KEY, make) == ("a", "b")
    assert kept(cache, "thing", CODEC, lambda: KEY, make) == ("a", "b")
    assert make.made == 1


def test_what_changed_while_it_was_made_is_not_kept(cache: Cache, make: Maker) -> None:
    keys = iter([KEY, digest(["changed"])])
    kept(cache, "thing", CODEC, lambda: next(keys), make)
    assert not cache.folder.exists()


def test_what_has_no_key_is_made_and_not_kept(cache: Cache, make: Maker) -> None:
    def no_key() -> str:
        raise PermissionError

    assert kept(cache, "thing", CODEC, no_key, make) == ("a", "b")
    assert not cache.folder.exists()


def test_a_fault_is_raised_each_time(cache: Cache) -> None:
    def fail() -> tuple[str, ...]:
        raise KnowledgeError(["wrong"])

    for _ in range(2):
        with pytest.raises(KnowledgeError, match="wrong"):
            kept(cache, "thing", CODEC, lambda: KEY, fail)
    assert not cache.folder.exists()
