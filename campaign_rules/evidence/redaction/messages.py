"""Errors that quote input, redacted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from campaign_rules.errors import InputError
from campaign_rules.evidence.redaction.masking import redact_text


@contextmanager
def redacted_errors(redact: bool) -> Iterator[None]:
    """Redact the message of an :class:`InputError` raised inside, unless `redact` is false."""
    try:
        yield
    except InputError as error:
        if not redact:
            raise
        message, _ = redact_text(str(error))
        raise InputError(message) from None
