"""What closed tickets teach: words move when the tickets say so, and only then."""

from __future__ import annotations

import random
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import campaign_rules as cr
from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.knowledge import differences
from campaign_rules.learning import Closed, Learnt, Prior, Studied, learn_words, study
from tests.learning.simulated import base, draw

EVEN = {"alpha": 1.0, "beta": 1.0, "gamma": 2.5}


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> cr.KnowledgeBase:
    return base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def skewed(knowledge: cr.KnowledgeBase) -> list[Studied]:
    return [study(one, knowledge) for one in draw(150, {"alpha": 6.0, "beta": 1.0, "gamma": 3.0})]


def _learnt(knowledge: cr.KnowledgeBase, closed: list[Closed], prior: Prior | None = None) -> Learnt:
    return learn_words([study(one, knowledge) for one in closed], knowledge, prior)


def _words(learnt: Learnt) -> dict[str, str]:
    return {one.id: one.word for one in learnt.changes}


def test_without_tickets_everything_is_as_shipped(knowledge: cr.KnowledgeBase) -> None:
    learnt = learn_words([], knowledge)
    assert learnt.changes == ()
    assert differences(knowledge, learnt.knowledge) == ()
    assert {one.section for one in learnt.estimates} == {"modules", "causes"}
    for one in learnt.estimates:
        assert one.value == pytest.approx(one.worth)
        assert one.low < one.worth < one.high


def test_frequencies_of_other_tickets_are_recovered(knowledge: cr.KnowledgeBase) -> None:
    learnt = _learnt(knowledge, draw(600, {"alpha": 1.0, "beta": 0.1, "gamma": 0.4}))
    frequencies = {name: module.frequency for name, module in learnt.knowledge.modules.items()}
    assert frequencies == {"alpha": "common", "beta": "rare", "gamma": "occasional"}


def test_tickets_as_shipped_change_no_frequency(knowledge: cr.KnowledgeBase) -> None:
    learnt = _learnt(knowledge, draw(600, EVEN))
    assert not [one for one in learnt.changes if one.section == "modules"]


def test_the_strength_of_a_rule_is_recovered(knowledge: cr.KnowledgeBase) -> None:
    learnt = _learnt(knowledge, draw(900, EVEN, seen=0.5, false_alarm=0.1))  # 5 times likelier: 7 dB
    assert _words(learnt)["alpha-is-ill"] == "possible"
    (one,) = (one for one in learnt.estimates if one.id == "alpha-is-ill")
    assert one.low < 7.0 < one.high
    assert one.about == "impairs alpha"
    assert learnt.knowledge.rules["alpha-is-ill"].then[0].strength == "possible"


def test_a_module_that_suffers_in_part_of_the_tickets_does_not_bend_a_strength(tmp_path: Path) -> None:
    suffering = base(tmp_path / "base", "strong")
    closed = draw(1500, EVEN, seen=0.6, false_alarm=0.03, shows=suffering.scale.propagation["strong"])
    (found,) = (one for one in _learnt(suffering, closed).estimates if one.id == "gamma-is-ill")
    assert found.value == pytest.approx(13.0, abs=1.0)
    assert not found.changed


def test_a_rule_that_speaks_against_is_weighed_by_its_silence_where_it_holds(
    knowledge: cr.KnowledgeBase,
) -> None:
    well = cr.Observation("alpha-ill", cr.State.ABSENT)
    closed = [
        attrs.evolve(one, observations=(well,) if "alpha-ill" not in one.observations else ())
        for one in draw(900, EVEN, seen=0.81, false_alarm=0.05)  # .19 and .95: 5 times, 7 dB
    ]
    (found,) = (one for one in _learnt(knowledge, closed).estimates if one.id == "alpha-is-well")
    assert found.value == pytest.approx(7.0, abs=1.5)
    assert found.word == "possible"


def test_confirmed_causes_move_the_frequencies_of_causes(knowledge: cr.KnowledgeBase) -> None:
    closed = [
        Closed(f"t{number}", ("alpha-ill",), frozenset({"alpha"}), "heat" if number % 10 else "cold")
        for number in range(60)
    ]
    words = _words(_learnt(knowledge, closed))
    assert words["cold"] == "rare"
    assert words["heat"] == "common"


