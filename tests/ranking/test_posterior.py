from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.errors import UnknownNameError
from campaign_rules.model import Cause, Dependency, Module, Scope
from campaign_rules.ranking import rank
from tests.ranking.small_base import SCALE, clears, impairs, knowledge_base, refutes, supports

BASE = knowledge_base()
LEAK = 0.1

items = st.lists(
    st.one_of(
        *[
            st.builds(
                make,
                st.sampled_from(targets),
                st.sampled_from([3.0, 10.0, 20.0]),
                st.sampled_from("uvwxyz"),
                instance=st.sampled_from(["", "prod", "dev"]),
            )
            for make, targets in [
                (impairs, sorted(BASE.modules)),
                (clears, sorted(BASE.modules)),
                (supports, sorted(BASE.causes)),
                (refutes, sorted(BASE.causes)),
            ]
        ]
    ),
    max_size=8,
)


@given(items)
def test_prior_and_terms_sum_to_the_odds_against_none(evidence):
    ranking = rank(BASE, evidence)
    for suspect in ranking.suspects:
        odds = 10 * math.log10(suspect.probability / ranking.none_probability)
        terms = suspect.prior_decibans + sum(weight.decibans for weight in suspect.evidence)
        assert terms == pytest.approx(odds, abs=1e-9)


@given(items)
def test_hypotheses_none_and_elsewhere_sum_to_one_and_causes_to_their_module(evidence):
    ranking = rank(BASE, evidence)
    total = sum(hypothesis.probability for hypothesis in ranking.hypotheses)
    assert total + ranking.none_probability + ranking.elsewhere_probability == pytest.approx(1, abs=1e-9)
    for suspect in ranking.suspects:
        inside = sum(
            h.probability
            for h in ranking.hypotheses
            if (h.module, h.instance) == (suspect.module, suspect.instance)
        )
        assert inside == pytest.approx(suspect.probability, abs=1e-9)


@given(items, st.randoms(use_true_random=False))
def test_the_order_of_evidence_does_not_matter(evidence, random):
    shuffled = list(evidence)
    random.shuffle(shuffled)
    assert rank(BASE, shuffled) == rank(BASE, evidence)


@given(items)
def test_suspects_are_listed_likeliest_first(evidence):
    suspects = rank(BASE, evidence).suspects
    assert len(suspects) <= 10
    assert all(suspect.probability >= 0.01 for suspect in suspects)
    assert [suspect.probability for suspect in suspects] == pytest.approx(
        sorted((suspect.probability for suspect in suspects), reverse=True), abs=1e-11
    )


@pytest.mark.parametrize(
    ("evidence", "answers"),
    [
        ([impairs("mta")], {"mta", "stat"}),
        ([impairs("wf"), impairs("mta", 5), clears("stat", 3)], {"wf", "mta", "stat"}),
        ([impairs("wf"), supports("port", 20), refutes("worn", 3)], {"wf", "mta", "stat"}),
        ([clears("wf"), impairs("stat"), supports("worn")], {"mta", "stat"}),
    ],
)
def test_the_posterior_is_exact_on_a_chain_over_what_accounts_for_anything(evidence, answers):
    base = knowledge_base(
        modules=[
            Module("wf", {}, Scope.MACHINE, frequency="occasional"),
            Module("mta", {}, Scope.MACHINE, frequency="common"),
            Module("stat", {}, Scope.MACHINE, frequency="rare"),
        ],
        dependencies=[Dependency("wf", "mta", "medium"), Dependency("mta", "stat", "strong")],
        causes=[Cause("port", "stat", {}, "common"), Cause("worn", "mta", {}, "rare")],
    )
    ranking = rank(base, evidence)
    exact = brute_force(base, evidence)
    assert {hypothesis.module for hypothesis in ranking.hypotheses} == answers
    kept = sum(chance for key, chance in exact.items() if isinstance(key, str) or key[0] in answers)
    for hypothesis in ranking.hypotheses:
        key = (hypothesis.module, hypothesis.cause)
        assert hypothesis.probability == pytest.approx(exact[key] / kept, rel=1e-9)
    assert ranking.none_probability == pytest.approx(exact["none"] / kept, rel=1e-9)
    assert ranking.elsewhere_probability == pytest.approx(exact["elsewhere"] / kept, rel=1e-9)


