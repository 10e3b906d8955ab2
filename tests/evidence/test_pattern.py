from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.evidence.pattern import alternatives, flexible, required_words


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ("a|b", ("a", "b")),
        ("(a|b)c", ("(a|b)c",)),
        (r"a\|b", (r"a\|b",)),
        ("[|]a|b", ("[|]a", "b")),
        ("plain", ("plain",)),
    ],
)
def test_only_bars_at_top_level_cut(expression: str, parts: tuple[str, ...]) -> None:
    assert alternatives(expression) == parts


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("no space left", "no\tspace  left"),
        ("a ?b", "ab"),
        ("a ?b", "a   b"),
        ("a *b", "a \t b"),
        ("a  b", "a b"),
        ("a[ -]b", "a-b"),
        (r"a\ b", "a b"),
    ],
)
def test_a_space_matches_any_white_space(expression: str, text: str) -> None:
    assert re.fullmatch(flexible(expression), text)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("No space left", [{"space"}, {"left"}, {"no"}]),
        (r"PGS-\d{6} error", [{"error"}, {"pgs-"}]),
        ("colou?r", [{"colo"}, {"r"}]),
        ("(?:sftp|ssh) refused", [{"refused"}, {"sftp", "ssh"}]),
        ("(?P<value>linux|windows) host", [{"linux", "windows"}, {"host"}]),
        ("(?:a|.*) mta", [{"mta"}]),
        ("(optional)? mta", [{"mta"}]),
        ("(?!not)mta", [{"mta"}]),
        (r"\x41\u0042bc", [{"bc"}]),
        (r"\d+", []),
        ("xtk:session", [{"xtk:session"}]),
    ],
)
def test_the_words_that_a_match_cannot_do_without(expression: str, words: list[set[str]]) -> None:
    assert [set(found) for found in required_words(expression)] == words


PIECES = st.sampled_from(
    [
        "mta",
        "er",
        "x?",
        "a+",
        "o*",
        r"\d",
        ".",
        "[ab]",
        "(?:ab|c)",
        "(d|e)?",
        " ",
        r"\(",
        "z{2}",
        "(?!q)",
        r"\bk",
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=6).map("".join), st.text("mtaerxo1bcd e(zk", max_size=30))
def test_no_match_lacks_a_required_word(expression: str, text: str) -> None:
    match = re.search(flexible(expression), text, re.IGNORECASE)
    if match:
        held = match[0].lower()
        assert all(any(word in held for word in words) for words in required_words(expression))
