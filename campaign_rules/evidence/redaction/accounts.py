"""Names of accounts: logins that are given, said or logged, home folders, and rows of ``pdump -who``.

The rows are described in production/using/usual-commands.md#monitoring-commands-.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign_rules.evidence.redaction.product_words import DATABASES, PROVIDERS, is_product_word, is_prose
from campaign_rules.evidence.redaction.secret import Secret, is_placeholder
from campaign_rules.model import Kind

_NAME = (
    r"(?:log(?:in|on)(?:[ _-]?name)?|user(?:[ _-]?(?:name|id))?|uid|usr|operator|utente|utilisateur"
    r"|usuario|benutzer(?:name)?)"
)
_GIVEN = re.compile(
    r"(?<!setdb)" + _NAME + r"(?:\\?[\"']|\])?[ \t]{0,4}(?P<to>=>|:=|==?|:|%3[Dd])[ \t]{0,4}"
    r"(?:\\?(?P<quote>[\"'])(?P<quoted>[^\"'\\\n]{1,200})|(?P<bare>[^\s\"'`<>&;,)\]}|]{1,200}))",
    re.IGNORECASE,
)
_ELEMENT = re.compile(
    r"<[\w:]{0,20}?" + _NAME + r"(?:[ \t][^<>\n]{0,200})?>\s{0,20}(?P<value>[^<>\s][^<>]{0,200}?)\s{0,20}</",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"(?<!external )\b(?:" + _NAME + r"|account|role|owner|identity|compte"
    r"|ruolo)[ \t]{1,4}(?P<quote>[\"'])(?P<value>[^\"'\n]{1,200})(?P=quote)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:(?:for|of|by|as)[ \t](?:invalid[ \t])?user[ \t]|logged[ \t](?:in|on)[ \t](?:as"
    r"|by)[ \t](?:user[ \t])?|authenticated as[ \t]"
    r"|(?:password|publickey) for[ \t](?=\S{1,100} from )|signed in as[ \t]|su:? \(?to[ \t]"
    r"|sudo:[ \t]{1,5})(?P<value>[\w.\\$-]{1,100})",
    re.IGNORECASE,
)
_ACTING = re.compile(
    r"\b(?:user|operator|login|utente)[ \t](?P<value>[A-Za-z][\w.\\-]{1,60})[ \t](?:has[ \t])?"
    r"(?:logged|signed|connected|authenticated|disconnected)\b",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"\b(?:user|login|operator)[ \t](?P<value>[A-Za-z][\w-]{0,60}(?:[._\\](?=\w)|\d)[\w.\\-]{0,60})(?![\w(])",
    re.IGNORECASE,
)
_HOME = re.compile(
    r"(?<![\w.-])(?:/|[A-Za-z]:)?(?:/export)?[/\\]{0,2}(?:home|Users|Documents and Settings)[/\\]{1,2}"
    r"(?P<value>[^/\\\s\"'<>:;,|*?()]{1,100}(?: [A-Z][^/\\\s\"'<>:;,|*?()]{0,60}(?=[/\\])){0,3})"
)
_TILDE = re.compile(r"(?<![\w~./\\-])~(?P<value>[A-Za-z][\w.-]{1,60})/")
_ROW = re.compile(
    r"(?<![\w/-])[\dA-Z]{2,4}[/-][\dA-Z]{2}[/-][\dA-Z]{2,4}[ \t]{1,8}[\dHMS]{1,2}:[\dHMS]{2}:[\dHMS"
    r"]{2}[ \t]{1,8}[0-9A-Fa-f:.%]{2,45}[ \t]{1,8}"
    r"[\w.<>-]{1,80}[ \t]{1,8}(?P<value>[^\s|]{1,200})(?:\|(?P<role>[^\s|]{1,200}))?[ \t]{0,8}\r?$",
    re.MULTILINE,
)
_POOL = re.compile(
    r"^[ \t]{0,8}Connection pool -{5,}[^\n]{0,200}\n(?P<rows>(?:[^\n]*\S[^\n]*(?:\n|$)){0,200})", re.MULTILINE
)
_POOL_ROW = re.compile(
    rf"^[ \t]{{0,8}}[\w-]{{1,80}}[ \t]{{1,8}}(?P<host>[\w.-]{{1,255}})[ \t]{{1,8}}(?:{DATABASES})[ \t]{{1,8}}"
    r"(?P<login>[^\s|]{1,200})[ \t]{0,8}\r?$",
    re.MULTILINE | re.IGNORECASE,
)
_LONGEST_NAME = 3
_WORD = re.compile(r"[^\s|]+")
_MARKED_NAME = re.compile(r"[\d_.-]")
_DATASOURCE = re.compile(r"[ \t]*Datasource\b")


def accounts(text: str) -> Iterator[Secret]:
    """Yield logins, but for the technical accounts that the product brings along."""
    for found in _GIVEN.finditer(text):
        if found["quoted"]:
            if len(found["quoted"].split()) > _LONGEST_NAME:
                continue
            yield from _login(found["quoted"], found.start("quoted"))
        elif not is_prose(found["bare"]):
            yield from _login(found["bare"].rstrip(".:"), found.start("bare"))
    for pattern in (_ELEMENT, _SAID, _TOLD, _ACTING, _MARKED):
        for found in pattern.finditer(text):
            if not is_prose(found["value"]):
                yield from _login(found["value"].rstrip("."), found.start("value"))


def home_folders(text: str) -> Iterator[Secret]:
    """Yield whose home folder a path lies in."""
    for pattern in (_HOME, _TILDE):
        for found in pattern.finditer(text):
            yield from _login(found["value"].rstrip("."), found.start("value"))


def connection_rows(text: str) -> Iterator[Secret]:
    """Yield the operators, servers and accounts in the sections of ``pdump -who``."""
    for found in _ROW.finditer(text):
        for part in ("value", "role"):
            if found[part]:
                yield from _login(found[part], found.start(part))
    for section in _POOL.finditer(text):
        at = section.start("rows")
        for row in section["rows"].splitlines(keepends=True):
            if not _DATASOURCE.match(row):
                yield from _pool_row(row, at)
            at += len(row)
    for row in _POOL_ROW.finditer(text):
        if _MARKED_NAME.search(row["host"]) or _MARKED_NAME.search(row["login"]):
            yield Secret(*row.span("host"), Kind.HOST)
            yield from _login(row["login"], row.start("login"))


def _pool_row(row: str, start: int) -> Iterator[Secret]:
    words = list(_WORD.finditer(row))
    for place, word in enumerate(words[1:], start=1):
        last = place == len(words) - 1
        if last:
            yield from _login(word[0], start + word.start())
        elif word[0].casefold() not in PROVIDERS and not is_placeholder(word[0]):
            yield Secret(start + word.start(), start + word.end(), Kind.HOST)


def _login(name: str, start: int) -> Iterator[Secret]:
    if (
        name
        and not is_product_word(name)
        and not is_placeholder(name)
        and any(char.isalnum() for char in name)
    ):
        yield Secret(start, start + len(name), Kind.LOGIN)
