"""Remarks that all reports share: the verdict, what the plan costs, what answers would change."""

from __future__ import annotations

from campaign_rules.model import KnowledgeBase, NextCheck, Result, Suspect
from campaign_rules.report.why import named, percent
from campaign_rules.report.wording import wording
from campaign_rules.texts import text_in

SHOWN_SENTENCES = 5
"""Sentences that were not understood and are shown; JSON has them all."""

UNCLEAR = 0.1
"""The probability below which the first suspect does not stand out."""


def verdict(result: Result) -> str:
    """Return the key of the words above a result that has observations."""
    if not result.suspects:
        return "nothing_implicated"
    probability = result.suspects[0].probability
    return "unclear" if probability < UNCLEAR else "root_cause" if probability >= 0.5 else "most_likely"


def suspected(suspect: Suspect, knowledge: KnowledgeBase, language: str) -> str:
    """Return what is wrong with a suspect: its likeliest cause, or the module where none stands out."""
    entry = knowledge.causes[suspect.cause] if suspect.cause else knowledge.modules[suspect.module]
    return text_in(entry.label, language)


def costs(result: Result) -> str:
    """Return what the plan is expected to cost, and naive orders where both cost a minute or more on top."""
    words = wording(result.language)
    expected = words["expected"].format(minutes=result.expected_minutes)
    if min(result.likeliest_first_minutes, result.cheapest_first_minutes) < result.expected_minutes + 1.0:
        return expected
    naive = words["naive"].format(
        likeliest=result.likeliest_first_minutes, cheapest=result.cheapest_first_minutes
    )
    return f"{expected}; {naive}"


def prospects(check: NextCheck, language: str) -> str:
    """Return what either answer would make of the ranking, "" if there is no suspect."""
    words = wording(language)
    return ", ".join(
        f"{words[key]}: {named(after)} {percent(after.probability)}"
        for key, after in (("if_yes", check.if_yes), ("if_no", check.if_no))
        if after
    )


def not_understood(result: Result) -> tuple[tuple[str, str], ...]:
    """Return the first sentences that were not understood, with their places, and how many more there are."""
    shown = [
        (f"{place.source}:{place.line}", place.text) for place in result.not_understood[:SHOWN_SENTENCES]
    ]
    more = len(result.not_understood) - len(shown)
    rest = [("", wording(result.language)["more"].format(count=more))] if more else []
    return tuple(shown + rest)


def second_fault(result: Result) -> str:
    """Return the suggestion of a second fault in words, "" if there is none."""
    found = result.second_fault
    if found is None:
        return ""
    return wording(result.language)["second_fault"].format(
        explained=", ".join(found.explains), module=named(found), decibans=found.decibans
    )
