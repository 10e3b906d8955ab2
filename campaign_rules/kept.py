"""A value by way of the cache: made once, then taken as it came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from campaign_rules.cache import Cache
from campaign_rules.codec import Codec
from campaign_rules.errors import InputError

T = TypeVar("T")


def kept(
    cache: Cache | None,
    name: str,
    codec: Codec[T],
    key: Callable[[], str],
    make: Callable[[], T],
    known: Mapping[type, Mapping[str, Any]] | None = None,
) -> T:
    """Return what `make` returns, or what it returned when the cache was given it.

    `key` digests everything that `make` goes by. It is asked again when the value is made: what changed
    meanwhile is not kept. If it raises OSError or InputError, there is no cache for this value. `known` is
    for the codec. Raises what `make` does.
    """
    if cache is None:
        return make()
    found = _or_none(key)
    content = cache.read(name, found) if found else None
    if content is not None:
        try:
            return codec.load(content, known)
        except ValueError:
            pass
    value = make()
    if found and _or_none(key) == found:
        cache.write(name, found, codec.dump(value))
    return value


def _or_none(key: Callable[[], str]) -> str | None:
    try:
        return key()
    except (OSError, InputError):
        return None
