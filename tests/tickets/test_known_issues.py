"""Known issues: read strictly, matched against the first suspect, and over after their last day."""

from __future__ import annotations

from datetime import date

import pytest

import campaign_rules as cr
from campaign_rules.tickets.known_issues import expired, known_issue, read_known_issues
from tests.rule_bases import write_rule_base

TODAY = date(2027, 1, 31)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> cr.KnowledgeBase:
    return cr.load_knowledge(write_rule_base(tmp_path_factory.mktemp("base") / "rules"))


@pytest.fixture(scope="module")
def diagnosis(base: cr.KnowledgeBase) -> cr.Diagnosis:
    return cr.diagnose(["mails-not-sent", "stat-missing@prod"], knowledge=base)


def entry(rest: str = "", module: str = "stat", until: str = "2027-01-31") -> str:
    """Return the text of an issue, with further keys."""
    return f"- {{module: {module}, reason: It moves, until: {until}{rest}}}\n"


def test_every_key_is_read(base: cr.KnowledgeBase) -> None:
    text = entry(", cause: stat-stopped, instance: prod, observation: stat-missing, by: A. Rossi")
    (issue,) = read_known_issues(text, "known.yaml", base)
    assert (issue.module, issue.cause, issue.instance) == ("stat", "stat-stopped", "prod")
    assert (issue.observation, issue.reason, issue.until, issue.by) == (
        "stat-missing",
        "It moves",
        TODAY,
        "A. Rossi",
    )


def test_an_empty_file_has_none(base: cr.KnowledgeBase) -> None:
    assert read_known_issues("# none at present\n", "known.yaml", base) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("module: stat", "known.yaml:1: expected a list here, not keys and values"),
        ("- stat", "known.yaml:1: expected keys and values here, not 'stat'"),
        ("\n- {module: stat, until: 2027-01-31}", "known.yaml:2: key 'reason' is missing"),
        ("- {module: stat, reason: x}", "known.yaml:1: key 'until' is missing"),
        (entry(", untill: x"), "known.yaml:1: unknown key 'untill' (did you mean 'until'?)"),
        (entry() + entry(module="stats"), "known.yaml:2: unknown module 'stats' (did you mean 'stat'?)"),
        (entry(module="''"), "known.yaml:1: unknown module ''"),
        (
            entry(", cause: stat-stoped"),
            "known.yaml:1: unknown cause 'stat-stoped' (did you mean 'stat-stopped'?)",
        ),
        (entry(", observation: stat"), "known.yaml:1: unknown observation 'stat'"),
        (
            entry(", cause: mta-overloaded"),
            "known.yaml:1: 'mta-overloaded' is a cause of 'mta', not of 'stat'",
        ),
        (entry(until="soon"), "known.yaml:1: until: expected a date such as 2027-01-31, not 'soon'"),
        (entry(until="2027"), "known.yaml:1: until: expected a text, not 2027"),
        (
            "- {module: stat, reason: ' ', until: 2027-01-31}",
            "known.yaml:1: reason: say why nothing is to be done",
        ),
        ("- {module: [}", "known.yaml:1: not valid YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(base: cr.KnowledgeBase, text: str, message: str) -> None:
    with pytest.raises(cr.KnowledgeError) as error:
        read_known_issues(text, "known.yaml", base)
    assert message in str(error.value)


def test_all_faults_are_told_at_once(base: cr.KnowledgeBase) -> None:
    with pytest.raises(cr.KnowledgeError) as error:
        read_known_issues(entry(module="x") + entry(until="never"), "known.yaml", base)
    assert [problem.partition(": ")[0] for problem in error.value.problems] == [
        "known.yaml:1",
        "known.yaml:2",
    ]


@pytest.mark.parametrize(
    ("rest", "matches"),
    [
        ("", True),
        (", cause: stat-stopped", True),
        (", instance: prod", True),
        (", instance: dev", False),
        (", observation: mails-not-sent", True),
        (", observation: queue", False),
        (", cause: stat-stopped, instance: prod, observation: stat-missing", True),
    ],
)
def test_all_that_is_given_has_to_fit(
    base: cr.KnowledgeBase, diagnosis: cr.Diagnosis, rest: str, matches: bool
) -> None:
    issues = read_known_issues(entry(rest), "known.yaml", base)
    assert known_issue(diagnosis, issues, TODAY) == (issues[0] if matches else None)


def test_only_the_first_suspect_counts(base: cr.KnowledgeBase) -> None:
    two = cr.diagnose(["mails-not-sent"], knowledge=base)
    assert [suspect.module for suspect in two.suspects] == ["mta", "stat"]
    assert known_issue(two, read_known_issues(entry(), "known.yaml", base), TODAY) is None
    nothing = cr.diagnose([], knowledge=base)
    assert known_issue(nothing, read_known_issues(entry(), "known.yaml", base), TODAY) is None


def test_an_observed_absence_does_not_fit(base: cr.KnowledgeBase) -> None:
    found = cr.diagnose(["mails-not-sent", "!queue", "stat-missing@prod"], knowledge=base)
    issues = read_known_issues(entry(", observation: queue"), "known.yaml", base)
    assert known_issue(found, issues, TODAY) is None


def test_the_first_that_still_holds_is_taken(base: cr.KnowledgeBase, diagnosis: cr.Diagnosis) -> None:
    issues = read_known_issues(entry(until="2027-01-30") + entry(until="2027-02-01"), "known.yaml", base)
    assert known_issue(diagnosis, issues, TODAY) == issues[1]
    assert expired(issues, TODAY) == (issues[0],)


def test_the_last_day_is_included(base: cr.KnowledgeBase, diagnosis: cr.Diagnosis) -> None:
    issues = read_known_issues(entry(), "known.yaml", base)
    assert known_issue(diagnosis, issues, TODAY) == issues[0]
    assert expired(issues, TODAY) == ()
    assert known_issue(diagnosis, issues, date(2027, 2, 1)) is None
    assert expired(issues, date(2027, 2, 1)) == issues
