"""Rule bases made ready: the shipped one, once in a process, or the one of a folder."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from campaign_rules import knowledge
from campaign_rules.cache import Choice, chosen
from campaign_rules.model import KnowledgeBase


def load_knowledge(folder: str | Path | None = None, *, cache: Choice = True) -> KnowledgeBase:
    """Load and check a rule base: the one in `folder`, or the one shipped with the package.

    The outcome of the checks is kept for the next process: True in the user's own cache, False nowhere, or in
    the folder `cache`. The environment variable CAMPAIGN_RULES_CACHE moves the user's own to another folder,
    or turns it ``off``. What is kept holds for the same files and the same code only.

    Raises InputError when there is no such folder, KnowledgeError naming every fault by file and line.
    """
    return shipped_knowledge(cache) if folder is None else knowledge.load(Path(folder), cache=chosen(cache))


@lru_cache(maxsize=4)
def shipped_knowledge(cache: Choice = True) -> KnowledgeBase:
    """Return the rule base shipped with the package; `cache` is that of `load_knowledge`."""
    return knowledge.load(knowledge.shipped_rules(), cache=chosen(cache))
