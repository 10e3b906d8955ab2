"""The vocabulary: what can be observed and derived, and how it is recognised."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen

from campaign_rules.model.rules import Test
from campaign_rules.model.texts import Text


@frozen
class Sign:
    """A reading that shows an observation: present when `test` passes, absent when it does not."""

    reading: str
    test: Test


@frozen
class Signs:
    """How an observation is recognised in what people write and machines print.

    `recovered` are log lines that show, later than the last line of `log`, that it is over. `prose` are
    regular expressions for what a text is about: they hold in what people write only, and wherever it is
    named there.
    """

    phrases: Mapping[str, tuple[str, ...]] = field(factory=dict)
    log: tuple[str, ...] = ()
    readings: tuple[Sign, ...] = ()
    prose: tuple[str, ...] = ()
    recovered: tuple[str, ...] = ()


class ValueKind(StrEnum):
    """What an observation's value may be."""

    NONE = "none"
    NUMBER = "number"
    WORD = "word"


@frozen
class ObservationType:
    """An entry of the vocabulary: something that can be observed.

    `minutes` is the usual time to find out; `context` marks facts about the platform (operating
    system, hosting) that select advice but are no evidence. `group` joins observations that rest
    on the same measurement, so that they count once.
    """

    id: str
    label: Text
    question: Text = field(factory=dict)
    how: Text = field(factory=dict)
    signs: Signs = Signs()
    value: ValueKind = ValueKind.NONE
    values: tuple[str, ...] = ()
    minutes: float = 2.0
    context: bool = False
    group: str = ""
    source: tuple[str, ...] = ()


@frozen
class FactType:
    """A derived fact: what it means, for the proof."""

    id: str
    label: Text
    source: tuple[str, ...] = ()


@frozen
class Language:
    """What is needed to read a language: words of denial, of well-being, and synonyms.

    `synonyms` maps a concept to the words that mean it; phrases and tickets meet in concepts.
    """

    code: str
    negations: tuple[str, ...] = ()
    wellbeing: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(factory=dict)
