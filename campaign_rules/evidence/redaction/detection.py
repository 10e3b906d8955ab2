"""Every detector, in the order of trust: what says most clearly what it is comes first."""

from __future__ import annotations

from collections.abc import Iterator

from campaign_rules.evidence.redaction.accounts import accounts, connection_rows, home_folders
from campaign_rules.evidence.redaction.addresses import emails, hardware_addresses, host_names, ip_addresses
from campaign_rules.evidence.redaction.connections import connections
from campaign_rules.evidence.redaction.credentials import (
    given_secrets,
    headers,
    key_blocks,
    key_shapes,
    opaque_runs,
)
from campaign_rules.evidence.redaction.personal_numbers import bank_accounts, cards, phones
from campaign_rules.evidence.redaction.secret import Secret, resolve

_DETECTORS = (
    key_blocks,
    headers,
    key_shapes,
    connections,
    given_secrets,
    emails,
    hardware_addresses,
    ip_addresses,
    bank_accounts,
    cards,
    connection_rows,
    home_folders,
    accounts,
    phones,
    host_names,
    opaque_runs,
)


def find_secrets(text: str) -> tuple[Secret, ...]:
    """Return the secrets of `text`, one line or many, sorted and without overlaps.

    Pure, and linear in the length of `text`. Give whole lines: what says that a value is a secret often
    stands before it.
    """
    return resolve(text, _all(text))


def _all(text: str) -> Iterator[Secret]:
    for detector in _DETECTORS:
        yield from detector(text)