def brute_force(base, evidence):
    """The posterior by enumeration of the states of all modules under every hypothesis.

    A cause that something speaks for competes with the unspecified one, as if no other were known.
    """
    ratios, lambdas = {}, {}
    for item in evidence:
        table = lambdas if item.target in base.causes else ratios
        table[item.target] = table.get(item.target, 1.0) * 10 ** (item.decibans / 10)
    ratios = {node: min(max(ratio, 0.3 / 0.95), 0.7 / 0.05) for node, ratio in ratios.items()}
    needs = {(edge.module, edge.on): SCALE.propagation[edge.strength] for edge in base.dependencies}
    modules = sorted(base.modules)

    def likelihood(root, leak):
        total = 0.0
        for states in itertools.product((False, True), repeat=len(modules)):
            impaired = dict(zip(modules, states, strict=True))
            probability = 1.0
            for module in modules:
                spared = math.prod(1 - p for (v, c), p in needs.items() if v == module and impaired[c])
                spared *= 1 - leak if module in ratios else 1.0
                spared = 0.0 if module == root else spared
                probability *= 1 - spared if impaired[module] else spared
            total += probability * math.prod(ratios.get(m, 1.0) for m in modules if impaired[m])
        return total

    frequencies = SCALE.frequencies
    weights = {"none": 1.0, "elsewhere": frequencies["common"] * likelihood(None, LEAK)}
    for module in modules:
        causes = {"": frequencies["occasional"]}
        causes |= {c.id: frequencies[c.frequency] for c in base.causes.values() if c.module == module}
        shares = {cause: frequency / sum(causes.values()) for cause, frequency in causes.items()}
        joint = {cause: share * lambdas.get(cause, 1.0) for cause, share in shares.items()}
        average = sum(joint.values())
        rivals = {cause: share / (share + shares[""]) for cause, share in shares.items()}
        best = max((rivals[cause] - shares[cause]) * (lambdas.get(cause, 1.0) - 1) for cause in shares)
        best = max(best, 0.0)
        of_module = frequencies[base.modules[module].frequency] * likelihood(module, 0.0)
        for cause, part in joint.items():
            weights[module, cause] = of_module * (average + best) * part / average
    total = sum(weights.values())
    return {key: weight / total for key, weight in weights.items()}


def test_no_evidence_implicates_nothing():
    ranking = rank(BASE, [])
    assert ranking.suspects == ()
    assert ranking.unexplained == ()


def test_only_good_news_implicates_nothing():
    assert rank(BASE, [clears("mta"), clears("web"), refutes("port")]).suspects == ()


def test_a_shared_dependency_explains_several_impaired_modules():
    ranking = rank(BASE, [impairs("web", 20), impairs("mta", 20), impairs("wf", 20)])
    first = ranking.suspects[0]
    assert (first.module, first.explains) == ("db", ("mta", "web", "wf"))
    assert not first.observed
    assert ranking.unexplained == ()


def test_what_the_first_suspect_does_not_account_for_is_unexplained():
    ranking = rank(BASE, [impairs("stat", 20), impairs("mta", 20), impairs("web", 5)])
    assert ranking.suspects[0].module == "stat"
    assert ranking.unexplained == ("web",)


def test_a_cleared_dependency_is_less_likely_than_an_unobserved_one():
    def probability(evidence):
        return next(s.probability for s in rank(BASE, evidence).suspects if s.module == "stat")

    assert probability([impairs("mta"), clears("stat")]) < probability([impairs("mta")])


def test_instances_are_kept_apart():
    ranking = rank(BASE, [impairs("mta", instance="prod"), clears("mta", instance="dev")])
    by_node = {(s.module, s.instance): s.probability for s in ranking.suspects}
    assert ranking.suspects[0].instance == "prod"
    assert by_node["mta", "prod"] > by_node.get(("mta", "dev"), 0.0)


def test_evidence_without_an_instance_is_about_every_named_one():
    named = rank(BASE, [impairs("mta", 10, "x"), impairs("web", instance="prod")])
    assert named == rank(BASE, [impairs("mta", 10, "x", instance="prod"), impairs("web", instance="prod")])


def test_evidence_about_a_machine_wide_module_counts_once_whatever_the_instance():
    once = rank(BASE, [impairs("db", 5, "x", instance="prod")])
    copied = rank(BASE, [impairs("db", 5, "x", instance="prod"), impairs("db", 5, "x")])
    assert copied == once


def test_a_cause_explains_only_its_own_module():
    suspects = {s.module: s for s in rank(BASE, [supports("tablespace", 20), impairs("mta", 5)]).suspects}
    assert suspects["db"].cause == "tablespace"
    assert all(weight.rule != "supports-tablespace-20" for weight in suspects["mta"].evidence)


def test_unknown_names_are_refused_with_the_nearest():
    with pytest.raises(UnknownNameError, match=r"unknown module 'mtaa' .did you mean 'mta'"):
        rank(BASE, [impairs("mtaa")])
    with pytest.raises(UnknownNameError, match=r"unknown cause 'prt' .did you mean 'port'"):
        rank(BASE, [supports("prt")])


def test_causes_are_the_posteriors_of_the_known_causes():
    causes = rank(BASE, [supports("port"), impairs("db")]).causes
    assert set(causes) == {("db", "", "tablespace"), ("db", "", "locks"), ("stat", "", "port")}
    assert max(causes, key=causes.__getitem__) == ("stat", "", "port")
