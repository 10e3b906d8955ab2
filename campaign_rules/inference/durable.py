"""The durable-rules engine, driven so that its known faults are out of reach.

No host and no threads of its own, no retraction, one session per incident that is always deleted,
and facts made of our own integers (`network` tells why).
"""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import threading
import weakref
from collections.abc import Iterable
from operator import attrgetter
from typing import Protocol, cast

from campaign_rules.errors import EngineError, EngineLimitError, InputError
from campaign_rules.inference.memory import WorkingMemory
from campaign_rules.inference.network import (
    BOOT,
    MESSAGES_PER_INCIDENT,
    SESSION,
    SINGLE,
    SINGLE_TAIL,
    Network,
    compile_network,
)
from campaign_rules.inference.program import Clause, Program
from campaign_rules.model import Fact, Firing

_SESSION_NOT_FOUND = 309
_name = attrgetter("name")
_message_ids = re.compile(r'"id":"(\d+)"').findall


class _Native(Protocol):
    """The functions of the C module that are used. They raise `error` with a number at its end."""

    error: type[Exception]

    def create_ruleset(self, name: str, rules: str, /) -> int: ...
    def delete_ruleset(self, handle: int, /) -> None: ...
    def assert_fact(self, handle: int, fact: str, /) -> tuple[int, int]: ...
    def assert_facts(self, handle: int, facts: str, /) -> tuple[int, int]: ...
    def start_action_for_state(self, handle: int, state: int, /) -> tuple[str, str] | None: ...
    def complete_and_start_action(self, handle: int, state: int, /) -> str | None: ...
    def delete_state(self, handle: int, sid: str, /) -> None: ...


def can_import() -> bool:
    """Tell whether durable-rules is installed and loads; it does not on Python 3.13 and later."""
    try:
        _load()
    except InputError:
        return False
    return True


class DurableEngine:
    """Fires rules in durable-rules. Threads may share it: they take turns."""

    name = "durable"

    def __init__(self, program: Program) -> None:
        """Raise EngineLimitError for a program too large, InputError where the engine is missing."""
        self._program = program
        self._network = compile_network(program)
        self._native = _load()
        self._locks: dict[int, threading.Lock] = {}
        try:
            self._handle = self._native.create_ruleset("r", self._network.ruleset)
        except self._native.error as error:
            raise EngineError(_code(error), "loading the rules") from error
        weakref.finalize(self, _dispose, self._native, self._handle).atexit = False
        self._used = True
        self._warm()

    def fire(self, facts: Iterable[Fact]) -> tuple[Firing, ...]:
        """Return every firing, sorted.

        Raises InputError when there would be too many, EngineLimitError for too many facts, and
        EngineError when durable-rules fails; the engine stays usable after each.
        """
        memory = WorkingMemory(self._program, facts)
        with self._lock():
            try:
                self._clean()
                self._used = True
                self._run(memory)
            except self._native.error as error:
                raise EngineError(_code(error), "firing rules") from error
            finally:
                self._clean()
        return memory.firings()

    def _run(self, memory: WorkingMemory) -> None:
        """Assert the observed facts, then the phase of each stratum, and fire until nothing is left."""
        incident = _Incident(self._program, self._network, memory)
        messages = incident.messages()
        if messages:
            state = self._assert(messages)
            self._drain(incident, state)
            for stratum in sorted(self._network.phases):
                self._assert(incident.phase(stratum))
                self._drain(incident, state)

    def _drain(self, incident: _Incident, state: int) -> None:
        """Fire what is on the agenda, assert what that derives, and so on until nothing is new."""
        while True:
            started = self._native.start_action_for_state(self._handle, state)
            text = started[1] if started else None
            while text:
                incident.fire(text)
                text = self._native.complete_and_start_action(self._handle, state)
            messages = incident.messages()
            if not messages:
                return
            self._assert(messages)

    def _assert(self, messages: list[str]) -> int:
        """Assert at least one message; return the offset of the session."""
        code, state = self._native.assert_facts(self._handle, f"[{','.join(messages)}]")
        if code:
            raise EngineError(code, "asserting facts")
        return state

    def _lock(self) -> threading.Lock:
        """The lock of this process: one that another thread held while forking is never released."""
        return self._locks.setdefault(os.getpid(), threading.Lock())

    def _warm(self) -> None:
        """Let the session fire once: the engine frees uninitialised memory in one that never did."""
        try:
            state = self._assert([f'{{"{BOOT}":1,"sid":"{SESSION}"}}'])
            self._native.start_action_for_state(self._handle, state)
            self._native.complete_and_start_action(self._handle, state)
        finally:
            self._clean()

    def _clean(self) -> None:
        """Delete the session unless that is already done; an interrupted incident leaves one behind."""
        if self._used:
            try:
                self._native.delete_state(self._handle, SESSION)
            except self._native.error as error:
                if _code(error) != _SESSION_NOT_FOUND:
                    raise EngineError(_code(error), "deleting the session") from error
            self._used = False


class _Incident:
    """One incident in the engine's terms: which message stands for which fact, and what fires it alone."""

    __slots__ = ("_instances", "_memory", "_messages", "_network", "_program")

    def __init__(self, program: Program, network: Network, memory: WorkingMemory) -> None:
        self._program = program
        self._network = network
        self._memory = memory
        self._messages: list[tuple[Fact | None, tuple[Clause, ...]]] = []
        self._instances: dict[str, int] = {}

    def messages(self) -> list[str]:
        """Messages for the facts that are new in working memory since the last call."""
        texts: list[str] = []
        for fact, conditions in self._memory.take():
            instance = self._instances.setdefault(fact.instance, len(self._instances))
            for condition in conditions:
                for tail in self._network.slots[condition]:
                    texts.append(self._message(tail, instance, fact))
                if singles := self._network.singles[condition]:
                    texts.append(self._message(SINGLE_TAIL, instance, fact, singles))
        return texts

    def phase(self, stratum: int) -> list[str]:
        """Messages that let the rules of `stratum` with an `unless` fire."""
        return [self._message(tail, 0, None) for tail in self._network.phases[stratum]]

    def fire(self, text: str) -> None:
        """Record a firing of the engine: ``{"r5":{"c0":{"id":"0", ...}, ...}}``."""
        rule = text[2 : text.index('"', 2)]
        matched = [self._messages[int(number)] for number in _message_ids(text)]
        if rule == SINGLE:
            ((_, clauses),) = matched
        else:
            clauses = (self._program.clauses[int(rule[1:])],)
        supports = tuple(sorted([fact for fact, _ in matched if fact], key=_name))
        for clause in clauses:
            self._memory.fire(clause, supports)

    def _message(self, tail: str, instance: int, fact: Fact | None, singles: tuple[Clause, ...] = ()) -> str:
        number = len(self._messages)
        if number == MESSAGES_PER_INCIDENT:
            raise EngineLimitError("number of messages", number + 1, MESSAGES_PER_INCIDENT, "the incident")
        self._messages.append((fact, singles))
        return f'{{"id":"{number}",{tail}{instance}}}'


def _load() -> _Native:
    try:
        return cast(_Native, importlib.import_module("durable_rules_engine"))
    except ImportError as error:
        raise InputError(
            f"engine 'durable' cannot import durable-rules ({error}); choose engine='semi-naive'"
        ) from error


def _dispose(native: _Native, handle: int) -> None:
    with contextlib.suppress(native.error):
        native.delete_state(handle, SESSION)
    native.delete_ruleset(handle)


def _code(error: Exception) -> int:
    found = re.search(r"\d+", str(error))
    return int(found[0]) if found else 0
