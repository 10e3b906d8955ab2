"""Signed webhooks, after the Standard Webhooks specification 1.0 (symmetric signatures, ``v1``).

The signature is the HMAC SHA-256 of ``id.timestamp.body`` in base64. A secret is ``whsec_`` and base64; any
other text is taken as it is.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping

from campaign_rules.errors import InputError
from campaign_rules.serving.problems import Problem

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"

_PREFIX = "whsec_"


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the value of the header ``webhook-signature``.

    Raises InputError for a secret that begins with ``whsec_`` and does not go on in base64.
    """
    return _signed(_key(secret), f"{message_id}.{timestamp}.".encode() + body)


class Webhooks:
    """Tells messages that a holder of one of `secrets` sent within `seconds` from all others.

    Each counts once, unless `once` is off: senders repeat a message under its id until it is accepted, so
    that a receiver that may fail has to take it again. Raises InputError for a secret that is none.
    """

    def __init__(
        self,
        secrets: Iterable[str],
        seconds: float = 300.0,
        clock: Callable[[], float] = time.time,
        *,
        once: bool = True,
    ) -> None:
        self._keys = [_key(secret) for secret in secrets]
        self._seconds = seconds
        self._clock = clock
        self._once = once
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raise Problem 401 unless the message is signed, recent and, if each counts once, new.

        What is wrong of these is not told.
        """
        name, stamp, shown = (headers.get(key, "") for key in (ID, TIMESTAMP, SIGNATURE))
        if not (name and stamp.isdecimal() and stamp.isascii() and len(stamp) < 16):
            raise _refused()
        message = f"{name}.{stamp}.".encode() + body
        expected = [_signed(key, message).encode() for key in self._keys]
        given = [one.encode("utf-8", "surrogateescape") for one in shown.split(" ")]
        matches = [hmac.compare_digest(one, other) for one in expected for other in given]
        now = self._clock()
        if not any(matches) or abs(now - int(stamp)) > self._seconds:
            raise _refused()
        if self._once and not self._is_new(name, now):
            raise _refused()

    def _is_new(self, name: str, now: float) -> bool:
        """Remember a message for as long as its timestamp may count."""
        with self._lock:
            while self._seen and next(iter(self._seen.values())) < now - 2 * self._seconds:
                self._seen.popitem(last=False)
            new = name not in self._seen
            self._seen.setdefault(name, now)
            return new


def _refused() -> Problem:
    return Problem(401, "the message is not signed with a known secret, is too old, or came before")


def _signed(key: bytes, message: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise InputError(f"a secret that begins with {_PREFIX} must go on in base64: {error}") from None
