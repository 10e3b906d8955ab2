"""A rule base by way of the cache: read and checked once, then taken as it came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_rules.cache import Cache
from campaign_rules.codec import Codec
from campaign_rules.kept import kept
from campaign_rules.knowledge.folders import content_key
from campaign_rules.model import KnowledgeBase

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def load(folder: Traversable, below: Traversable | None = None, cache: Cache | None = None) -> KnowledgeBase:
    """Load and check the rule base in `folder`, or take from `cache` what that gave before.

    An overlay, a folder without ``knowledge.yaml``, changes the rule base in `below`: the shipped one, if
    left out. Only what has no fault is kept, for exactly these files and this code.

    Raises InputError when it is no folder of rules, and KnowledgeError with all faults found.
    """

    def make() -> KnowledgeBase:
        from campaign_rules.knowledge.loading import load_with_warnings  # slow to import: YAML, the checks

        return load_with_warnings(folder, below)[0]

    return kept(cache, "knowledge", Codec(KnowledgeBase), lambda: content_key(folder, below), make)
