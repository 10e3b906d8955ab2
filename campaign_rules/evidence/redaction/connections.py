"""Connection strings: URLs, data sources, and the arguments of ``nlserver config``.

``-setdblogin:<[dbms:]account[:database][/password]@server>``,
``-setproxy:<protocol/server:port[/login]>`` and ``-addtrackinginstance:`` are described in
production/using/operating-principle.md#operating-principle.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign_rules.evidence.redaction.host_names import is_public
from campaign_rules.evidence.redaction.product_words import DATABASES, PROVIDERS, is_product_word
from campaign_rules.evidence.redaction.secret import Secret, is_placeholder
from campaign_rules.model import Kind

_URL = re.compile(
    r"(?<![A-Za-z0-9])(?P<scheme>[A-Za-z][A-Za-z0-9+-]{1,20}(?::[A-Za-z][\w-]{1,20}){0,2}):(?://|\\/\\/"
    r"|%2[Ff]%2[Ff])"
    r"(?P<authority>[^\s/\\?#;\"'<>()\[\]]{1,400}(?=@)|)(?P<at>@?)(?P<host>[^\s/\\?#:;,@\"'<>()\[\]%"
    r"|]{1,255}|)"
    r"(?::\d{1,5})?(?P<path>/(?:[^\s\"'<>]{0,400}))?"
)
_JDBC_BASE = re.compile(r"[/;:]?(?:databaseName=)?(?P<base>[\w$-]{1,80})")
_THIN = re.compile(
    r"jdbc:oracle:(?:thin|oci\d?):(?:(?P<login>[^/\s@:]{1,80})/(?P<password>[^\s@]{1,200}))?@(?://)?"
    r"(?P<host>[\w.-]{1,255})"
    r"(?::\d{1,5})?(?:[:/](?P<base>[\w$.-]{1,80}))?",
    re.IGNORECASE,
)
_ARGUMENT = re.compile(
    r"(?<![\w-])-(?:setdblogin|dblogin|db|dba|dbcnx|datasource|connect"
    r"|connection)\w{0,10}:[\"']?(?P<value>[^\s\"'<>]{1,1000})",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    rf"(?:(?:{DATABASES}):)?(?P<login>[^:/@\s]{{1,100}})(?::(?P<base>[^/@:\s]{{1,100}}))?(?:/"
    rf"(?P<password>[^\s]{{1,300}}))?"
    r"@(?P<host>[\w.-]{1,255})(?::\d{1,5})?(?:/(?P<schema>[\w$-]{1,100}))?",
    re.IGNORECASE,
)
_ATTRIBUTED = re.compile(
    rf"(?<![\w:/@.;=-])(?:(?:{DATABASES}):)?(?P<login>(?!(?:to|from|sender|recipient|e?mail|contact|"
    rf"address|owner|cc|bcc|by|for|mailto|rcpt|smtp|user"
    rf"|login)\b)[A-Za-z][\w.-]{{0,60}})"
    r":(?P<password>[^\s:@'\"<>()]{1,200})@(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){0,8})(?![\w@])(?:/"
    r"(?P<base>[\w$-]{1,100}))?",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    rf"\b(?:{DATABASES}):(?P<host>[A-Za-z][\w.-]{{0,254}})(?::\d{{1,5}})?(?P<slash>/"
    rf"(?P<base>[\w$-]{{1,100}}))?",
    re.IGNORECASE,
)
_BASE = re.compile(
    r"\b(?:dbname|initial[ _]catalog|database|databasename|sid"
    r"|service_name)[\"']?[ \t]{0,3}=[ \t]{0,3}[\"']?(?P<base>[\w$.-]{1,100})",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(
    r"(?<![\w-])-login:(?P<login>[^\s/\"']{1,200})/(?P<password>[^\s\"']{1,400})", re.IGNORECASE
)
_PROXY = re.compile(
    r"-setproxy:[\w]{1,10}/(?P<host>[\w.-]{1,255})(?::\d{1,5})?(?:/(?P<login>[^\s/:\"']{1,200})(?:[:/]"
    r"(?P<password>[^\s\"']{1,400}))?)?",
    re.IGNORECASE,
)
_TRACKING = re.compile(
    r"-addtrackinginstance:(?:[^\s/\"']{0,200}/){2,4}?(?P<base>\d{0,12})/(?:\w{0,5}/)?"
    r"(?P<password>[^\s/\"']{1,400})",
    re.I,
)
_STRUCTURED = (_THIN, _SIGN_IN, _PROXY, _TRACKING)
_KINDS = {
    "login": Kind.LOGIN,
    "password": Kind.PASSWORD,
    "host": Kind.HOST,
    "base": Kind.DATABASE,
    "schema": Kind.DATABASE,
}


def connections(text: str) -> Iterator[Secret]:
    """Yield the accounts, passwords, servers and databases that connection strings name."""
    for pattern in _STRUCTURED:
        for found in pattern.finditer(text):
            yield from _parts(found, 0)
    for found in _ARGUMENT.finditer(text):
        start = found.start("value")
        if account := _ACCOUNT.fullmatch(found["value"].rstrip(".,;)")):
            yield from _parts(account, start)
        elif found["value"].casefold().rstrip(":") not in PROVIDERS:
            at = start + _after_provider(found["value"])
            if not is_placeholder(text[at : found.end()]):
                yield Secret(at, found.end(), Kind.DATABASE)
    for found in _URL.finditer(text):
        yield from _url(found)
    for found in _ATTRIBUTED.finditer(text):
        yield from _parts(found, 0)
    for found in _SOURCE.finditer(text):
        if found["slash"] or any(char in "._-0123456789" for char in found["host"]):
            yield from _parts(found, 0)
    for found in _BASE.finditer(text):
        yield from _parts(found, 0)


def _url(found: re.Match[str]) -> Iterator[Secret]:
    if found["at"] and found["authority"]:
        start = found.start("authority")
        login, colon, password = found["authority"].partition(":")
        if login and not is_placeholder(login):
            yield Secret(start, start + len(login), Kind.LOGIN)
        if password and not is_placeholder(password):
            yield Secret(start + len(login) + len(colon), found.end("authority"), Kind.PASSWORD)
    if any(char.isalpha() for char in found["host"]):
        yield from _part(found["host"], found.start("host"), Kind.HOST)
    if found["scheme"].casefold().startswith("jdbc:") and found["path"]:
        base = _JDBC_BASE.match(found["path"])
        if base:
            start = found.start("path") + base.start("base")
            yield Secret(start, start + len(base["base"]), Kind.DATABASE)


def _parts(found: re.Match[str], shift: int) -> Iterator[Secret]:
    for name, value in found.groupdict().items():
        if name in _KINDS and value:
            yield from _part(value, shift + found.start(name), _KINDS[name])


def _part(value: str, start: int, kind: Kind) -> Iterator[Secret]:
    end = start + len(value.rstrip(".")) if kind is Kind.HOST else start + len(value)
    public = kind is Kind.HOST and is_public(value)
    product = kind in (Kind.LOGIN, Kind.DATABASE) and is_product_word(value)
    if end > start and not (public or product or is_placeholder(value) or _is_address(value, kind)):
        yield Secret(start, end, kind)


def _is_address(value: str, kind: Kind) -> bool:
    return kind is Kind.HOST and not any(char.isalpha() for char in value)


def _after_provider(value: str) -> int:
    name, colon, _ = value.partition(":")
    return len(name) + 1 if colon and name.casefold() in PROVIDERS else 0
