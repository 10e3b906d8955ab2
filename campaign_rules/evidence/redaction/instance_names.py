"""Names of instances in a raw text: they stay, since commands and readers need them."""

from __future__ import annotations

import re

from campaign_rules.evidence.redaction.product_words import PROCESSES

_PROCESS = rf"(?<![\w@.-])(?:{'|'.join(sorted(PROCESSES))})@"
_NAMES = re.compile(
    rf"{_PROCESS}(?P<process>[\w-]{{1,80}}+)(?!\.\w)"
    rf"|{_PROCESS}(?P<row>[\w.-]{{1,80}}+)(?=\s{{0,8}}\(\d)"
    r"|-instance:(?P<argument>[\w-]{1,80})"
    r"|(?<![\w-])config-(?P<file>[\w.-]{1,80})\.xml"
    r"|\bvar[/\\](?P<folder>[\w.-]{1,80})[/\\](?:log|postupgrade|redir)\b"
    r"|\b(?:instan[a-z]{1,4}|istanz[ae])\b\s{0,4}[:=]?\s{0,4}[\"'(\[]?\s{0,4}(?P<said>[A-Za-z][\w-]{0,79}+)(?!\.\w)",
    re.IGNORECASE,
)


def instances_in(text: str) -> frozenset[str]:
    """Return what `text` may call instances, in lower case: ``mta@prod``, ``config-prod.xml``.

    Names with a dot count only in the rows of a list of processes and in names of files.
    """
    return frozenset(str(found[str(found.lastgroup)]).casefold() for found in _NAMES.finditer(text))
