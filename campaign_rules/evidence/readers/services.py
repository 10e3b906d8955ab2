"""What ``systemctl status`` and ``sc query`` print about the services of Campaign and of the web server."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import evolve

from campaign_rules.evidence.readers.reader import Found, ProcessNames, place
from campaign_rules.evidence.text_lines import Line
from campaign_rules.evidence.times import own_time
from campaign_rules.model import Reading

_UNIT = re.compile(r"(?:[^\w\s]\s{0,3})?(?P<unit>[\w@.-]{1,60})\.service(?: - .*)?$")
_ACTIVE = re.compile(r"Active: (?P<state>[a-z]{1,20}) \((?P<sub>[\w-]{1,30})")
_SERVICE_NAME = re.compile(r"SERVICE_NAME\s?: (?P<unit>\S{1,60})", re.IGNORECASE)
_STATE = re.compile(r"(?:STATE|STATO|ÉTAT)\s{0,20}: \d\s{1,3}(?P<state>[A-Z_]{1,20})")
_NAMES = {
    "nlserver": "nlserver",
    "nlserver6": "nlserver",
    "apache2": "web_server",
    "httpd": "web_server",
    "w3svc": "web_server",
}
_REACH = 8
"""Lines below the name of a service in which its state stands."""


def read_services(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return ``service.nlserver`` (running, failed) and ``service.web_server`` (stopped).

    A stopped nlserver may have been stopped on purpose, and a running web server may still give no
    answer, so neither is told. The provenance holds since when the state lasts, if that is said.
    """
    readings: list[Reading] = []
    used: set[int] = set()
    service, since = "", Line(0, "")
    for at, line in enumerate(lines):
        named = _UNIT.match(line.text) or _SERVICE_NAME.match(line.text)
        if named:
            service, since, first = _NAMES.get(named["unit"].casefold(), ""), line, at
        elif service and at - first > _REACH:
            service = ""
        state = _state(line.text) if service else ""
        if state:
            used |= {since.number, line.number}
            if (service, state) in _TOLD:
                where = place(source, line, f"{since.text} {line.text}")
                begun = evolve(where, first=own_time(line.text))
                readings.append(Reading(f"service.{service}", state, "", begun))
            service = ""
    return tuple(readings), frozenset(used)


def _state(text: str) -> str:
    if found := _ACTIVE.match(text):
        if found["state"] == "active":
            return found["sub"]
        return "stopped" if found["state"] == "inactive" else found["state"]
    found = _STATE.match(text)
    return found["state"].casefold() if found else ""


_TOLD = frozenset({("nlserver", "running"), ("nlserver", "failed"), ("web_server", "stopped")})
