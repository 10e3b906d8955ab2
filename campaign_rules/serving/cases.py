"""Incidents that clients are asking about: what is known of each, kept for a while."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from attrs import define, evolve, field

from campaign_rules.diagnosis import Diagnosis
from campaign_rules.model import Evidence, KnowledgeBase, Ledger, Provenance, State
from campaign_rules.observations import Given, canonical
from campaign_rules.reading import read_ticket
from campaign_rules.serving.problems import Problem
from campaign_rules.serving.settings import Settings
from campaign_rules.session import Session


class Case:
    """One incident as it unfolds. Its texts share one numbering of redacted values."""

    def __init__(self, knowledge: KnowledgeBase, language: str = "en") -> None:
        self._knowledge = knowledge
        self._session = Session(knowledge=knowledge, language=language)
        self._ledger = Ledger()
        self._not_understood: tuple[Provenance, ...] = ()
        self._lock = threading.Lock()

    @property
    def diagnosis(self) -> Diagnosis:
        """The diagnosis of what is known now. What nobody could tell is not asked again."""
        with self._lock:
            found = self._session.diagnosis
            untold = [one.id for one in found.observations if one.state is State.UNKNOWN]
            checks = found.next_checks_besides(untold) if untold else found.next_checks
            missed = tuple(sorted(set(self._not_understood)))
            return evolve(found, next_checks=checks, not_understood=missed)

    def tell(
        self,
        observations: Iterable[Given] = (),
        ticket: str = "",
        attachments: Sequence[str] = (),
        redact: bool = True,
        retract: Iterable[Given] = (),
    ) -> None:
        """Withdraw what to `retract`, then add what texts say, and `observations` in place of what was known.

        Raises UnknownNameError or InputError as `diagnose` and `read_ticket` do, changing nothing.
        """
        vocabulary = self._knowledge.observations
        given, withdrawn = canonical(observations, vocabulary), canonical(retract, vocabulary)
        with self._lock:
            read = Evidence()
            if ticket or attachments:
                read = read_ticket(
                    ticket, attachments, knowledge=self._knowledge, redact=redact, ledger=self._ledger
                )
                self._ledger = read.ledger if redact else self._ledger
            self._not_understood += read.not_understood
            self._session.retract(*withdrawn)
            self._session.observe(*read)
            self._session.retract(*given)
            self._session.observe(*given)


@define
class _Kept:
    case: Case
    owner: str
    expires: float


@define(eq=False)
class Cases:
    """The open cases: a bounded number, each for a while after its last use, each its owner's alone."""

    _settings: Settings
    _clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[str, _Kept] = field(factory=OrderedDict, init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False)

    def __len__(self) -> int:
        with self._lock:
            self._forget_expired()
            return len(self._kept)

    def open(self, case: Case, owner: str = "") -> str:
        """Keep a case and return its id, which nobody guesses. Raises Problem 503 when too many are open."""
        with self._lock:
            self._forget_expired()
            if len(self._kept) >= self._settings.cases:
                raise Problem(503, "too many cases are open; close some, or ask later", {"Retry-After": "60"})
            name = secrets.token_urlsafe(24)
            self._kept[name] = _Kept(case, owner, self._clock() + self._settings.case_seconds)
            return name

    def find(self, name: str, owner: str = "") -> Case:
        """Return a case, kept anew. Raises Problem 404 if `owner` has none of that id."""
        with self._lock:
            kept = self._of(name, owner)
            kept.expires = self._clock() + self._settings.case_seconds
            self._kept.move_to_end(name)
            return kept.case

    def close(self, name: str, owner: str = "") -> None:
        """Forget a case. Raises Problem 404 if `owner` has none of that id."""
        with self._lock:
            self._of(name, owner)
            del self._kept[name]

    def _of(self, name: str, owner: str) -> _Kept:
        self._forget_expired()
        kept = self._kept.get(name)
        if kept is None or kept.owner != owner:
            raise Problem(404, "no case with this id is open; it may have expired")
        return kept

    def _forget_expired(self) -> None:
        """Forget the cases whose time is over; those used last are last."""
        while self._kept and next(iter(self._kept.values())).expires <= self._clock():
            self._kept.popitem(last=False)
