"""A result as text, Markdown, HTML, a graph or plain data; results never render themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_rules.lazy import lazily
from campaign_rules.report.remarks import prospects as prospects
from campaign_rules.report.result_schema import result_to_dict as result_to_dict
from campaign_rules.report.why import named as named
from campaign_rules.report.why import percent as percent
from campaign_rules.report.why import why as why
from campaign_rules.report.why import why_not as why_not
from campaign_rules.report.wording import languages as languages
from campaign_rules.report.wording import wording as wording

if TYPE_CHECKING:
    from campaign_rules.report.blame import trace_blame as trace_blame
    from campaign_rules.report.dependencies import dependencies_as_data as dependencies_as_data
    from campaign_rules.report.dependencies import dependencies_as_dot as dependencies_as_dot
    from campaign_rules.report.dependencies import dependencies_as_mermaid as dependencies_as_mermaid
    from campaign_rules.report.dependencies import dependencies_as_text as dependencies_as_text
    from campaign_rules.report.dot import render_dot as render_dot
    from campaign_rules.report.explanation_schema import why_not_to_dict as why_not_to_dict
    from campaign_rules.report.explanation_schema import why_to_dict as why_to_dict
    from campaign_rules.report.frames import to_frame as to_frame
    from campaign_rules.report.html import Part as Part
    from campaign_rules.report.html import render_fragment as render_fragment
    from campaign_rules.report.html import render_html as render_html
    from campaign_rules.report.html import render_knowledge as render_knowledge
    from campaign_rules.report.html import render_proof as render_proof
    from campaign_rules.report.markdown import render_markdown as render_markdown
    from campaign_rules.report.mermaid import render_mermaid as render_mermaid
    from campaign_rules.report.text import render_question as render_question
    from campaign_rules.report.text import render_ranking as render_ranking
    from campaign_rules.report.text import render_text as render_text

__getattr__, _lazy = lazily(
    __name__,
    {
        "blame": ("trace_blame",),
        "dependencies": (
            "dependencies_as_data",
            "dependencies_as_dot",
            "dependencies_as_mermaid",
            "dependencies_as_text",
        ),
        "dot": ("render_dot",),
        "explanation_schema": ("why_not_to_dict", "why_to_dict"),
        "frames": ("to_frame",),
        "html": ("Part", "render_fragment", "render_html", "render_knowledge", "render_proof"),
        "markdown": ("render_markdown",),
        "mermaid": ("render_mermaid",),
        "text": ("render_question", "render_ranking", "render_text"),
    },
)

__all__ = sorted(
    [
        "languages",
        "named",
        "percent",
        "prospects",
        "result_to_dict",
        "why",
        "why_not",
        "wording",
        *_lazy,
    ]
)
