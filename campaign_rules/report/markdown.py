"""A result as Markdown, for tickets and chats."""

from __future__ import annotations

from campaign_rules.model import KnowledgeBase, Result
from campaign_rules.report.markup import to_markdown
from campaign_rules.report.outline import outline


def render_markdown(result: Result, knowledge: KnowledgeBase) -> str:
    """Return the diagnosis as Markdown (CommonMark with tables). Text from outside is escaped."""
    return to_markdown(outline(result, knowledge))
