"""Log signs quoted in running text, where a match may span line breaks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from campaign_rules.evidence.log_lines import instance_name
from campaign_rules.evidence.log_signs import LogSign, named, value_of
from campaign_rules.evidence.text_lines import Line, excerpt
from campaign_rules.model import Observation, Provenance, State


def match_prose(lines: Sequence[Line], source: str, signs: Iterable[LogSign]) -> tuple[Observation, ...]:
    """Return an observation for each sign found in running text."""
    text = "\n".join(line.text for line in lines)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.text) + 1)
    distinct = " ".join(sorted(set(text.lower().split())))
    found: list[Observation] = []
    for sign in signs:
        if sign.recovery or not sign.holds_words(distinct):
            continue
        for match in sign.expression.finditer(text):
            if not match[0]:
                continue
            instance = instance_name(named(match, "instance"))
            line = lines[bisect_right(starts, match.start()) - 1]
            place = Provenance(source, line.number, excerpt(" ".join(match[0].split())))
            value = value_of(sign.observation, named(match, "value"))
            found.append(Observation(sign.observation.id, State.PRESENT, value, instance, (place,)))
    return tuple(found)
