"""The accuracy benchmark: what counts as right, on tickets of the test's own."""

from __future__ import annotations

import json
from pathlib import Path

import campaign_rules as cr
from benchmarks.incidents import FOLDER, SHIPPED, components, measure, outcomes, ranked

KNOWN = components()
TICKET = {"ticket": "The stat process is not running.", "artifacts": [], "also_acceptable": []}


def test_a_component_counts_at_its_first_rank_only() -> None:
    assert ranked(["tomcat", "jvm", "web", "mta"], KNOWN) == [{"web"}, {"mta"}]


def test_a_module_under_no_component_is_one_itself() -> None:
    assert ranked(["watch-this"], KNOWN) == [{"watch-this"}]


def test_strict_and_lenient() -> None:
    assert set(outcomes({**TICKET, "root_module": "stat"}, KNOWN)) == {
        *("answered", "strict 1", "strict 3", "lenient 1", "lenient 3")
    }
    accepted = {**TICKET, "root_module": "web", "also_acceptable": ["stat"]}
    assert set(outcomes(accepted, KNOWN)) == {"answered", "lenient 1", "lenient 3"}


def test_a_row_gives_the_shares(tmp_path: Path) -> None:
    path = tmp_path / "two_tickets.jsonl"
    tickets = [{**TICKET, "root_module": "stat"}, {**TICKET, "ticket": "Hello", "root_module": "stat"}]
    path.write_text("\n".join(map(json.dumps, tickets)), encoding="utf-8")
    assert measure(path, KNOWN, misses=False) == "| two tickets | 2 | 0.50 | 0.50 | 0.50 | 0.50 | 0.50 |"


def test_components_and_tickets_name_what_there_is() -> None:
    modules = set(cr.load_knowledge().modules)
    assert set(KNOWN) <= modules
    labels = {label for names in KNOWN.values() for label in names} | modules
    for path in SHIPPED:
        for line in path.read_text(encoding="utf-8").splitlines():
            incident = json.loads(line)
            assert {incident["root_module"], *incident["also_acceptable"]} <= labels, incident["id"]


def test_no_ticket_is_both_read_and_held_out() -> None:
    read, held_out = (
        {json.loads(line)["ticket"] for line in path.read_text("utf-8").splitlines()} for path in SHIPPED
    )
    assert not read & held_out
    assert FOLDER.is_dir()
