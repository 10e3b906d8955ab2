"""Reading evidence by way of the cache finds what it finds without, whatever was kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from campaign_rules.cache import Cache
from campaign_rules.errors import KnowledgeError
from campaign_rules.evidence import make_recogniser, read_ticket, recogniser
from campaign_rules.model import KnowledgeBase, ObservationType, Signs

TEXTS = (
    "The mta is down. The disk is full.",
    "Il disco è pieno, mta non è attivo",
    "Le disque est plein",
    "Die Festplatte ist voll",
    "El mta está parado",
    "12:00:00 > 1234 mta@prod (77) the disk is full",
)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "kept")


def read(knowledge: KnowledgeBase, cache: Cache | None) -> list[object]:
    made = make_recogniser(knowledge, cache)
    return [read_ticket(text, (), made) for text in TEXTS]


def test_the_same_is_read_either_way(knowledge: KnowledgeBase, cache: Cache) -> None:
    without = read(knowledge, None)
    assert any(without)
    assert read(knowledge, cache) == without
    assert read(knowledge, cache) == without


def test_what_is_kept_is_not_made_again(
    knowledge: KnowledgeBase, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = read(knowledge, cache)
    for name in ("check_phrases", "index_phrases", "build_lexicon", "log_signs"):
        monkeypatch.setattr(recogniser, name, lambda *_: pytest.fail("made again"))
    assert read(knowledge, cache) == without


def test_a_language_is_kept_when_a_sentence_in_it_is_met(knowledge: KnowledgeBase, cache: Cache) -> None:
    made = make_recogniser(knowledge, cache)
    assert len(list(cache.folder.iterdir())) == 1
    read_ticket("The mta is down.", (), made)
    assert len(list(cache.folder.iterdir())) == 2
    read_ticket("Il disco è pieno", (), made)
    assert len(list(cache.folder.iterdir())) == 3


def test_a_changed_knowledge_base_is_not_taken_for_the_one_that_was_kept(
    knowledge: KnowledgeBase, cache: Cache
) -> None:
    read(knowledge, cache)
    entry = ObservationType(
        "lamp-red", {"en": "x"}, signs=Signs({"en": ("red lamp",)}, log=("lamp turned red",))
    )
    changed = evolve(knowledge, observations={**knowledge.observations, "lamp-red": entry})
    assert changed.fingerprint == knowledge.fingerprint
    made = make_recogniser(changed, cache)
    assert [found.id for found in read_ticket("There is a red lamp.", (), made)] == ["lamp-red"]
    assert [found.id for found in read_ticket("12:00:00 > lamp turned red", (), made)] == ["lamp-red"]
    assert not read_ticket("There is a red lamp.", (), make_recogniser(knowledge, cache))


def test_a_phrase_that_says_nothing_is_refused_each_time(knowledge: KnowledgeBase, cache: Cache) -> None:
    read(knowledge, cache)
    phrases = Signs({"en": ("after the upgrade",)})
    bad = evolve(knowledge, observations={"seen": ObservationType("seen", {"en": "x"}, signs=phrases)})
    for _ in range(2):
        with pytest.raises(KnowledgeError, match="says no more than 'upgrade'"):
            make_recogniser(bad, cache)


def test_spoilt_files_are_made_anew(knowledge: KnowledgeBase, cache: Cache) -> None:
    without = read(knowledge, cache)
    for file in cache.folder.iterdir():
        file.write_bytes(file.read_bytes()[:-5])
    assert read(knowledge, cache) == without
    assert read(knowledge, cache) == without
