"""The ticketing systems by name: which are there, and how to get at one.

Other packages add theirs with an entry point of the group ``campaign_rules.trackers`` whose object is a
:class:`Connector`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

from attrs import frozen

from campaign_rules.errors import InputError
from campaign_rules.tickets.tracker import Tracker

GROUP = "campaign_rules.trackers"

SHIPPED: Mapping[str, str] = {
    "jira": "Jira",
    "mail": "Mail",
    "redmine": "Redmine",
    "roundup": "Roundup",
    "servicenow": "ServiceNow",
    "webhook": "Webhook",
    "zammad": "Zammad",
}
"""What the classes in the module of that name begin with."""

PATH = MappingProxyType({"path": True})
"""What marks a setting as the name of a file, which is taken from the folder of the configuration."""

EXTRAS = ("jira", "mail", "redmine", "servicenow", "zammad")
"""Those that need packages of an extra of their own; the others need those of ``tickets``."""


@frozen
class Connector:
    """A ticketing system: the attrs class of its settings, and what makes a tracker of them."""

    settings: type
    tracker: Callable[[Any], Tracker]


def connectors() -> tuple[str, ...]:
    """Return the names of the ticketing systems that are there."""
    return tuple(sorted({*SHIPPED, *(one.name for one in _added())}))


def load_connector(name: str) -> Connector:
    """Return the ticketing system of one of the names in `connectors`.

    Raises InputError that names what to install where its packages are missing.
    """
    if name not in SHIPPED:
        found: Connector = next(one for one in _added() if one.name == name).load()
        return found
    try:
        module = import_module(f"campaign_rules.tickets.connectors.{name}")
    except ModuleNotFoundError as missing:
        extra = name if name in EXTRAS else "tickets"
        hint = f"pip install 'campaign-rules[{extra}]'"
        raise InputError(f"{name}: this needs the package {missing.name}: {hint}") from None
    return Connector(getattr(module, f"{SHIPPED[name]}Settings"), getattr(module, f"{SHIPPED[name]}Tracker"))


def _added() -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=GROUP))
