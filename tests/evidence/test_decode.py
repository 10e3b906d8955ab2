from __future__ import annotations

import pytest

from campaign_rules.errors import InputError
from campaign_rules.evidence import decode_text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("è fermo".encode(), "è fermo"),
        (b"\xef\xbb\xbfmta", "mta"),
        ("è fermo".encode("utf-16"), "è fermo"),
        (b"\xfe\xff" + "mta".encode("utf-16-be"), "mta"),
        ("mta".encode("utf-16-le"), "mta"),
        ("arrêté".encode("latin-1"), "arrêté"),
        (b"a\tb\r\n\x1b[0mc", "a\tb\r\n\x1b[0mc"),
    ],
)
def test_text_is_decoded(data: bytes, text: str) -> None:
    assert decode_text(data, "a.log") == text


@pytest.mark.parametrize("data", [b"a\0b", b"\x01\x02\x03abc", b"\xff\xfe\x00\x00"])
def test_binary_content_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(InputError, match=r"core\.12 is a binary file"):
        decode_text(data, "core.12")


def test_broken_utf_16_is_refused() -> None:
    with pytest.raises(InputError, match=r"a\.log starts like UTF-16"):
        decode_text(b"\xff\xfea", "a.log")
