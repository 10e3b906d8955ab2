"""Bearer tokens (RFC 6750): read from a file, and compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path

from campaign_rules.errors import InputError
from campaign_rules.evidence import no_such_file

SHORTEST = 20
"""Characters of a token or secret that nobody guesses: 120 bits in base64."""


def read_secrets(name: str) -> tuple[str, ...]:
    """Return the tokens or secrets in the file `name`, one a line; lines that begin with # are comments.

    Raises InputError if it cannot be read, holds none, or one that is short or holds a space.
    """
    try:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise no_such_file(name) from None
    except UnicodeDecodeError:
        raise InputError(f"{name}: is no text in UTF-8") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from None
    found = [(number, line.strip()) for number, line in enumerate(lines, start=1)]
    kept = tuple((number, line) for number, line in found if line and not line.startswith("#"))
    for number, line in kept:
        if len(line) < SHORTEST or not line.isascii() or " " in line:
            raise InputError(
                f"{name}:{number}: needs at least {SHORTEST} characters of ASCII without a space; "
                "make one with: openssl rand -base64 32"
            )
    if not kept:
        raise InputError(f"{name}: holds no line; make one with: openssl rand -base64 32")
    return tuple(line for _, line in kept)


def holder(authorization: str, tokens: Iterable[str]) -> str | None:
    """Return a name for the token in an ``Authorization`` header, None if it is none of `tokens`.

    The name is a digest, which tells nothing of the token. Every token is compared, in constant time.
    """
    scheme, _, given = authorization.partition(" ")
    digest = _digest(given.strip())
    matches = [hmac.compare_digest(_digest(token), digest) for token in tokens]
    return digest.hex()[:16] if scheme.casefold() == "bearer" and any(matches) else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
