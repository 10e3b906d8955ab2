"""Remediation steps: what can be done, by whom, where and at what cost."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen

from campaign_rules.model.texts import Text


class StepKind(StrEnum):
    """Whether a step looks or changes something."""

    CHECK = "check"
    ACT = "act"


class Performer(StrEnum):
    """Who can carry out a step."""

    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    DATABASE_ADMINISTRATOR = "database-administrator"
    ADOBE = "adobe"


class Disruption(StrEnum):
    """What a step does to running work."""

    NONE = "none"
    LOW = "low"  # seconds, one module
    HIGH = "high"  # cuts work in progress, or the platform


class Place(StrEnum):
    """Where a step is carried out. A hosted customer has no shell on the server."""

    SERVER = "server"
    CONSOLE = "console"
    ANYWHERE = "anywhere"


@frozen
class Command:
    """A command line and where it is right: `os` "" is any, `from_build`/`before_build` bound the build."""

    run: str
    os: str = ""
    from_build: int = 0
    before_build: int = 0


@frozen
class Step:
    """A remediation step or check. The first fitting command is shown."""

    id: str
    action: Text
    kind: StepKind = StepKind.ACT
    commands: tuple[Command, ...] = ()
    place: Place = Place.SERVER
    performer: Performer = Performer.ADMINISTRATOR
    disruption: Disruption = Disruption.NONE
    minutes: float = 5.0
    warning: Text = field(factory=dict)
    verify: Text = field(factory=dict)
    os: str = ""
    source: tuple[str, ...] = ()
