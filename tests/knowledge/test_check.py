"""The strict checker: each fault is refused at its line, with the nearest right word."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign_rules.errors import InputError, KnowledgeError
from campaign_rules.knowledge import load
from tests.rule_bases import AREA, KNOWLEDGE, write_rule_base


def problems(folder: Path, area: str, knowledge: str = KNOWLEDGE) -> list[str]:
    with pytest.raises(KnowledgeError) as refused:
        load(write_rule_base(folder / "rules", area, knowledge))
    return [problem.replace(f"{folder / 'rules'}/", "") for problem in refused.value.problems]


def line_of(text: str, area: str = AREA) -> int:
    return next(number for number, line in enumerate(area.splitlines(), 1) if text in line)


def test_a_sound_rule_base_loads(tmp_path: Path) -> None:
    base = load(write_rule_base(tmp_path / "rules"))
    assert sorted(base.modules) == ["mta", "stat"]
    assert base.dependencies[0].on == "stat"
    assert len(base.fingerprint) == 64


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    one = load(write_rule_base(tmp_path / "one"))
    same = load(write_rule_base(tmp_path / "same"))
    other = load(write_rule_base(tmp_path / "other", AREA.replace("Wait,", "Wait longer,")))
    assert one.fingerprint == same.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("on: stat,", "on: stas,", "unknown module 'stas' (did you mean 'stat'?)"),
        (
            "strength: strong",
            "strength: strnog",
            "unknown strength of a dependency 'strnog' (did you mean 'strong'?)",
        ),
        (
            "listed: true\n    depends_on",
            "lsited: true\n    depends_on",
            "unknown key 'lsited' (did you mean 'listed'?)",
        ),
        (
            "all: [mails-not-sent]",
            "all: [mail-not-sent]",
            "unknown observation or derived fact 'mail-not-sent'",
        ),
        ("{impairs: mta,", "{impairs: mtaa,", "unknown module 'mtaa' (did you mean 'mta'?)"),
        ("{impairs: mta,", "{impair: mta,", "unknown word 'impair' (did you mean 'impairs'?)"),
        ("supports: mta-overloaded", "supports: mta-overload", "unknown cause 'mta-overload'"),
        (
            "strength: possible",
            "strength: possibel",
            "unknown strength 'possibel' (did you mean 'possible'?)",
        ),
        (
            "remedy: [start-stat]",
            "remedy: [start-sta]",
            "unknown step 'start-sta' (did you mean 'start-stat'?)",
        ),
        ("remedy: [wait]", "remedy: []", "cause 'mta-overloaded' has no remedy"),
        ("disruption: low", "disruption: lwo", "unknown word 'lwo' (did you mean 'low'?)"),
        ("module: mta\n", "module: 7\n", "module: expected a text, not 7"),
        ("at_least: 1000", "at_least: many", "at_least needs a number, not 'many'"),
        (
            "{absent: stat-missing}",
            "{absent: queue-long}",
            "is derived and never observed absent; use 'unless'",
        ),
        ("unless: []", "unless: [mails-not-sent]", "unknown derived fact 'mails-not-sent'"),
        ("- id: mta-slow", "- id: no-mail", "id 'no-mail' is already used at"),
        ("- id: queue\n", "- id: mails-not-sent\n", "id 'mails-not-sent' is already used at"),
        ("it: stat è fermo", "it: ''", "label of 'stat-stopped' has no text for language 'it'"),
        ("phrases: {en: [", "phrases: {eng: [", "unknown language 'eng' (did you mean 'en'?)"),
        (
            "phrases: {en: [",
            "recovered: ['(']\n      phrases: {en: [",
            "pattern '(' is not a regular expression",
        ),
        ("all: [queue-long]", "all: [queue]", "fact 'queue-long' is used by no rule"),
        ("all: [mails-not-sent]", "all: [stat-missing]", "observation 'mails-not-sent' is used by no rule"),
        ("remedy: [wait]", "remedy: [start-stat]", "step 'wait' is in no cause's remedy"),
        ("module: mta\n", "module: stat\n", "module 'mta' has no cause, so nothing remedies it"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    assert AREA.count(right) >= 1
    found = problems(tmp_path, AREA.replace(right, wrong, 1))
    matching = [problem for problem in found if message in problem]
    assert matching, found
    file, line, _ = matching[0].split(":", 2)
    assert file == "area.yaml"
    assert 1 <= int(line) <= len(AREA.splitlines())


def test_the_line_is_that_of_the_wrong_word(tmp_path: Path) -> None:
    found = problems(tmp_path, AREA.replace("remedy: [start-stat]", "remedy: [strat-stat]"))
    line = line_of("remedy: [start-stat]")
    assert f"area.yaml:{line}: unknown step 'strat-stat' (did you mean 'start-stat'?)" in found


def test_the_line_is_that_of_the_key_that_is_wrong(tmp_path: Path) -> None:
    """The same word is right elsewhere in the entry."""
    found = problems(tmp_path, AREA.replace("remedy: [wait]", "remedy: [mta]"))
    assert f"area.yaml:{line_of('remedy: [wait]')}: unknown step 'mta'" in found


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    area = AREA.replace("on: stat,", "on: stas,").replace("remedy: [wait]", "remedy: [wiat]")
    assert len([p for p in problems(tmp_path, area) if "unknown" in p]) == 2


def test_negation_in_a_circle_is_refused_and_shown(tmp_path: Path) -> None:
    area = AREA.replace("at_least: 1000}]}", "at_least: 1000}], unless: [queue-short]}").replace(
        "rules:\n",
        "  - id: queue-short\n    label: {en: Short, it: Corta}\nrules:\n"
        "  - id: short\n    when: {all: [mails-not-sent], unless: [queue-long]}\n"
        "    then: [{derives: queue-short}]\n",
    )
    found = problems(tmp_path, area)
    circles = [problem for problem in found if "stratified" in problem]
    assert circles
    assert all(
        "queue-long" in problem and "queue-short" in problem and "->" in problem for problem in circles
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("modules: [", "not valid YAML"),
        ("modules:\n  - id: a\n    id: b\n", "key 'id' is given twice"),
        ("[a, b]: c\n", "a key has to be a word"),
        ("modules: mta\n", "modules: expected a list here, not 'mta'"),
        ("causes:\n  - {id: a, module: b, label: {en: A, it: A}, remedy: wait}\n", "remedy: expected a list"),
        ("modles: []\n", "unknown key 'modles' (did you mean 'modules'?)"),
        ("- a\n- b\n", "expected keys and values here, not a list"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str, message: str) -> None:
    found = problems(tmp_path, text)
    assert any(problem.startswith("area.yaml:") and message in problem for problem in found), found


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    folder = write_rule_base(tmp_path / "rules")
    (folder / "area.yaml").write_bytes(b"modules: []\n# caf\xe9\n")
    with pytest.raises(KnowledgeError, match=r"area\.yaml:2: not UTF-8 text"):
        load(folder)


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"not a folder of rules \(it has neither knowledge\.yaml nor overlay\.yaml\)"
    ):
        load(tmp_path)


def test_words_that_yaml_1_1_takes_for_truth_values_stay_words(tmp_path: Path) -> None:
    area = AREA.replace("{en: Wait, it: Attendere}", "{en: no, it: on}")
    assert load(write_rule_base(tmp_path / "rules", area)).steps["wait"].action == {"en": "no", "it": "on"}
