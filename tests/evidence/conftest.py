"""Fixtures for reading evidence with the small knowledge base."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from campaign_rules.evidence import Recogniser, make_recogniser, read_ticket
from campaign_rules.model import KnowledgeBase, State
from tests.evidence.small_base import example_knowledge


@pytest.fixture(scope="session")
def knowledge() -> KnowledgeBase:
    return example_knowledge()


@pytest.fixture(scope="session")
def recogniser(knowledge: KnowledgeBase) -> Recogniser:
    return make_recogniser(knowledge)


@pytest.fixture
def said(recogniser: Recogniser) -> Callable[[str], dict[str, str]]:
    """What a ticket says: observation ids, with @instance where one is named, to "present" or "absent"."""

    def read(text: str) -> dict[str, str]:
        return {
            f"{found.id}@{found.instance}" if found.instance else found.id: State(found.state).value
            for found in read_ticket(text, (), recogniser)
        }

    return read
