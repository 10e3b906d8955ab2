"""What whoever runs a worker writes into its file, as values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from attrs import field, frozen
from attrs.validators import gt, in_, le

from campaign_rules.knowledge.yaml_source import YamlFile
from campaign_rules.tickets.connecting import Connector
from campaign_rules.tickets.thread import LOG_DAYS
from campaign_rules.tickets.tracker import Tracker
from campaign_rules.tickets.triage import THRESHOLD


class Signature(StrEnum):
    """How a webhook shows that it is genuine.

    `STANDARD` is the specification Standard Webhooks, `SHA256` and `SHA1` are the HMAC of the body in the
    header ``X-Hub-Signature`` or ``X-Hub-Signature-256``, and `TOKEN` is the secret itself as a bearer token.
    """

    STANDARD = "standard"
    SHA256 = "sha256"
    SHA1 = "sha1"
    TOKEN = "token"


@frozen(kw_only=True)
class Webhooks:
    """Where to listen for webhooks, and the secrets that they are signed with.

    Without `secrets`, only this machine can be listened to. `signature` is "standard", "sha256", "sha1" or
    "token", and unless given what the tracker uses.
    """

    host: str = "127.0.0.1"
    port: int = field(default=8770, validator=[gt(0), le(65535)])
    secrets: tuple[str, ...] = field(default=(), repr=False)
    signature: str = field(default="", validator=in_(("", *Signature)))


@frozen(kw_only=True)
class Triage:
    """What to write on a ticket: the keys of `triage.Policy`, with `known_issues` as the name of a file.

    `since` leaves tickets alone that were opened before that day.
    """

    language: str = "en"
    threshold: float = THRESHOLD
    labels: Mapping[str, str] = field(factory=dict)
    queues: Mapping[str, str] = field(factory=dict)
    fields: Mapping[str, str] = field(factory=dict)
    known_issues: str = ""
    log_days: float = LOG_DAYS
    since: str = ""


@frozen(kw_only=True)
class Keys:
    """The keys of the file besides `tracker`.

    `rules` is a folder with another rule base or an overlay. `state` is the address of a database. A ticket
    whose worker died is taken up again after `lease_seconds`, which have to be more than the tracker takes to
    answer. `threads` work side by side. What fails for good is given up after `attempts`, what fails for now
    is tried again for as long as it takes, at most `longest_wait_seconds` apart.
    """

    triage: Triage = field(factory=Triage)
    rules: str = ""
    state: str = "sqlite:///tickets.db"
    poll_seconds: float = field(default=30.0, validator=gt(0))
    threads: int = field(default=1, validator=[gt(0), le(32)])
    lease_seconds: float = field(default=120.0, validator=gt(0))
    attempts: int = field(default=5, validator=gt(0))
    longest_wait_seconds: float = field(default=900.0, validator=gt(0))
    webhooks: Webhooks | None = None


@frozen(kw_only=True)
class Config:
    """A `file` that was read: `kind` is the tracker's, and paths do not depend on the folder any more."""

    kind: str
    connector: Connector
    settings: Any = field(repr=False)
    since: datetime | None
    keys: Keys
    file: YamlFile = field(repr=False)

    @property
    def name(self) -> str:
        """What the state calls the tracker: its kind, and its address, without an account, if it has one."""
        url = urlsplit(getattr(self.settings, "url", ""))
        return f"{self.kind} {url.netloc.rpartition('@')[2]}{url.path.rstrip('/')}".rstrip()

    def open_tracker(self) -> Tracker:
        """Return a tracker of its own for one thread."""
        return self.connector.tracker(self.settings)
