"""Overlays change single entries of the rule base below them, and nothing by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign_rules.errors import KnowledgeError
from campaign_rules.knowledge import load, load_with_warnings, read_scenarios
from campaign_rules.model import KnowledgeBase
from tests.rule_bases import write_rule_base

STEP = """\
steps:
  - id: wait
    action: {en: Call us, it: Chiamateci}
    place: anywhere
"""
RULE = """\
rules:
  - id: queue-of-ours
    when: {all: [{fact: queue, at_least: 50}]}
    then: [{supports: mta-overloaded, strength: likely}]
"""


@pytest.fixture
def below(tmp_path: Path) -> Path:
    return write_rule_base(tmp_path / "below")


def overlay(tmp_path: Path, name: str = "my-rules", **files: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    for file, text in files.items():
        path = folder / f"{file.replace('__', '/')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path, below: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as refused:
        load(folder, below)
    return [
        problem.replace(f"{below}/", "below/").replace(f"{folder}/", "") for problem in refused.value.problems
    ]


def test_an_overlay_adds(tmp_path: Path, below: Path) -> None:
    changed = load(overlay(tmp_path, ours=RULE), below)
    assert changed.rules.keys() == load(below).rules.keys() | {"queue-of-ours"}


def test_an_overlay_replaces_what_it_announces(tmp_path: Path, below: Path) -> None:
    changed = load(overlay(tmp_path, ours=STEP, overlay="replace: {steps: [wait]}\n"), below)
    assert changed.steps["wait"].action["en"] == "Call us"
    assert changed.steps.keys() == load(below).steps.keys()


def test_an_overlay_disables(tmp_path: Path, below: Path) -> None:
    changed, warnings = load_with_warnings(overlay(tmp_path, overlay="disable: {rules: [no-mail]}\n"), below)
    assert changed.rules.keys() == load(below).rules.keys() - {"no-mail"}
    assert [str(one).replace(str(below), "below") for one in warnings] == [
        "below/area.yaml:13: observation 'mails-not-sent' is used by no rule"
    ]


def test_idle_entries_of_the_overlay_itself_are_faults(tmp_path: Path, below: Path) -> None:
    idle = "observations:\n  - id: idle\n    label: {en: Idle, it: Inutile}\n"
    assert faults(overlay(tmp_path, ours=idle), below) == [
        "ours.yaml:2: observation 'idle' is used by no rule"
    ]


def test_an_id_of_the_base_is_not_replaced_by_accident(tmp_path: Path, below: Path) -> None:
    assert faults(overlay(tmp_path, ours=STEP), below) == [
        "ours.yaml:2: id 'wait' is already used at below/area.yaml:56; to replace that entry, "
        "list it under 'replace: {steps: [wait]}' in overlay.yaml"
    ]


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (
            "disable:\n  rules: [no-mial]\n",
            "overlay.yaml:2: cannot disable 'no-mial': no such id in rules of the rule base below "
            "(did you mean 'no-mail'?)",
        ),
        (
            "replace:\n  causes:\n    - wiat\n",
            "overlay.yaml:3: cannot replace 'wiat': no such id in causes of the rule base below",
        ),
        (
            "replace: {steps: [start-stat]}\n",
            "overlay.yaml:1: 'start-stat' is to be replaced, but no file of this folder gives it; "
            "list it under 'disable'",
        ),
        (
            "disable: {steps: [wait]}\n",
            "overlay.yaml:1: 'wait' is disabled, yet given by this folder; list it under 'replace'",
        ),
        (
            "disable: {steps: [wait]}\nreplace: {steps: [wait]}\n",
            "overlay.yaml:1: 'wait' is disabled, yet listed under 'replace', too",
        ),
        ("name: our rules\n", "overlay.yaml:1: name 'our rules' is for a version"),
        ("disabel: {}\n", "overlay.yaml:1: unknown key 'disabel' (did you mean 'disable'?)"),
        ("disable: {rule: [no-mail]}\n", "overlay.yaml:1: unknown key 'rule' (did you mean 'rules'?)"),
    ],
)
def test_what_an_overlay_says_wrongly(tmp_path: Path, below: Path, head: str, message: str) -> None:
    found = faults(overlay(tmp_path, ours=STEP, overlay=head), below)
    assert any(line.startswith(message) for line in found), found


def test_what_still_refers_to_a_disabled_entry(tmp_path: Path, below: Path) -> None:
    folder = overlay(tmp_path, overlay="name: ours\ndisable:\n  causes: [stat-stopped]\n")
    found = faults(folder, below)
    hint = "unknown cause 'stat-stopped' (disabled at overlay.yaml:3)"
    assert f"below/area.yaml:32: {hint}" in found
    assert f"below/area.yaml:35: {hint}" in found


def test_an_id_in_the_wrong_kind_is_found(tmp_path: Path, below: Path) -> None:
    fact = "facts:\n  - id: queue\n    label: {en: Queue, it: Coda}\n"
    assert any(
        line == "ours.yaml:2: id 'queue' is already used at below/area.yaml:20"
        for line in faults(overlay(tmp_path, ours=fact), below)
    )


def versions(*bases: KnowledgeBase) -> list[str]:
    return [base.version for base in bases]


def test_version_and_fingerprint_cover_base_and_overlay(tmp_path: Path, below: Path) -> None:
    base = load(below)
    ours = load(overlay(tmp_path, "My rules_2", ours=RULE), below)
    same = load(overlay(tmp_path, "same", ours=RULE, overlay="name: same.too\n"), below)
    other = load(overlay(tmp_path, "other", ours=RULE.replace("50", "60")), below)
    assert versions(base, ours, same, other) == ["1", "1+My-rules-2", "1+same.too", "1+other"]
    (below / "area.yaml").write_text((below / "area.yaml").read_text().replace("Wait,", "Wait longer,"))
    moved = load(tmp_path / "My rules_2", below)
    assert len({one.fingerprint for one in (base, ours, same, other, moved)}) == 5


def test_an_overlay_knows_its_folder_from_inside(
    tmp_path: Path, below: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(overlay(tmp_path, ours=RULE))
    assert load(Path("."), below).version == "1+my-rules"


def test_placeholders_and_languages_of_an_overlay(tmp_path: Path, below: Path) -> None:
    step = STEP.replace("place:", "commands: [feed <feed>]\n    place:")
    head = "replace: {steps: [wait], languages: [it]}\nplaceholders: [feed]\n"
    language = "language: {code: it, negations: [niente]}\n"
    changed = load(overlay(tmp_path, ours=step, overlay=head, language__it=language), below)
    assert changed.languages["it"].negations == ("niente",)


def test_a_whole_rule_base_takes_no_overlay(below: Path) -> None:
    (below / "overlay.yaml").write_text("name: ours\n")
    with pytest.raises(
        KnowledgeError, match=r"overlay\.yaml:1: a folder with knowledge\.yaml is a whole rule base"
    ):
        load(below)


def scenario(name: str, root: str) -> str:
    return f"  - id: {name}\n    observe: [stat-missing]\n    expect: {{root: {root}}}\n"


def test_scenarios_are_those_of_both(tmp_path: Path, below: Path) -> None:
    (below / "scenarios").mkdir()
    (below / "scenarios" / "area.yaml").write_text(
        "scenarios:\n" + scenario("kept", "stat") + scenario("gone", "stat") + scenario("anew", "stat")
    )
    head = "disable: {scenarios: [gone]}\nreplace: {scenarios: [anew]}\n"
    ours = "scenarios:\n" + scenario("anew", "mta") + scenario("ours", "mta")
    folder = overlay(tmp_path, overlay=head, scenarios__ours=ours)
    found = {entry.value.id: entry.value.expect.root for entry in read_scenarios(folder, below)}
    assert found == {"kept": "stat", "anew": "mta", "ours": "mta"}
    (folder / "overlay.yaml").write_text("name: ours\n")
    with pytest.raises(KnowledgeError, match=r"ours\.yaml:2: id 'anew' is already used at .*area\.yaml:8"):
        read_scenarios(folder, below)


def test_an_overlay_lies_over_the_shipped_rule_base(tmp_path: Path) -> None:
    folder = overlay(tmp_path, overlay="disable: {scenarios: [the-page-in-italian]}\n")
    base = load(folder)
    assert base.version.endswith("+my-rules")
    assert "mta" in base.modules
    assert "the-page-in-italian" not in {entry.value.id for entry in read_scenarios(folder)}
