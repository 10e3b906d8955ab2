"""Texts for people, in several languages."""

from __future__ import annotations

from collections.abc import Mapping

Text = Mapping[str, str]
"""A text for people: language code to wording."""
