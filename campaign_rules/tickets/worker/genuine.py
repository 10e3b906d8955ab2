"""Webhooks told from what others send: by a signature over the body, or by a secret that is shown.

Jira signs with the HMAC SHA-256 of the body in the header ``X-Hub-Signature`` ("Secure admin webhooks" in
Atlassian's page *Webhooks*), GitHub and many others with the same in ``X-Hub-Signature-256``, Zammad with
SHA-1 in ``X-Hub-Signature`` (its page *Webhook*). The same message may come again: it makes us look at a
ticket once more, and tells nothing. Senders repeat one that could not be kept, so none may count only once.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from campaign_rules.serving.problems import Problem
from campaign_rules.serving.signatures import Webhooks
from campaign_rules.serving.tokens import holder
from campaign_rules.tickets.configuration.settings import Signature

Verify = Callable[[Mapping[str, str], bytes], None]

USUAL: Mapping[str, Signature] = {
    "jira": Signature.SHA256,
    "webhook": Signature.STANDARD,
    "zammad": Signature.SHA1,
}
"""How the tracker of that name signs; the others show a token."""


def usual_signature(kind: str) -> Signature:
    """Return how a tracker shows that its webhooks are genuine."""
    return USUAL.get(kind, Signature.TOKEN)


def verifier(signature: Signature, secrets: Sequence[str]) -> Verify:
    """Return what raises Problem 401 for headers and body that no holder of one of the secrets sent.

    Raises InputError for a secret that is none.
    """
    if signature is Signature.STANDARD:
        return Webhooks(secrets, once=False).verify
    if signature is Signature.TOKEN:
        return _by_token(secrets)
    digest = {Signature.SHA256: hashlib.sha256, Signature.SHA1: hashlib.sha1}[signature]
    return _by_hub_signature(signature.value, digest, [one.encode() for one in secrets])


def _by_token(secrets: Sequence[str]) -> Verify:
    def verify(headers: Mapping[str, str], body: bytes) -> None:
        if holder(headers.get("authorization", ""), secrets) is None:
            raise _refused()

    return verify


def _by_hub_signature(method: str, digest: Callable[..., Any], keys: Sequence[bytes]) -> Verify:
    def verify(headers: Mapping[str, str], body: bytes) -> None:
        shown = [headers.get(name, "") for name in ("x-hub-signature", f"x-hub-signature-{method[3:]}")]
        given = [one.strip().encode("utf-8", "surrogateescape") for one in shown]
        expected = [f"{method}={hmac.new(key, body, digest).hexdigest()}".encode() for key in keys]
        matches = [hmac.compare_digest(one, other) for one in expected for other in given]
        if not any(matches):
            raise _refused()

    return verify


def _refused() -> Problem:
    return Problem(401, "the message does not show that it is genuine")
