"""Settings files, ``config-<instance>.xml`` and ``serverConf.xml``: settings that are facts themselves.

Modules to start: installation/using/configuring-campaign-server.md#enabling-processes. The instance file
goes before ``serverConf.xml``, which holds a default for everything: what is off or empty there may be on in
an instance file and tells nothing. ``_autoStart`` is a module switched off on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import ParseError

from attrs import frozen
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from campaign_rules.evidence.log_lines import instance_name
from campaign_rules.evidence.readers.markup import Element, elements_in
from campaign_rules.evidence.readers.reader import Found, ProcessNames, per_instance, place
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import TOKEN, Reading

_PLAIN = ("archiving", "dnsconfig", "pool", "relay", "securityzone", "serverconf", "smtp", "subnetwork")
_FILE = re.compile(r"(?:^|[/\\])config-(?P<instance>[\w.-]{1,80})\.xml$", re.IGNORECASE)
_GENERAL_FILE = re.compile(r"(?:^|[/\\])serverconf\.xml$", re.IGNORECASE)
_MANY_MODULES = 8
"""Modules that only ``serverConf.xml`` holds at once."""

_LOCAL = re.compile(r"(?:localhost|127\.[\d.]+|\[?::1\]?)(?::\d+)?", re.IGNORECASE)
_EVERYONE = frozenset({"*", "0.0.0.0/0", "::/0"})
_REFUSED = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MISMATCHED_TAG, _DOUBLE_ATTRIBUTE = 7, 8
_TOKEN = re.compile(TOKEN)
_TRUE = frozenset({"true", "1"})
_FALSE = frozenset({"false", "0"})


@frozen
class _File:
    """Where settings stand: the instance they are for, and whether they are the defaults of all."""

    source: str
    instance: str
    general: bool


def read_settings(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return ``config.disabled`` (each module not to be started) and the other readings ``config.*``.

    Fragments are read as well as files. A document that brings entities or a document type is refused:
    nothing is read from it. The instance is the one in the name of the file.
    """
    modules = _modules(names)
    elements = list(elements_in(lines, (*_PLAIN, *modules)))
    if not elements or any(_REFUSED.search(line.text) for line in lines):
        return (), frozenset()
    named = _FILE.search(source)
    switched = {element.name for element in elements if element.name in modules and _autostart(element)}
    general = bool(_GENERAL_FILE.search(source)) or len(switched) >= _MANY_MODULES
    file = _File(source, instance_name(named["instance"]) if named else "", general)
    readings = [*_whole(lines, elements, file)]
    used: set[int] = set()
    for element in elements:
        found = [*_of_module(element, file, modules, names), *_of_element(element, file)]
        readings.extend(found)
        if found or element.name == "serverconf":
            used.add(element.line.number)
    readings.extend(_zones(elements, file))
    return tuple(readings), frozenset(used)


def _modules(names: ProcessNames) -> Mapping[str, str]:
    """Return the names of elements that stand for modules, in lower case, to module ids."""
    known = {module.id.casefold(): module.id for module in names.modules.values()}
    return {name: known[name] for name in sorted(known) if re.fullmatch(r"[a-z]{2,40}", name)}


def _autostart(element: Element) -> str:
    """Return "true", "false" or "" (not said)."""
    if "_autostart" in element.attributes:
        return "false"
    return _flag(element, "autostart")


def _flag(element: Element, name: str) -> str:
    value = element.attributes.get(name, "").casefold()
    return "true" if value in _TRUE else "false" if value in _FALSE else ""


def _of_module(
    element: Element, file: _File, modules: Mapping[str, str], names: ProcessNames
) -> Iterator[Reading]:
    word = _autostart(element)
    if element.name not in modules or not word or (file.general and word == "false"):
        return
    module = names.modules[element.name]
    instance = per_instance(module, file.instance)
    where = place(file.source, element.line, element.shown("autostart", "_autostart"))
    yield Reading(f"config.{module.id}.autostart", word, instance, where)
    if word == "false":
        yield Reading("config.disabled", module.id, instance, where)
    elif module.id == "web" and "args" in element.attributes:
        tomcat = "-tomcat" in element.attributes["args"].split()
        where = place(file.source, element.line, element.shown("args", "autostart"))
        yield Reading("config.web.tomcat", "yes" if tomcat else "no", instance, where)


