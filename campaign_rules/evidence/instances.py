"""Which Campaign instances a sentence is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from campaign_rules.evidence.language import INSTANCE, ON, Concept
from campaign_rules.evidence.log_lines import instance_name
from campaign_rules.evidence.redaction.product_words import is_process
from campaign_rules.evidence.terms import Term

_PROCESS = re.compile(
    r"(?<![\w@.\-])(?P<process>[A-Za-z]{1,40})@(?P<instance>[A-Za-z0-9_\-]{1,80})(?![\w@]|\.\w)"
)
_GIVEN = re.compile(r"""\s*[:=]?\s*['"(\[]?\s*(?P<name>[A-Za-z][\w\-]{0,79})""")
_MARKED = re.compile(r"\s*[:=]|\s*['\"(\[]")


def named_instances(text: str, terms: Sequence[Term]) -> tuple[str, ...]:
    """Return the instances that a sentence names, sorted; none when it names none.

    Names are read from ``process@instance``, and after the word for "instance" where the name is
    quoted, follows a colon, holds a digit, hyphen or underscore, or where a word like "on" comes
    before and the name is a word of no meaning ("on instance prod"). ``default`` names no instance.
    """
    names = {found["instance"] for found in _PROCESS.finditer(text) if is_process(found["process"])}
    for at, term in enumerate(terms):
        if Concept(INSTANCE) not in term.meaning.concepts:
            continue
        found = _GIVEN.match(text, term.end)
        if found and _is_name(found, text, terms, at):
            names.add(found["name"])
    return tuple(sorted({instance_name(name) for name in names}))


def _is_name(found: re.Match[str], text: str, terms: Sequence[Term], at: int) -> bool:
    name = found["name"]
    if _MARKED.match(text, found.start()):
        return True
    if re.search(r"[\d_]|\w-\w", name):
        return True
    following = terms[at + 1] if at + 1 < len(terms) else None
    unknown = following is not None and not following.meaning.negation and not following.meaning.filler
    unknown = unknown and all(concept.name.startswith("~") for concept in following.meaning.concepts)  # type: ignore
    before = terms[max(0, at - 2) : at]
    return unknown and any(Concept(ON) in term.meaning.concepts for term in before)
