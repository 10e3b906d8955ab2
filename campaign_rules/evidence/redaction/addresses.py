"""Addresses on a network: e-mail, IPv4, IPv6, MAC, and host names."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from campaign_rules.evidence.redaction.host_names import is_host_name, is_mailbox_provider, is_public
from campaign_rules.evidence.redaction.product_words import (
    PROCESSES,
    is_product_word,
    is_prose,
    is_protocol,
    word_set,
)
from campaign_rules.evidence.redaction.secret import Secret, is_placeholder
from campaign_rules.model import Kind

_AT = re.compile(r"@|%40|\uff20")
_LOCAL_BACKWARDS = re.compile(r"[\w.+%'&!#$*?^`{|}~-]{1,254}")
_RETURN_PATH = re.compile(r"=[\w.%-]{1,200}[+-][\w.+%-]{1,254}")
_DOMAIN = re.compile(r"[\w-]++(?:[.\u3002\uff0e\uff61][\w-]++)*+|\[[0-9A-Fa-f:.]{2,45}\]")
_PROCESS_AFTER = re.compile(r"\s{0,8}\(\d|'")
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|-[A-Za-z]|\.\w)")
_IPV4_REVERSED = re.compile(r"(?<![\w.-])(?P<value>(?:\d{1,3}\.){4})(?=[a-z])")
_EXTENSIONS = word_set("""
    log txt xml gz zip json csv out bak html tgz bin eml msg pcap dmp old conf cfg sql xlsx docx pdf yaml
    yml tar bz2 xz png jpg
