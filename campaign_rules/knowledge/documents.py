"""The shape of the files of a rule base, as an expert writes them.

Where the file says a thing as `model` does, the class of `model` is used. Only modules and rules
read better another way on paper: a module lists what it depends on, a rule has a `when`.
"""

from __future__ import annotations

from attrs import field, frozen

from campaign_rules.model import (
    Cause,
    Conclusion,
    Condition,
    FactType,
    Language,
    ObservationType,
    Rule,
    Scale,
    Scope,
    Step,
    Text,
)


@frozen
class DependencyEntry:
    """One line of a module's `depends_on`."""

    on: str
    strength: str
    why: Text = field(factory=dict)
    inferred: bool = False
    source: tuple[str, ...] = ()


@frozen
class ModuleEntry:
    """A module together with what it depends on."""

    id: str
    label: Text
    scope: Scope = Scope.MACHINE
    listed: bool = False
    frequency: str = "occasional"
    aliases: tuple[str, ...] = ()
    depends_on: tuple[DependencyEntry, ...] = ()
    source: tuple[str, ...] = ()


@frozen
class When:
    """The antecedents of a rule."""

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    unless: tuple[str, ...] = ()


@frozen
class RuleEntry:
    """A rule: when ..., then ...."""

    id: str
    when: When
    then: tuple[Conclusion, ...]
    inferred: bool = False
    source: tuple[str, ...] = ()

    def rule(self) -> Rule:
        """Return the entry as the rule it describes."""
        when = self.when
        return Rule(self.id, self.then, when.all, when.any, when.unless, self.inferred, self.source)


@frozen
class AreaFile:
    """A file of knowledge about one module or area. Every section may be left out."""

    modules: tuple[ModuleEntry, ...] = ()
    observations: tuple[ObservationType, ...] = ()
    facts: tuple[FactType, ...] = ()
    rules: tuple[RuleEntry, ...] = ()
    causes: tuple[Cause, ...] = ()
    steps: tuple[Step, ...] = ()


@frozen
class BaseFile:
    """``knowledge.yaml``: the version of the rule base and the scale of its words.

    `placeholders` are the names that commands may hold in angle brackets for the reader to fill in, besides
    ``<instance>``, which a diagnosis fills in.
    """

    version: str
    scale: Scale
    placeholders: tuple[str, ...] = ()


@frozen
class Selection:
    """Ids of entries, section by section; of languages, their codes."""

    modules: tuple[str, ...] = ()
    observations: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()


@frozen
class OverlayFile:
    """``overlay.yaml``: what a folder changes in the rule base below it, besides what it adds.

    `name` is added to the version (the folder's name, if left out); `disable` takes entries out; `replace`
    announces which ids of the base the files of the folder give anew.
    """

    name: str = ""
    disable: Selection = Selection()
    replace: Selection = Selection()
    placeholders: tuple[str, ...] = ()


@frozen
class LanguageFile:
    """``language/<code>.yaml``."""

    language: Language


@frozen
class Expectation:
    """What a scenario expects of its diagnosis. What is left out is not looked at.

    `root` is the module ranked first, `cause` its cause, `suspects` the modules among the first
    three, `not_suspects` modules that must not be suspected, `explains` modules that the first
    suspect accounts for, `first_step` the first step of the plan, `steps` and `not_steps` ids that
    the plan must and must not hold, `observations` and `absent` ids that must have been recognised.
    """

    root: str = ""
    cause: str = ""
    suspects: tuple[str, ...] = ()
    not_suspects: tuple[str, ...] = ()
    explains: tuple[str, ...] = ()
    first_step: str = ""
    steps: tuple[str, ...] = ()
    not_steps: tuple[str, ...] = ()
    observations: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    nothing: bool = False


@frozen
class Scenario:
    """An incident as data: raw text or given observations, and what must come out.

    `observe` and `absent` hold observations as on the command line: ``id``, ``id=value``,
    ``id@instance``, ``id@instance=value``.
    """

    id: str
    expect: Expectation
    ticket: str = ""
    attachments: tuple[str, ...] = ()
    observe: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    language: str = "en"


@frozen
class ScenarioFile:
    """``scenarios/<area>.yaml``."""

    scenarios: tuple[Scenario, ...] = ()
