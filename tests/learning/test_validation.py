"""Cross-validation: no ticket is judged by what it taught itself."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import attrs
import pytest

import campaign_rules as cr
from campaign_rules.errors import InputError
from campaign_rules.learning import Closed, Studied, Validation, cross_validate, learn_words, study
from campaign_rules.scoring import tally
from tests.learning.simulated import base, draw


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> cr.KnowledgeBase:
    return base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def studied(knowledge: cr.KnowledgeBase) -> list[Studied]:
    closed = draw(90, {"alpha": 1.0, "beta": 0.1, "gamma": 0.4}, seen=0.6, false_alarm=0.3)
    return [study(one, knowledge) for one in closed]


class Recorder:
    """Learns nothing, and remembers what it was shown."""

    def __init__(self, knowledge: cr.KnowledgeBase) -> None:
        self.knowledge = knowledge
        self.seen: list[frozenset[str]] = []

    def __call__(self, taught: Sequence[Studied]) -> cr.KnowledgeBase:
        self.seen.append(frozenset(one.closed.id for one in taught))
        return self.knowledge


def test_every_ticket_is_held_out_once_and_modules_are_spread(
    knowledge: cr.KnowledgeBase, studied: list[Studied]
) -> None:
    recorder = Recorder(knowledge)
    cross_validate(studied, recorder, folds=5)
    everything = {one.closed.id: one for one in studied}
    held_out = [everything.keys() - seen for seen in recorder.seen]
    assert sorted(name for fold in held_out for name in fold) == sorted(everything)
    of_alpha = [sum("alpha" in everything[name].closed.modules for name in fold) for fold in held_out]
    assert max(of_alpha) - min(of_alpha) <= 1


def test_learning_nothing_changes_nothing(knowledge: cr.KnowledgeBase, studied: list[Studied]) -> None:
    found = cross_validate(studied, Recorder(knowledge))
    assert found.before == found.after
    assert found.before == tally((one.closed.modules, one.diagnosis.suspects) for one in studied)
    assert (found.gained, found.lost, found.p_value) == (0, 0, 1.0)


def test_a_learner_by_heart_shines_only_on_what_it_was_taught(knowledge: cr.KnowledgeBase) -> None:
    """One ticket each of three modules, nothing to tell them apart: by heart, the taught module is common.

    If a ticket that is judged leaked into what is taught, its module would come first.
    """
    closed = [
        Closed(name, ("alpha-ill", "beta-ill", "gamma-ill"), frozenset({name}))
        for name in ("alpha", "beta", "gamma")
    ]
    tickets = [study(one, _level(knowledge)) for one in closed]

    def by_heart(taught: Sequence[Studied]) -> cr.KnowledgeBase:
        known = frozenset().union(*(one.closed.modules for one in taught))
        return _level(knowledge, known)

    assert cross_validate(tickets, by_heart, folds=3).after.top[1] == 0.0
    leaked = [by_heart([one]) for one in tickets]
    firsts = [
        cr.diagnose(one.observations, knowledge=taught).suspects[0].module
        for one, taught in zip(closed, leaked, strict=True)
    ]
    assert firsts == ["alpha", "beta", "gamma"]


def _level(knowledge: cr.KnowledgeBase, common: frozenset[str] = frozenset()) -> cr.KnowledgeBase:
    """Make all modules and rules alike, but for those that are at fault commonly."""
    return attrs.evolve(
        knowledge,
        modules={
            name: attrs.evolve(module, frequency="common" if name in common else "rare")
            for name, module in knowledge.modules.items()
        },
        dependencies=(),
        rules={
            name: attrs.evolve(rule, then=tuple(attrs.evolve(one, strength="likely") for one in rule.then))
            for name, rule in knowledge.rules.items()
            if name.endswith("-is-ill")
        },
    )


def test_the_order_of_tickets_does_not_matter(knowledge: cr.KnowledgeBase, studied: list[Studied]) -> None:
    shuffled = list(studied)
    random.Random(3).shuffle(shuffled)
    found = [
        cross_validate(some, lambda taught: learn_words(taught, knowledge).knowledge)
        for some in (studied, shuffled)
    ]
    assert found[0] == found[1]


def test_learning_helps_where_the_tickets_differ_from_what_is_shipped(knowledge: cr.KnowledgeBase) -> None:
    closed = draw(400, {"alpha": 1.0, "beta": 0.1, "gamma": 0.1}, seen=0.5, false_alarm=0.3)
    tickets = [study(one, knowledge) for one in closed]
    found = cross_validate(tickets, lambda taught: learn_words(taught, knowledge).knowledge)
    assert found.after.top[1] > found.before.top[1]
    assert found.gained > found.lost
    assert found.p_value < 0.05


def test_gains_and_losses_are_compared_as_tosses_of_a_coin() -> None:
    nothing = tally([])
    assert Validation(5, nothing, nothing, gained=4, lost=1).p_value == pytest.approx(2 * 6 / 32)
    assert Validation(5, nothing, nothing, gained=2, lost=2).p_value == 1.0


@pytest.mark.parametrize(("folds", "message"), [(1, "2 or more"), (91, "90 tickets")])
def test_folds_that_cannot_be_are_refused(
    knowledge: cr.KnowledgeBase, studied: list[Studied], folds: int, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        cross_validate(studied, Recorder(knowledge), folds=folds)


def test_the_seed_deals_the_folds(knowledge: cr.KnowledgeBase, studied: list[Studied]) -> None:
    recorders = [Recorder(knowledge) for _ in range(3)]
    for recorder, seed in zip(recorders, (0, 0, 1), strict=True):
        cross_validate(studied, recorder, seed=seed)
    first, same, other = (Counter(recorder.seen) for recorder in recorders)
    assert first == same
    assert first != other
