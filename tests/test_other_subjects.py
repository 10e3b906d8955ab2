"""What is no business of Adobe Campaign accuses nobody, although such tickets share some of its words."""

from __future__ import annotations

from pathlib import Path

import pytest

import campaign_rules as cr

FILE = Path(__file__).parent / "evidence" / "other_subjects.txt"


@pytest.mark.parametrize("sentence", FILE.read_text(encoding="utf-8").splitlines())
def test_a_ticket_about_something_else_has_no_suspect(sentence: str) -> None:
    assert cr.diagnose(cr.read_ticket(sentence)).suspects == ()
