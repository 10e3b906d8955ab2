"""A document in a markup: CommonMark, HTML, Textile, one of the two of Jira, or none."""

from __future__ import annotations

from campaign_rules.report.markup.adf import to_adf as to_adf
from campaign_rules.report.markup.html import to_html as to_html
from campaign_rules.report.markup.jira_wiki import to_jira_wiki as to_jira_wiki
from campaign_rules.report.markup.markdown import to_markdown as to_markdown
from campaign_rules.report.markup.plain import to_plain as to_plain
from campaign_rules.report.markup.textile import to_textile as to_textile

__all__ = ["to_adf", "to_html", "to_jira_wiki", "to_markdown", "to_plain", "to_textile"]