""")
_COMMON_ENDINGS = (".com", ".net", ".org")
_REVERSED = re.compile(r"^(?:\d{1,3}\.){4}")
_IP_IN_NAME = re.compile(r"(?<![\w.-])ip-(?:\d{1,3}-){3}\d{1,3}(?![\w-])")
_VERSIONED = re.compile(
    r"(?:version|release|build|driver|client|oracle|server|apache|tomcat|openssl|java|jdk|campaign|\bver"
    r"|\bv|[A-Za-z]/)"
    r"[\s:=(v\"']{0,3}$",
    re.IGNORECASE,
)
_SQL_SERVER = re.compile(r"server[\s:=(\"']{1,3}$", re.IGNORECASE)
_IPV6 = re.compile(
    r"(?<![\w:.])(?=[0-9A-Fa-f:]{0,5}:)[0-9A-Fa-f:]{2,45}(?:(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])"
)
_MAC = re.compile(
    r"(?<![\w:.-])(?:[0-9A-Fa-f]{2}(?P<by>[:-])(?:[0-9A-Fa-f]{2}(?P=by)){4}[0-9A-Fa-f]{2}"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![\w:-]|\.\w)"
)
_DOTTED = re.compile(r"(?<![\w.@-])[^\W_](?:[\w-]*+)(?:[.\u3002\uff0e\uff61][\w-]++)++(?!@)")
_HOST_KEYS = (
    r"(?:host(?:[ _-]?name)?|server(?:[ _-]?(?:name|address|host))?|machine|data[ _]?source|heloHost"
    r"|(?:local|mail)?domain|alias"
    r"|endpoint|relay|nameservers?|dsn|proxy|gateway|broker|bootstrap|address|addr|host\))"
)
_HOST_GIVEN = re.compile(
    _HOST_KEYS + r"\)?\\?[\"']?(?P<to>[ \t]{0,4}(?:!=|==?|=>"
    r"|:)[ \t]{0,4})\\?(?P<quote>[\"']?)(?P<value>[\w.-]{1,255}(?:,[\w.-]{1,255}){0,20})\\?(?P=quote)",
    re.IGNORECASE,
)
_HOST_SAID = re.compile(
    r"\b(?:host(?:[ _-]?name)?|server|machine|domain|node|relay|MX|proxy|hôte|serveur"
    r"|nodo)[ \t]{1,4}(?:is |name )?"
    r"(?P<quote>[\"'])(?P<value>[\w.-]{1,255})(?P=quote)",
    re.IGNORECASE,
)
_HOST_SOUGHT = re.compile(
    r"\b(?:resolve|lookup|look up|unknown|translate|find|reach|contact|ping)[ \t]{1,4}(?:proxy[ \t]"
    r"|the[ \t])?(?:host|server)(?:[ \t]?name)?"
    r":?[ \t]{1,4}[\"']?(?P<value>[\w.-]{1,255})",
    re.IGNORECASE,
)
_HOST_TOLD = re.compile(
    r"\b(?:host(?:[ _-]?name)?|server|machine|node|relay)[ \t](?=[\w-]{0,62}\d)"
    r"(?P<value>[A-Za-z][\w.-]{1,254})",
    re.IGNORECASE,
)
_COMMAND = re.compile(
    r"\b(?:ssh|ping|telnet|nslookup|traceroute|dig|nc)[ \t]{1,4}(?:-\w{1,20}[ \t]{1,4}){0,5}"
    r"(?:(?P<login>[\w.-]{1,64})@)?+(?P<value>[A-Za-z][\w.-]{1,254})"
)
_HOST_PORT = re.compile(r"(?<![\w.:/@-])(?P<value>[A-Za-z][\w-]{1,62}):\d{2,5}(?![\w:.-])")
_TOWARDS_PORT = re.compile(r"(?:\b(?:to|from|with|on|at|host|server|via)[ \t]{1,2}|[\"'(=])$", re.IGNORECASE)
_SHARE = re.compile(r"(?<![\w:\\/.])\\\\(?P<value>[\w.-]{1,255})\\")
_REMOTE = re.compile(
    r"(?<![\w@.:/-])(?P<login>[\w.-]{1,64})@(?P<value>[\w-]{1,63}):(?=[/~\\]"
    r"|[ \t]?[~/]?[^\s]{0,100}[ \t]?[#$](?:\s|$))"
)
_PROMPT = re.compile(r"\[(?P<login>[\w.-]{1,64})@(?P<value>[\w-]{1,63})[ \t][^\]\n]{0,200}\][#$]")
_LOGGED_HOST = re.compile(
    r"^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) (?P<value>[\w.-]{1,255}) (?=[\w./-]{1,60}(?:\[\d{1,10}\])?:)",
    re.MULTILINE,
)


def emails(text: str) -> Iterator[Secret]:
    """Yield e-mail addresses: whole, or the user alone where the domain is a mailbox provider's."""
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        before = text[max(0, at.start() - 254) : at.start()][::-1]
        local = _LOCAL_BACKWARDS.match(before)
        if domain is None or local is None:
            continue
        start = at.start() - local.end()
        if path := _RETURN_PATH.match(before, local.end()):
            start -= path.end() - path.start()
        while start < at.start() and text[start] in "'.-+%`|{#*&?!$^":
            start += 1
        name = _without_extension(domain[0].rstrip("-_"))
        end = at.end() + len(name)
        if start == at.start() or _is_process(text, start, at.start(), end):
            continue
        if name.startswith("[") or is_host_name(name):
            if is_placeholder(text[start : at.start()]) or text[start : at.start()].lower() == "xxx":
                continue
            yield Secret(start, at.start() if is_mailbox_provider(name) else end, Kind.EMAIL)


def ip_addresses(text: str) -> Iterator[Secret]:
    """Yield IPv4 and IPv6 addresses, but for those of every machine, network masks and version numbers."""
    for found in _IPV4.finditer(text):
        if _is_secret_ip(found[0]) and not _is_version(text, found.start()):
            yield Secret(*found.span(), Kind.IP)
    for found in _IPV4_REVERSED.finditer(text):
        if _is_secret_ip(found["value"].rstrip(".")) and not _is_version(text, found.start()):
            yield Secret(found.start(), found.end() - 1, Kind.IP)
    for found in _IPV6.finditer(text):
        run = found[0].rstrip(":") if not found[0].endswith("::") else found[0]
        if run.count(":") > 1 and any(char.isdecimal() for char in run) and _is_secret_ip(run):
            yield Secret(found.start(), found.start() + len(run), Kind.IP)