def _of_element(element: Element, file: _File) -> Iterator[Reading]:
    found: list[tuple[str, str | float, str]] = []
    given = element.attributes
    if element.name == "mta":
        found += [
            ("config.mta.verify_mode", _flag(element, "verifymode"), "verifymode"),
            ("config.mta.enhanced", _flag(element, "usemomentum"), "usemomentum"),
        ]
        if "statserveraddress" in given:
            found.append(("config.mta.stat_server", _whose(given["statserveraddress"]), "statserveraddress"))
    elif element.name == "smtp":
        found.append(("config.mta.tls", _flag(element, "enabletls"), "enabletls"))
    elif element.name == "archiving":
        found.append(("config.archiving.autostart", _autostart(element), "autostart"))
    elif element.name == "relay" and "address" in given:
        found.append(("config.mta.relay", "set" if given["address"] else "empty", "address"))
    elif element.name == "dnsconfig" and "nameservers" in given:
        word = "set" if given["nameservers"] else "empty"
        found.append(("config.dns.name_servers", word, "nameservers"))
    elif element.name == "pool" and re.fullmatch(r"\d{1,6}", given.get("maxcnx", "")):
        found.append(("config.pool.maxcnx", float(given["maxcnx"]), "maxcnx"))
    for name, value, attribute in found:
        if value and not (file.general and value in ("false", "empty")):
            where = place(file.source, element.line, element.shown(attribute))
            yield Reading(name, value, file.instance, where)


def _whose(address: str) -> str:
    return "empty" if not address else "local" if _LOCAL.fullmatch(address) else "remote"


def _zones(elements: Sequence[Element], file: _File) -> Iterator[Reading]:
    """Yield whether a security zone takes in every address."""
    networks = [
        element for element in elements if element.name == "subnetwork" and "mask" in element.attributes
    ]
    if networks and any(element.name == "securityzone" for element in elements):
        everyone = [element for element in networks if element.attributes["mask"] in _EVERYONE]
        first = (everyone or networks)[0]
        where = place(file.source, first.line, first.shown("mask", "name"))
        yield Reading("config.zones.everyone", "yes" if everyone else "no", file.instance, where)


def _whole(lines: Sequence[Line], elements: Sequence[Element], file: _File) -> Iterator[Reading]:
    """Yield ``config.xml`` "invalid" for a whole file in which tags do not match or attributes are doubled.

    Other faults may come from quoting, and one sound file does not tell that the others are sound.
    """
    roots = [element.line for element in elements if element.name == "serverconf"]
    if len(roots) != 1:
        return
    text = "\n".join(line.text for line in lines if line.number >= roots[0].number)
    ends = [found.end() for found in re.finditer(r"</serverconf\s{0,9}>", text, re.IGNORECASE)]
    start = text.lower().find("<serverconf")
    if len(ends) != 1 or start < 0:
        return
    try:
        fromstring(_TOKEN.sub(_plain_token, text[start : ends[0]]), forbid_dtd=True)
    except ParseError as error:
        if error.code in (_MISMATCHED_TAG, _DOUBLE_ATTRIBUTE):
            at = roots[0].number + error.position[0] - 1
            line = next((line for line in lines if line.number == at), roots[0])
            yield Reading("config.xml", "invalid", file.instance, place(file.source, line, str(error)))
    except (DefusedXmlException, ValueError):
        return


def _plain_token(found: re.Match[str]) -> str:
    """Return what stands for a redacted value without the marks that XML would take for a tag."""
    return f"({found[0][1:-1]})"
