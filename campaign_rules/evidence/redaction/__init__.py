"""Redaction of what leaves the readers: addresses, names and secrets become tokens such as ``<host-1>``."""

from __future__ import annotations

from campaign_rules.evidence.redaction.detection import find_secrets
from campaign_rules.evidence.redaction.masking import redact_evidence, redact_text, redact_texts
from campaign_rules.evidence.redaction.messages import redacted_errors
from campaign_rules.evidence.redaction.secret import Secret

__all__ = ["Secret", "find_secrets", "redact_evidence", "redact_text", "redact_texts", "redacted_errors"]
