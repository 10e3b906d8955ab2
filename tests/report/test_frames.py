"""A diagnosis as tables of pandas and Polars."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

import campaign_rules as cr
from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.report.frames import COLUMNS, LIBRARIES


@pytest.fixture(scope="module")
def diagnosis() -> cr.Diagnosis:
    place = cr.Provenance("mta.log", 3, "No mail")
    given = cr.Observation("mails-not-sent", provenance=(place,))
    return cr.diagnose([given, "process-missing-stat@prod", "ctx-os=linux", "ctx-build=9352"])


def installed(name: str) -> ModuleType:
    """Return a library; it is missing where it has no wheel for this Python."""
    return pytest.importorskip(name)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("part", sorted(COLUMNS))
def test_a_part_is_a_table_of_its_entries(diagnosis: cr.Diagnosis, part: str, library: str) -> None:
    installed(library)
    frame = diagnosis.to_frame(part, library)
    assert type(frame).__module__.startswith(library)
    assert tuple(frame.columns) == COLUMNS[part]
    expected = {
        "suspects": len(diagnosis.suspects),
        "evidence": sum(len(one.evidence) for one in diagnosis.suspects),
        "plan": len(diagnosis.plan),
        "observations": len(diagnosis.observations),
        "next_checks": len(diagnosis.next_checks),
    }
    assert len(frame) == expected[part]


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_evidence_adds_up_to_the_odds(diagnosis: cr.Diagnosis, library: str) -> None:
    installed(library)
    frame = diagnosis.to_frame("evidence", library)
    first = diagnosis.suspects[0]
    rows = zip(frame["module"], frame["instance"], frame["decibans"], strict=True)
    total = sum(weight for module, instance, weight in rows if (module, instance) == ("stat", "prod"))
    assert (first.module, first.instance) == ("stat", "prod")
    assert total == pytest.approx(sum(weight.decibans for weight in first.evidence), abs=1e-4)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_table_may_be_empty(library: str) -> None:
    installed(library)
    frame = cr.diagnose([]).to_frame("suspects", library)
    assert (len(frame), tuple(frame.columns)) == (0, COLUMNS["suspects"])


def test_a_diagnosis_makes_its_own_frames(diagnosis: cr.Diagnosis) -> None:
    installed(LIBRARIES[0])
    assert next(iter(diagnosis.to_frame()["module"])) == diagnosis.suspects[0].module


def test_unknown_parts_and_libraries_are_named(diagnosis: cr.Diagnosis) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'suspects'"):
        diagnosis.to_frame("suspect")
    with pytest.raises(UnknownNameError, match="did you mean 'pandas'"):
        diagnosis.to_frame(library="panda")


def test_without_a_library_it_is_said_what_to_install(
    diagnosis: cr.Diagnosis, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in LIBRARIES:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match="pip install pandas"):
        diagnosis.to_frame()
