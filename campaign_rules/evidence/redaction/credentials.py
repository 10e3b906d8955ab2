"""Passwords, tokens and keys: by the name that a value is given, and by the shape of the value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign_rules.evidence.redaction.product_words import is_prose
from campaign_rules.evidence.redaction.secret import Secret, is_placeholder, lowered
from campaign_rules.model import Kind

_PASSWORD = (
    r"passw(?:or)?d|passwd|passphrase|pwd|(?<![a-z])pass(?=[\s\"'=:])|passwort|kennwort|parola[ _]chiave"
    r"|mot[ _]de[ _]passe"
    r"|contrase(?:ñ|n)a|senha"
)
_TOKEN = (
    r"secret|token|credentials?(?![a-z])|api[ ._-]?key|access[ ._-]?key|account[ ._-]?key|auth[ ._-]?key"
    r"|private[ ._-]?key|encryption[ ._-]?key|signing[ ._-]?key|shared[ ._-]?key|licen[cs]e[ ._-]?key"
    r"|jsessionid|phpsessid|session[ ._-]?(?:id|key)(?![a-z])|client[ ._-]?id(?![a-z])"
    r"|tenant[ ._-]?id(?![a-z])"
    r"|csrf|x-amz-(?:signature|credential)|(?<=[?&])sig(?==)"
)
_NAMES = re.compile(rf"(?:(?P<password>{_PASSWORD})|{_TOKEN})[\w-]{{0,30}}")
_GIVEN = re.compile(
    r"(?:\\?[\"'\u2019]|\])?[ \t]{0,8}(?:=>|:=|==|=|:|%3[AaDd])[ \t]{0,8}"
    r"(?:\\\"(?P<escaped>[^\"\\]{1,4000})\\\"|\"(?P<double>(?:[^\"\\\n]|\\.){1,4000})\""
    r"|'(?P<single>(?:[^'\\\n]|\\.){1,4000})'|[\"']?(?P<bare>[^\s\"'<>][^\s<>]{0,3999}))"
)
_ELEMENT = re.compile(
    r"(?:[ \t][^<>\n]{0,200})?>(?:<!\[CDATA\[)?\s{0,50}(?P<value>[^<>\[\]\s][^<>\]]{0,4000})"
    r"(?=[\s\]>]{0,60}</)"
)
_SAID = re.compile(
    r"[ \t]{1,4}(?:(?:is|was|è|est|ist|es)[ \t]{1,4})?(?P<quote>[\"'])(?P<value>[^\"'\n]{1,200})(?P=quote)"
)
_TOLD = re.compile(
    r"(?:[ \t](?:for|of|per|di|pour|de)[ \t]\S{1,80})?[ \t]{1,4}(?:(?:is|was|è|est|ist|es|:)[ \t]{0,4}){1,2}"
    r"(?P<value>[^\s\"'<>]{4,200})"
)
_TOLD_ALONE = re.compile(r"[ \t]{1,4}(?P<value>[^\s\"'<>]{6,200})")
_MIXED = re.compile(r"(?=\D{0,200}\d)(?=[^a-z]{0,200}[a-z])(?=[^A-Z]{0,200}[A-Z])")
_ARGUMENT = re.compile(r"[ \t]{1,8}[\"']?(?P<value>[^\s\"'<>-][^\s\"'<>]{0,4000})")
_OPTION_BEFORE = re.compile(r"(?<![\w-])--?[\w-]{0,30}$")
_NAME_BEFORE = re.compile(
    r"(?:name|key|label|option)[\"']?[ \t]{0,4}[ =:][ \t]{0,4}[\"'][^\"'<>\n]{0,80}$", re.IGNORECASE
)
_VALUE = r"[ \t]{0,4}(?P<quote>[\"'])(?P<value>[^\"'\n]{1,4000})(?P=quote)"
_REST = re.compile(r"[^<>\n]{0,300}")
_SET = re.compile(r"[\"'][ \t]{0,4}(?:is set to|has the value|=|:)" + _VALUE)
_VALUE_AFTER = re.compile(r"value\w{0,10}[\"']?[ \t]{0,4}[=:]" + _VALUE, re.IGNORECASE)
_VALUE_BEFORE = re.compile(r"value\w{0,10}[\"']?[ \t]{0,4}[=:]" + _VALUE + r"[^<>\n]{0,200}$", re.IGNORECASE)
_AUTHORIZATION = re.compile(
    r"authorization[\"']?[ \t]{0,4}[=:][ \t]{0,4}[\"']?(?:(?:basic|bearer|digest|negotiate|ntlm|token"
    r"|apikey)[ \t]{1,4}+)?+"
    r"(?P<value>[^\s\"'<>]{1,4000}(?:,[ \t][^\s\"'<>=]{1,40}=\"[^\"\n]{0,1000}\"){0,20})",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"\b(?:bearer|basic)[ \t]{1,4}(?P<value>[\w.~+/=-]{8,8000})", re.IGNORECASE)
_COOKIE = re.compile(
    r"\b(?:set-)?cookie2?[\"']?[ \t]{0,4}[:=][ \t]{0,4}+[\"']?(?P<value>[^\s\"'<>][^\r\n\"'<>]{0,8000})",
    re.IGNORECASE,
)
_USER_OPTION = re.compile(
    r"(?<!\S)(?:-u|--user|--proxy-user)[ \t=]{1,4}[\"']?(?P<login>[^\s:\"']{1,200}):"
    r"(?P<value>[^\s\"']{1,400})"
)
_JWT = re.compile(r"(?<![\w-])eyJ[\w-]{8,}+\.[\w-]{4,}+(?:\.[\w-]*+){0,3}")
_KNOWN = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA|AROA|AIDA|AGPA)[A-Z0-9]{12,20}|AIza[\w-]{30,45}|gh[pousr]_\w{20,255}"
    r"|github_pat_\w{20,255}|glpat-[\w-]{16,64}|xox[abeoprs]-[\w-]{10,250}|[sprk]k_(?:live|test)_\w{10,250}"
    r"|SG\.[\w-]{16,64}\.[\w-]{16,64}|[ps]8e-[\w-]{16,64}|ya29\.[\w.-]{20,500}|SK[0-9a-f]{32}|npm_\w{30,60}"
    r"|___[0-9A-Fa-f]{8}[\w-]{8,80})(?![A-Za-z0-9])"
)
_ORGANISATION = re.compile(
    r"(?<![\w])[0-9A-Fa-f]{16,40}@(?:AdobeOrg|techacct\.adobe\.com|AdobeID)\b", re.IGNORECASE
)
_ORGANISATION_NAMED = re.compile(
    r"(?:ims|adobe)?[ _-]?org(?:ani[sz]ation)?[ _-]?id[\"']?[ \t]{0,4}[=:][ \t]{0,4}[\"']?"
    r"(?P<value>[\w@.-]{6,80})",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY|PGP MESSAGE)(?: BLOCK)?-----")
_BLOCK_END = re.compile(r"-----END [A-Z0-9 ]{1,60}-----")
_BODY = re.compile(r"(?:\s|\\[nr]|[A-Za-z0-9+/=]|[A-Za-z-]{4,20}:[^\n]{0,80}\n)*+")
_BODY_LINE = re.compile(r"^[ \t>]{0,20}(?P<value>[A-Za-z0-9+/]{60,80}={0,2})[ \t]{0,20}\r?$", re.MULTILINE)
_OPAQUE = re.compile(
    r"(?<![\w+.-])(?P<value>[A-Za-z0-9+_-]{24,}+={0,2})(?![\w/])"
    r"|(?<![\w+/.=:\\-])(?P<slashed>[A-Za-z0-9+/]{40,}+={0,2})(?![\w/.])"
)
_PIECE = re.compile(r"[A-Za-z0-9+]{24,}")
_END = re.compile(r"[&;,](?=[\w.%\[ -]{0,60}[=:])|\\?[\"'](?=[\s>/,;:)\]}&?]|$)|[&;,)\]}.]+$|\\[nrt]")
_STRONG = re.compile(r"\d|[^\w\s.,;:()]|_|[a-z][A-Z]")
_BETWEEN = 30
"""Characters that may stand between a name and its value."""

_LONGEST_BLOCK = 20_000


def given_secrets(text: str) -> Iterator[Secret]:
    """Yield the values that a name such as ``password``, ``sessiontoken`` or ``api_key`` is given."""
    covered = 0
    for name in _NAMES.finditer(lowered(text)):
        if name.end() + _BETWEEN < covered:
            continue
        kind = Kind.PASSWORD if name["password"] else Kind.TOKEN
        for start, end in _values(text, name.start(), name.end(), kind is Kind.PASSWORD):
            if end > start and not is_placeholder(text[start:end].strip()):
                covered = max(covered, end)
                yield Secret(start, end, kind)


def _values(text: str, start: int, end: int, is_password_name: bool) -> Iterator[tuple[int, int]]:
    """Yield where the values stand that the name from `start` to `end` of `text` is given."""
    if found := _GIVEN.match(text, end):
        if found["bare"]:
            stop = _bare_end(text, *found.span("bare"))
            if not is_prose(text[found.start("bare") : stop]):
                yield found.start("bare"), stop
        else:
            yield found.span(str(found.lastgroup))
    for pattern in (_ELEMENT, _SAID):
        if found := pattern.match(text, end):
            yield found.span("value")
    if found := _TOLD.match(text, end):
        stop = _bare_end(text, *found.span("value"))
        if _STRONG.search(text, found.start("value"), stop) and not is_prose(found["value"]):
            yield found.start("value"), stop
    elif (found := _TOLD_ALONE.match(text, end)) and is_password_name:
        stop = _bare_end(text, *found.span("value"))
        if _MIXED.match(text, found.start("value"), stop):
            yield found.start("value"), stop
    before = text[max(0, start - 200) : start]
    if (option := _OPTION_BEFORE.search(before)) and (found := _ARGUMENT.match(text, end)):
        marked = option[0].startswith("--") or _STRONG.search(found["value"])
        if marked and not is_prose(found["value"]):
            yield found.span("value")
    if named := _NAME_BEFORE.search(before):
        if found := _SET.match(text, end):
            yield found.span("value")
        for found in _VALUE_AFTER.finditer(text, *_REST.match(text, end).span()):  # type: ignore[union-attr]
            yield found.span("value")
        if found := _VALUE_BEFORE.search(before[: named.start()]):
            yield start - len(before) + found.start("value"), start - len(before) + found.end("value")


def headers(text: str) -> Iterator[Secret]:
    """Yield what HTTP headers and ``curl -u`` carry to sign in."""
    for pattern in (_AUTHORIZATION, _COOKIE):
        for found in pattern.finditer(text):
            yield from _unless_blank(text, *found.span("value"), Kind.TOKEN)
    for found in _SCHEME.finditer(text):
        if re.search(r"\d|=$|[a-z][A-Z]", found["value"]):
            yield Secret(*found.span("value"), Kind.TOKEN)
    for found in _USER_OPTION.finditer(text):
        yield Secret(*found.span("value"), Kind.PASSWORD)
        yield Secret(*found.span("login"), Kind.LOGIN)


def key_blocks(text: str) -> Iterator[Secret]:
    """Yield private keys in PEM form, whole even if their end is missing, and single lines of their body."""
    at = 0
    while begin := _BLOCK.search(text, at):
        end = _BLOCK_END.search(text, begin.end(), begin.end() + _LONGEST_BLOCK)
        at = end.end() if end else _BODY.match(text, begin.end()).end()  # type: ignore[union-attr]
        yield Secret(begin.start(), at, Kind.KEY)
    for found in _BODY_LINE.finditer(text):
        if _is_random(found["value"]):
            yield Secret(*found.span("value"), Kind.KEY)


def key_shapes(text: str) -> Iterator[Secret]:
    """Yield tokens and keys that their shape gives away: JWT, cloud keys, organisation ids."""
    for found in _ORGANISATION.finditer(text):
        yield Secret(*found.span(), Kind.ORGANISATION)
    for found in _ORGANISATION_NAMED.finditer(text):
        yield from _unless_blank(text, *found.span("value"), Kind.ORGANISATION)
    for pattern in (_JWT, _KNOWN):
        for found in pattern.finditer(text):
            yield Secret(*found.span(), Kind.TOKEN)


def opaque_runs(text: str) -> Iterator[Secret]:
    """Yield long runs of mixed letters and digits, which no name of the product looks like."""
    for found in _OPAQUE.finditer(text):
        group = "value" if found["value"] else "slashed"
        pieces = _PIECE.findall(found[group]) if group == "value" else [found[group]]
        slashes = found[group].count("/")
        if any(map(_is_random, pieces)) and slashes * 12 <= len(found[group]):
            yield Secret(*found.span(group), Kind.KEY)


def _bare_end(text: str, start: int, end: int) -> int:
    cut = _END.search(text, start, end)
    return cut.start() if cut and cut.start() > start else end


def _is_random(run: str) -> bool:
    digits = sum(char.isdecimal() for char in run)
    return digits >= 3 and any(char.isupper() for char in run) and any(char.islower() for char in run)


def _unless_blank(text: str, start: int, end: int, kind: Kind) -> Iterator[Secret]:
    if not is_placeholder(text[start:end].strip()):
        yield Secret(start, end, kind)
