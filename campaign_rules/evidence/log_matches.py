"""What log signs show in a source, in a text, or in some of its lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from attrs import evolve

from campaign_rules.evidence.blocks import Block, read_blocks
from campaign_rules.evidence.log_search import LogSearch
from campaign_rules.evidence.log_signs import LogSign
from campaign_rules.evidence.long_lines import OVERLAP
from campaign_rules.evidence.period import ALWAYS, Period
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Observation


def match_blocks(
    blocks: Iterable[Block], source: str, signs: Sequence[LogSign], period: Period = ALWAYS
) -> tuple[Observation, ...]:
    """Return what `signs` show in the blocks of one source."""
    search = LogSearch(source, signs, period)
    for block in blocks:
        search.read(block)
    return search.observations()


def match_text(
    text: str, source: str, signs: Sequence[LogSign], period: Period = ALWAYS
) -> tuple[Observation, ...]:
    """Return what `signs` show in `text`."""
    stream = BytesIO(text.encode("utf-8", "replace"))
    return match_blocks(read_blocks(stream, "", OVERLAP), source, signs, period)


def match_lines(
    lines: Sequence[Line], source: str, signs: Sequence[LogSign], period: Period = ALWAYS
) -> tuple[Observation, ...]:
    """Return what `signs` show in `lines`, which need not follow one another."""
    if not lines:
        return ()
    search = LogSearch(source, signs, period)
    search.read(Block("\n".join(line.text for line in lines).encode("utf-8", "replace")))
    return tuple(
        evolve(
            found,
            provenance=tuple(evolve(one, line=lines[one.line - 1].number) for one in found.provenance),
        )
        for found in search.observations()
    )
