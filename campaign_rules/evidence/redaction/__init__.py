"""Redaction of what leaves the readers: addresses, names and secrets become tokens such as ``<host-1>``."""

from __future__ import annotations

from campaign_rules.evidence.redaction.detection import find_secrets
from campaign_rules.evidence.redaction.ledger import Entry, Ledger
from campaign_rules.evidence.redaction.masking import redact_observations, redact_text, seal
from campaign_rules.evidence.redaction.secret import Kind, Secret

__all__ = ["Entry", "Kind", "Ledger", "Secret", "find_secrets", "redact_observations", "redact_text", "seal"]
