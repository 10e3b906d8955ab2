"""Making a step concrete: the command, the performer and the wording for the platform at hand."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from campaign_rules.model import Command, Performer, Place, Step, Text
from campaign_rules.texts import text_in

HOSTED = "hosted"
INSTANCE_PLACE = "<instance>"
SYSTEMS: Mapping[str, str] = {"linux": "Linux", "windows": "Windows"}
ASK_ADOBE: Text = {"en": "Ask Adobe Customer Care: {}", "it": "Chiedi all'assistenza Adobe: {}"}


@frozen
class Platform:
    """What is known about where Campaign runs; "" and 0 are unknown.

    `os` is "linux" or "windows", `hosting` "on-premise", "hybrid" or "hosted"; `instance` stands in where the
    suspect has no instance of its own.
    """

    os: str = ""
    hosting: str = ""
    build: int = 0
    instance: str = ""


@frozen
class Concrete:
    """The parts of a step that depend on the platform."""

    action: str
    command: str
    performer: Performer


def applies(step: Step, platform: Platform) -> bool:
    """Return whether the step makes sense on this operating system, as far as it is known."""
    return not step.os or not platform.os or step.os == platform.os


def make_concrete(step: Step, platform: Platform, instance: str, language: str) -> Concrete:
    """Return the step for this platform.

    On a platform that Adobe hosts, steps on the server are Adobe's: no command, and the action is a request.
    """
    action = name_instance(text_in(step.action, language), instance)
    if platform.hosting == HOSTED and step.place is Place.SERVER:
        return Concrete(text_in(ASK_ADOBE, language).format(action), "", Performer.ADOBE)
    return Concrete(action, name_instance(_command(step, platform), instance), step.performer)


def name_instance(text: str, instance: str) -> str:
    """Return `text` with the instance in its place, as far as it is known."""
    return text.replace(INSTANCE_PLACE, instance) if instance else text


def needs_instance(step: Step) -> bool:
    """Return whether a command of the step names the instance."""
    return any(INSTANCE_PLACE in command.run for command in step.commands)


def _command(step: Step, platform: Platform) -> str:
    if platform.os:
        return _first_fitting(step, platform.os, platform.build)
    by_system = {
        name: run
        for os, name in SYSTEMS.items()
        if (run := _first_fitting(step, step.os or os, platform.build))
    }
    if len(by_system) == len(SYSTEMS) and len(set(by_system.values())) == 1:
        return next(iter(by_system.values()))
    return "\n".join(f"{name}: {run}" for name, run in by_system.items())


def _first_fitting(step: Step, os: str, build: int) -> str:
    return next((command.run for command in step.commands if _fits(command, os, build)), "")


def _fits(command: Command, os: str, build: int) -> bool:
    """Return whether the command is right; an unknown build is taken to be the newest."""
    if command.os not in ("", os):
        return False
    if not build:
        return not command.before_build
    return command.from_build <= build and (not command.before_build or build < command.before_build)
