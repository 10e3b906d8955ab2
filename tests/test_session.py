"""Sessions: the diagnosis is that of the present set, whatever came and went."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules import InputError, Observation, Session, State, UnknownNameError, diagnose, load_knowledge
from tests.rule_bases import write_rule_base

NAMES = ["mails-not-sent", "stat-missing", "queue=2000", "stat-missing@prod"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory):
    return load_knowledge(write_rule_base(tmp_path_factory.mktemp("base") / "rules"))


def test_observing_and_retracting(base) -> None:
    with Session(knowledge=base) as session:
        assert session.diagnosis.suspects == ()
        session.observe("mails-not-sent")
        assert session.diagnosis.suspects[0].module == "mta"
        session.observe("stat-missing")
        assert session.diagnosis.suspects[0].module == "stat"
        session.retract("stat-missing")
        assert session.diagnosis.suspects[0].module == "mta"
    assert session.observations == ()


@given(steps=st.lists(st.tuples(st.sampled_from(["observe", "retract"]), st.sampled_from(NAMES)), max_size=8))
def test_retraction_leaves_no_trace(base, steps: list[tuple[str, str]]) -> None:
    session = Session(knowledge=base)
    kept: list[str] = []
    for verb, name in steps:
        if verb == "observe":
            session.observe(name)
            kept.append(name)
        else:
            session.retract(name)
            bare = name.split("=")[0]
            kept = [other for other in kept if other.split("=")[0] != bare]
    assert session.diagnosis.to_dict() == diagnose(kept, knowledge=base).to_dict()


def test_an_answer_replaces_what_was_known(base) -> None:
    session = Session(knowledge=base)
    session.observe("stat-missing")
    session.answer("stat-missing", "absent")
    assert session.observations == (Observation("stat-missing", State.ABSENT),)
    session.answer("stat-missing", State.UNKNOWN)
    assert session.diagnosis.suspects == ()


def test_a_refused_observation_changes_nothing(base) -> None:
    session = Session(knowledge=base)
    session.observe("mails-not-sent")
    with pytest.raises(UnknownNameError, match="did you mean 'stat-missing'"):
        session.observe("queue=5", "stat-mising")
    with pytest.raises(InputError):
        session.observe("queue=long")
    assert session.observations == (Observation("mails-not-sent"),)


PHASES = ["diagnosis.compile_program", "diagnosis.prove", "ranking.rank", "remediation.plan"]


def control_c(*_: object) -> None:
    """Interrupt, also in a process that was started to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


def fail(*_: object) -> None:
    raise MemoryError


@pytest.mark.parametrize("phase", [*PHASES, "ranking.next_checks"])
@pytest.mark.parametrize(("stop", "error"), [(control_c, KeyboardInterrupt), (fail, MemoryError)])
def test_an_interrupted_diagnosis_can_be_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phase: str, stop: object, error: type[BaseException]
) -> None:
    fresh = load_knowledge(write_rule_base(tmp_path / "rules"))
    session = Session(knowledge=fresh)
    session.observe("mails-not-sent")
    with monkeypatch.context() as patch:
        patch.setattr(f"campaign_rules.{phase}", stop)
        with pytest.raises(error):
            _ = session.diagnosis
    assert session.diagnosis.to_dict() == diagnose(["mails-not-sent"], knowledge=fresh).to_dict()
    session.observe("stat-missing")
    assert session.diagnosis.suspects[0].module == "stat"
