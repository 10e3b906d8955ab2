"""Raw artefacts to observations: tickets, logs, command output and probe replies, with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_rules.lazy import lazily

if TYPE_CHECKING:
    from campaign_rules.evidence.artifact import read_artifact as read_artifact
    from campaign_rules.evidence.decode import decode_text as decode_text
    from campaign_rules.evidence.folders import find_files as find_files
    from campaign_rules.evidence.folders import no_such_file as no_such_file
    from campaign_rules.evidence.period import Moment as Moment
    from campaign_rules.evidence.period import make_period as make_period
    from campaign_rules.evidence.reading import read_file as read_file
    from campaign_rules.evidence.reading import read_stream as read_stream
    from campaign_rules.evidence.recogniser import Recogniser as Recogniser
    from campaign_rules.evidence.recogniser import make_recogniser as make_recogniser
    from campaign_rules.evidence.standing import settle_all as settle_all
    from campaign_rules.evidence.ticket import read_document as read_document
    from campaign_rules.evidence.ticket import read_ticket as read_ticket

__getattr__, __all__ = lazily(
    __name__,
    {
        "artifact": ("read_artifact",),
        "decode": ("decode_text",),
        "folders": ("find_files", "no_such_file"),
        "period": ("Moment", "make_period"),
        "reading": ("read_file", "read_stream"),
        "recogniser": ("Recogniser", "make_recogniser"),
        "standing": ("settle_all",),
        "ticket": ("read_document", "read_ticket"),
    },
)