def test_a_ticket_without_a_cause_says_nothing_about_causes(knowledge: cr.KnowledgeBase) -> None:
    learnt = _learnt(knowledge, [Closed(f"t{n}", ("alpha-cold",), frozenset({"alpha"})) for n in range(60)])
    assert all(one.value == pytest.approx(one.worth) for one in learnt.estimates if one.section == "causes")
    assert not [one for one in learnt.estimates if one.id == "alpha-is-cold"]


def test_a_rule_on_a_cause_is_judged_by_confirmed_causes(knowledge: cr.KnowledgeBase) -> None:
    causes = ["cold"] * 20 + ["heat"] * 80
    closed = [
        Closed(f"t{n}", ("alpha-cold",) if n < 15 or n > 94 else (), frozenset({"alpha"}), cause)
        for n, cause in enumerate(causes)
    ]
    (found,) = (one for one in _learnt(knowledge, closed).estimates if one.id == "alpha-is-cold")
    assert found.counts == "fired in 15 of 20 tickets where it holds, 5 of 80 where not"
    assert found.word == "possible"  # 12 times likelier lies within the interval around the shipped 5


def test_what_a_fault_reaches_counts_as_impaired_in_part(knowledge: cr.KnowledgeBase) -> None:
    shows = knowledge.scale.propagation["weak"]
    one = study(Closed("t", (), frozenset({"beta"})), knowledge)
    assert (one.impairment("beta"), one.impairment("alpha")) == (1.0, 0.0)
    assert one.impairment("gamma") == pytest.approx(shows)
    seen = study(Closed("t", ("gamma-ill",), frozenset({"beta"})), knowledge)
    ratio = seen.diagnosis.ranking.case.likelihood["gamma", ""]
    assert seen.impairment("gamma") == pytest.approx(shows * ratio / (1 + shows * (ratio - 1)))


def test_modules_that_may_be_at_fault_share_a_ticket(knowledge: cr.KnowledgeBase) -> None:
    either = frozenset({"alpha", "gamma"})
    unseen = study(Closed("t", (), either), knowledge)
    assert unseen.roots == pytest.approx({"alpha": 0.4 / 1.4, "gamma": 1.0 / 1.4})
    seen = study(Closed("t", ("alpha-ill",), either), knowledge)
    assert seen.roots["alpha"] > 0.8
    assert sum(seen.roots.values()) == pytest.approx(1.0)


def test_few_tickets_change_no_word(knowledge: cr.KnowledgeBase) -> None:
    assert _learnt(knowledge, draw(4, {"beta": 1.0}), Prior(tickets=0.1, firings=0.1)).changes == ()


@given(order=st.randoms(use_true_random=False))
def test_the_order_of_tickets_does_not_matter(
    knowledge: cr.KnowledgeBase, skewed: list[Studied], order: random.Random
) -> None:
    shuffled = list(skewed)
    order.shuffle(shuffled)
    assert learn_words(shuffled, knowledge).estimates == learn_words(skewed, knowledge).estimates


def test_more_tickets_of_a_module_move_it_further(knowledge: cr.KnowledgeBase) -> None:
    values = []
    for count in range(0, 50, 5):
        learnt = _learnt(knowledge, draw(count, {"beta": 1.0}))
        values += [one.value for one in learnt.estimates if one.id == "beta"]
    assert values == sorted(values)
    assert len(set(values)) == len(values)


def test_the_shipped_knowledge_base_stays_as_it_is(
    knowledge: cr.KnowledgeBase, skewed: list[Studied]
) -> None:
    learnt = learn_words(skewed, knowledge)
    assert learnt.changes
    assert knowledge.modules["alpha"].frequency == "occasional"
    found = {(one.kind, one.id) for one in differences(knowledge, learnt.knowledge)}
    assert found == {(one.section, one.id) for one in learnt.changes}


@pytest.mark.parametrize(
    ("closed", "error", "message"),
    [
        (Closed("t", (), frozenset({"alfa"})), UnknownNameError, "did you mean 'alpha'"),
        (Closed("t", (), frozenset({"alpha"}), "colt"), UnknownNameError, "did you mean 'cold'"),
        (Closed("t", (), frozenset({"beta"}), "cold"), InputError, "one of alpha, but beta was at fault"),
        (Closed("t", (), frozenset()), InputError, "no module"),
    ],
)
def test_a_ticket_that_cannot_be_is_refused(
    knowledge: cr.KnowledgeBase, closed: Closed, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        study(closed, knowledge)
