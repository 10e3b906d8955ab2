"""Raw artefacts to observations: tickets, logs, command output and probe replies, with file and line."""

from __future__ import annotations

from campaign_rules.evidence.artifact import read_artifact
from campaign_rules.evidence.decode import decode_text
from campaign_rules.evidence.recogniser import Recogniser, make_recogniser
from campaign_rules.evidence.ticket import read_document, read_ticket

__all__ = ["Recogniser", "decode_text", "make_recogniser", "read_artifact", "read_document", "read_ticket"]
