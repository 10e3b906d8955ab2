"""Numbers that belong to people: phones, payment cards (Luhn's check), bank accounts (ISO 13616)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campaign_rules.evidence.redaction.secret import Secret
from campaign_rules.model import Kind

_INTERNATIONAL = re.compile(r"(?<![\w+])\+(?:[ ().-]{0,2}\d){8,15}(?![\w])")
_DIALLED = re.compile(r"(?<![\w.,:/+-])00[1-9](?:[ .-]?\d){8,13}(?![\w:]|[.,]\d)")
_NATIONAL = re.compile(
    r"(?<![\w.,:/+-])(?:\(\d{2,5}\)[ -]?\d{3,4}[ -]?\d{3,4}|\d{3}([ -])\d{3}\1\d{4}|0\d(?:[ .-]\d{2}){4}"
    r"|3\d{2}[ /-]\d{6,7}|3\d{2}[ -]\d{3}[ -]\d{3,4}|0\d{1,4}[ /-]\d{5,8})(?![\w:-]|[.,]\d)"
)
_GIVEN = re.compile(
    r"(?:phone|mobile|msisdn|cell(?:ulare)?|telefono?|tel|fax|sms|destination_addr|source_addr|recipient"
    r"|handy)(?:[ _-]?(?:number|no|nr))?"
    r"[\"'.]{0,2}[ \t]{0,4}[=:][ \t]{0,4}[\"']?(?P<value>\+?\(?\d(?:[ ().-]{0,2}\d){6,14})(?!\w)",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:sms|text message|call|phone|mobile|msisdn|tel|cell)\b(?:[ \t](?:to|from|number|no|for|at|the|is"
    r"|on)){0,3}[ \t:]{1,3}(?P<value>\+?\d{9,14})(?!\w)",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![\w.,-])[2-6](?:[ -]?\d){12,18}(?![\w]|[.-]\d)")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
_IBAN_LENGTHS = range(15, 35)


def phones(text: str) -> Iterator[Secret]:
    """Yield phone numbers: international, national where they are written with breaks, or called phones."""
    for pattern in (_INTERNATIONAL, _DIALLED, _NATIONAL):
        for found in pattern.finditer(text):
            yield Secret(*found.span(), Kind.PHONE)
    for pattern in (_GIVEN, _SAID):
        for found in pattern.finditer(text):
            yield Secret(*found.span("value"), Kind.PHONE)


def cards(text: str) -> Iterator[Secret]:
    """Yield numbers of payment cards."""
    for found in _CARD.finditer(text):
        digits = "".join(char for char in found[0] if char.isdecimal())
        if _is_issued(digits) and _passes_luhn(digits):
            yield Secret(*found.span(), Kind.CARD)


def bank_accounts(text: str) -> Iterator[Secret]:
    """Yield international bank account numbers; what follows one as a word of its own is left."""
    for found in _IBAN.finditer(text):
        end = found.end()
        while end > found.start():
            if _is_iban(text[found.start() : end]):
                yield Secret(found.start(), end, Kind.IBAN)
                break
            end = max(text.rfind(" ", found.start(), end), text.rfind("-", found.start(), end), found.start())


def _is_issued(digits: str) -> bool:
    size = len(digits)
    if digits[0] == "4":
        return size in (13, 16, 19)
    if digits[:2] in ("34", "37"):
        return size == 15
    if digits[:2] in ("30", "36", "38", "39"):
        return size == 14
    if "51" <= digits[:2] <= "55" or "2221" <= digits[:4] <= "2720":
        return size == 16
    return digits[:2] in ("35", "50", "56", "57", "58", "60", "62", "64", "65") and size in range(16, 20)


def _passes_luhn(digits: str) -> bool:
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(int(digit) for digit in digits[::-2])) % 10 == 0


def _is_iban(text: str) -> bool:
    plain = "".join(char for char in text if char.isalnum()).upper()
    if not plain.isascii() or len(plain) not in _IBAN_LENGTHS:
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1
