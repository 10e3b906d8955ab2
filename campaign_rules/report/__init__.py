"""A result as text, Markdown or plain data; results never render themselves."""

from campaign_rules.report.markdown import render_markdown
from campaign_rules.report.result_schema import result_to_dict
from campaign_rules.report.text import render_text
from campaign_rules.report.why import why, why_not
from campaign_rules.report.wording import languages, wording

__all__ = [
    "languages",
    "render_markdown",
    "render_text",
    "result_to_dict",
    "why",
    "why_not",
    "wording",
]
