"""Texts for people: each given in every language that is required."""

from __future__ import annotations

from collections.abc import Iterator

from campaign_rules.knowledge.checks.known import Known
from campaign_rules.knowledge.entries import Entries
from campaign_rules.knowledge.findings import Finding

REQUIRED_LANGUAGES = ("en", "it")
_ALWAYS_GIVEN = ("label", "action")


def texts(entries: Entries, known: Known) -> Iterator[Finding]:
    """Find texts that lack a language. Only labels and actions have to be there at all."""
    for section, names in (
        (entries.modules, ("label",)),
        (entries.observations, ("label", "question", "how")),
        (entries.facts, ("label",)),
        (entries.causes, ("label",)),
        (entries.steps, ("action", "warning", "verify")),
    ):
        for entry in section:
            for name in names:
                text = getattr(entry.value, name)
                if not text and name not in _ALWAYS_GIVEN:
                    continue
                for language in REQUIRED_LANGUAGES:
                    if not text.get(language, "").strip():
                        yield entry.finding(
                            f"{name} of {entry.value.id!r} has no text for language {language!r}", name
                        )
