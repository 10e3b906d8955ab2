from __future__ import annotations

from campaign_rules.evidence.merge import merge, settle
from campaign_rules.model import Observation, Provenance, State


def seen(name: str, state: State = State.PRESENT, line: int = 1, instance: str = "") -> Observation:
    return Observation(name, state, None, instance, (Provenance("a", line),))


def test_equal_observations_unite_with_sorted_places() -> None:
    assert merge([seen("b", line=2), seen("a"), seen("b", line=1)]) == (
        seen("a"),
        Observation("b", provenance=(Provenance("a", 1), Provenance("a", 2))),
    )


def test_different_instances_and_values_stay_apart() -> None:
    one, two = seen("a", instance="prod"), seen("a", instance="dev")
    assert merge([one, two]) == (two, one)
    numbers = [Observation("a", value=95.0), Observation("a", value=7.0), Observation("a", value="x")]
    assert len(merge(numbers)) == 3


def test_the_more_trusted_rank_stands() -> None:
    absent, present = seen("a", State.ABSENT), seen("a", line=2)
    assert settle([absent], [present]) == (absent,)
    assert settle([present], [absent]) == (present,)


def test_within_a_rank_what_is_present_stands() -> None:
    absent, present = seen("a", State.ABSENT), seen("a", line=2)
    assert settle([absent, present]) == settle([present, absent]) == (present,)


def test_contradictions_concern_one_instance() -> None:
    absent, present = seen("a", State.ABSENT, instance="dev"), seen("a", instance="prod")
    assert settle([absent], [present]) == (absent, present)


def test_agreeing_ranks_add_their_places() -> None:
    (united,) = settle([seen("a", line=1)], [seen("a", line=2)])
    assert [place.line for place in united.provenance] == [1, 2]