def hardware_addresses(text: str) -> Iterator[Secret]:
    """Yield MAC addresses."""
    for found in _MAC.finditer(text):
        yield Secret(*found.span(), Kind.MAC)


def host_names(text: str) -> Iterator[Secret]:
    """Yield host names: dotted ones by their looks, simple ones where the text says that they are hosts."""
    for pattern in (_REMOTE, _PROMPT, _COMMAND):
        for found in pattern.finditer(text):
            login = found["login"] or ""
            if login.casefold() in PROCESSES - {"nlserver"}:
                continue
            if login and not is_product_word(login):
                yield Secret(*found.span("login"), Kind.LOGIN)
            yield from _named(found["value"], found.start("value"))
    for found in _DOTTED.finditer(text):
        name = _without_extension(found[0].rstrip("-_"))
        if is_host_name(name) and not (is_public(name) or is_public(_REVERSED.sub("", name))):
            yield Secret(found.start(), found.start() + len(name), Kind.HOST)
    for found in _IP_IN_NAME.finditer(text):
        yield Secret(*found.span(), Kind.HOST)
    for found in _HOST_GIVEN.finditer(text):
        if found["quote"] or found["to"].strip() != ":" or found["to"] == ":" or _is_marked(found["value"]):
            at = found.start("value")
            for name in found["value"].split(","):
                if found["quote"] or found["to"].strip() != ":" or _is_marked(name):
                    yield from _named(name, at)
                at += len(name) + 1
    for pattern in (_HOST_SAID, _HOST_TOLD, _HOST_SOUGHT, _SHARE, _LOGGED_HOST):
        for found in pattern.finditer(text):
            yield from _named(found["value"], found.start("value"))
    for found in _HOST_PORT.finditer(text):
        said = _TOWARDS_PORT.search(text, max(0, found.start() - 12), found.start())
        if said or re.search(r"[\d_-]", found["value"]):
            yield from _named(found["value"], found.start("value"))


def _without_extension(name: str) -> str:
    """Return `name` without the extension of a file that is called after a host: ``mail.acme.com.log``."""
    host = name
    while host.rpartition(".")[2].casefold() in _EXTENSIONS:
        host = host.rpartition(".")[0]
    called = is_host_name(host) and (host.count(".") > 1 or host.endswith(_COMMON_ENDINGS))
    return host if called else name


def _named(name: str, start: int) -> Iterator[Secret]:
    name = name.rstrip(".-")
    ordinary = any(test(name) for test in (is_prose, is_product_word, is_protocol, is_placeholder, is_public))
    if len(name) > 1 and not ordinary and any(char.isalpha() for char in name) and not _is_file(name):
        yield Secret(start, start + len(name), Kind.HOST)


def _is_file(name: str) -> bool:
    return "." in name and not is_host_name(name) and len(name.rpartition(".")[2]) < 5


def _is_marked(name: str) -> bool:
    return bool(re.search(r"[\d_.-]", name))


def _is_process(text: str, start: int, at: int, end: int) -> bool:
    """Tell whether ``mta@prod.example.com`` is a row of a list of processes."""
    return text[start:at].casefold() in PROCESSES and bool(
        _PROCESS_AFTER.match(text, end) or text.startswith("-tracefile:", max(0, start - 11))
    )


def _is_secret_ip(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mask = address.version == 4 and int(address) >> 24 == 255
    return not (address.is_loopback or address.is_unspecified or mask)


def _is_version(text: str, start: int) -> bool:
    before = text[max(0, start - 20) : start]
    if _SQL_SERVER.search(before):
        return False
    return bool(_VERSIONED.search(before)) and not before.endswith("://")
