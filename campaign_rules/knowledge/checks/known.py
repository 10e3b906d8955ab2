"""What the entries of a rule base may refer to, and the findings about words that are not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

from campaign_rules.errors import did_you_mean
from campaign_rules.knowledge.entries import Entries, Entry
from campaign_rules.knowledge.findings import Finding
from campaign_rules.model import Verb

KIND_NAMES: Mapping[str, str] = {
    "modules": "module",
    "observations": "observation",
    "facts": "derived fact",
    "causes": "cause",
    "steps": "step",
}


@frozen(eq=False)
class Known:
    """The entries by id, section by section, and where an overlay disabled what is missing."""

    modules: Mapping[str, Any]
    observations: Mapping[str, Any]
    facts: Mapping[str, Any]
    causes: Mapping[str, Any]
    steps: Mapping[str, Any]
    disabled: Mapping[tuple[str, str], str]

    @staticmethod
    def of(entries: Entries) -> Known:
        """Index `entries`."""

        def index(found: Iterable[Entry[Any]]) -> dict[str, Any]:
            return {entry.value.id: entry.value for entry in found}

        return Known(
            index(entries.modules),
            index(entries.observations),
            index(entries.facts),
            index(entries.causes),
            index(entries.steps),
            entries.disabled,
        )

    def missing(self, entry: Entry[Any], key: str, word: str, *sections: str) -> Iterator[Finding]:
        """Yield what is wrong when none of `sections` holds `word`, an id that `entry` names under `key`."""
        if any(word in getattr(self, section) for section in sections):
            return
        known = [name for section in sections for name in getattr(self, section)]
        kind = " or ".join(KIND_NAMES[section] for section in sections)
        places = [self.disabled[section, word] for section in sections if (section, word) in self.disabled]
        hint = f" (disabled at {places[0]})" if places else did_you_mean(word, known)
        yield entry.finding(f"unknown {kind} {word!r}{hint}", word, within=key)


def target_section(verb: Verb) -> str:
    """Return the section that a conclusion of `verb` refers to."""
    if verb is Verb.DERIVES:
        return "facts"
    return "modules" if verb in (Verb.IMPAIRS, Verb.CLEARS) else "causes"


def unknown_word(entry: Entry[Any], kind: str, word: str, words: Iterable[str]) -> Iterator[Finding]:
    """Yield what is wrong when `word` is none of `words`."""
    if word not in words:
        yield entry.finding(f"unknown {kind} {word!r}{did_you_mean(word, words)}", word)
