"""The formats that a diagnosis is printed in."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping

from campaign_rules import report
from campaign_rules.diagnosis import Diagnosis
from campaign_rules.errors import UnknownNameError

NARROWEST, WIDEST = 60, 100

Renderer = Callable[[Diagnosis], str]


def renderer(name: str) -> Renderer:
    """Return what renders the format `name`. Raises UnknownNameError for one that there is not."""
    if name not in _RENDERERS:
        raise UnknownNameError("format", name, _RENDERERS)
    return _RENDERERS[name]


def terminal_width() -> int:
    """Return the number of columns to fill."""
    return min(max(shutil.get_terminal_size((80, 24)).columns, NARROWEST), WIDEST)


def _text(found: Diagnosis) -> str:
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return report.render_text(found, found.knowledge, width=terminal_width(), colour=colour)


def _json(found: Diagnosis) -> str:
    return json.dumps(found.to_dict(), ensure_ascii=False, indent=2)


def _markdown(found: Diagnosis) -> str:
    return report.render_markdown(found, found.knowledge)


def _html(found: Diagnosis) -> str:
    return report.render_html(found, found.knowledge, found.proof.derivation)


def _mermaid(found: Diagnosis) -> str:
    return report.render_mermaid(found, found.knowledge, found.proof.derivation)


def _dot(found: Diagnosis) -> str:
    return report.render_dot(found, found.knowledge, found.proof.derivation)


_RENDERERS: Mapping[str, Renderer] = {
    "text": _text,
    "json": _json,
    "markdown": _markdown,
    "html": _html,
    "mermaid": _mermaid,
    "dot": _dot,
}
