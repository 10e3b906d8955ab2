"""Modules, what they depend on, and what can be wrong inside them."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen

from campaign_rules.model.texts import Text


class Scope(StrEnum):
    """How many of a module run."""

    INSTANCE = "instance"  # one per Campaign instance
    MACHINE = "machine"  # one for all instances of the machine, or beyond it


@frozen
class Dependency:
    """`module` needs `on`. `strength` is a word of the scale: how surely a fault of `on` shows."""

    module: str
    on: str
    strength: str
    why: Text = field(factory=dict)
    inferred: bool = False
    source: tuple[str, ...] = ()


@frozen
class Module:
    """A node of the dependency graph: a process, a technical workflow, or what surrounds them.

    `listed` says that a healthy server shows the process in `nlserver pdump`, so that a complete
    listing without it means that it is missing. `frequency` is a word of the scale: how often the
    module is the root of an incident. `aliases` are names understood on input.
    """

    id: str
    label: Text
    scope: Scope = Scope.MACHINE
    listed: bool = False
    frequency: str = "occasional"
    aliases: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


@frozen
class Remedy:
    """A step as part of one cause's remedy. `cures` is a word of the scale: how often it helps."""

    step: str
    cures: str = "usually"


@frozen
class Cause:
    """Something that can be wrong inside a module, with the ordered remedy."""

    id: str
    module: str
    label: Text
    frequency: str = "occasional"
    remedy: tuple[Remedy, ...] = ()
    inferred: bool = False
    source: tuple[str, ...] = ()
