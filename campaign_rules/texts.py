"""Texts of the knowledge base in the language asked for."""

from __future__ import annotations

from campaign_rules.model import Text

FALLBACK = "en"


def text_in(text: Text, language: str) -> str:
    """Return `text` in `language`, else in English, else in whatever language it has."""
    return text.get(language) or text.get(FALLBACK) or next(iter(text.values()), "")
