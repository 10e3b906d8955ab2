"""Jira's wiki markup as plain text: what people write into Jira Data Center and Server.

The markup as in Atlassian's "Text Formatting Notation Help" of Jira.
"""

from __future__ import annotations

import re

_VERBATIM = re.compile(r"\{(noformat|code)(?::[^}\n]*)?\}(.*?)\{\1\}", re.DOTALL)
_MACRO = re.compile(r"\{(?:quote|panel|color|anchor)(?::[^}\n]*)?\}")
_MONOSPACED = re.compile(r"\{\{(.+?)\}\}")
_HEADING = re.compile(r"^(?:h[1-6]|bq)\. +", re.MULTILINE)
_LINK = re.compile(r"\[(?:([^\[\]|\n]*)\|)?((?:https?|ftp|mailto|file):[^\]|\s]+)(?:\|[^\]\n]*)?\]")
_MENTION = re.compile(r"\[~(?:accountid:)?([^\]\n]+)\]")
_ROW = re.compile(r"^\|\|?(.*?)\|?\|[ \t]*$", re.MULTILINE)
_BREAK = re.compile(r"\\\\(?=\s|$)", re.MULTILINE)
_ESCAPED = re.compile(r"\\([*_?+^~{}\[\]!|#(:;.-])")


def text_of_wiki(markup: str) -> str:
    """Return the words of `markup`, and what stands in ``{code}`` and ``{noformat}`` line by line."""
    shown = markup.replace("\r\n", "\n")
    parts, end = [], 0
    for found in _VERBATIM.finditer(shown):
        parts += [_words(shown[end : found.start()]), found[2].strip("\n")]
        end = found.end()
    return "".join((*parts, _words(shown[end:]))).strip("\n")


def _words(text: str) -> str:
    text = _MACRO.sub("", _BREAK.sub("\n", text))
    text = _HEADING.sub("", text)
    text = _LINK.sub(lambda found: f"{found[1]} <{found[2]}>" if found[1] else found[2], text)
    text = _MENTION.sub(r"@\1", text)
    text = _ROW.sub(lambda row: "\t".join(cell.strip() for cell in re.split(r"(?<!\\)\|\|?", row[1])), text)
    return _ESCAPED.sub(r"\1", _MONOSPACED.sub(r"\1", text)).replace("&#92;", "\\")
