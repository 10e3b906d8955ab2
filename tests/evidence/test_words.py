from __future__ import annotations

import pytest

from campaign_rules.evidence.text_lines import split_lines
from campaign_rules.evidence.words import LONGEST_SENTENCE, fold, split_elisions, split_sentences, split_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("E-mails aren't sent!", ["e", "mails", "aren't", "sent"]),
        ("mta@prod /r/test 95%", ["mta", "prod", "r", "test", "95"]),
        ("l'mta è fermo", ["l'mta", "è", "fermo"]),
        ("'quoted' under_score", ["quoted", "under", "score"]),
        ("in mta.log and serverConf.xml.", ["in", "mta.log", "and", "serverconf.xml"]),
        ("", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert [word.folded for word in split_words(text)] == words


def test_elisions_are_cut_but_for_the_words_that_keep_theirs() -> None:
    words = split_elisions(split_words("l'invio don't n'est"), frozenset({"don't"}))
    assert [word.folded for word in words] == ["l", "invio", "don't", "n", "est"]


@pytest.mark.parametrize(
    ("text", "folded"), [("Arrêté", "arrete"), ("LÄUFT", "lauft"), ("È", "è"), ("più", "piu"), ("ß", "ss")]
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_punctuation_makes_a_pause() -> None:
    assert [word.pause for word in split_words("a b, c (d) - e")] == [False, False, True, True, True]


def sentences(text: str) -> list[tuple[int, str, bool]]:
    return [
        (found.line, found.text.strip(), found.question) for found in split_sentences(split_lines(text, "t"))
    ]


def test_sentences_and_questions() -> None:
    assert sentences("A is down. B is up? C; d\n\nE") == [
        (1, "A is down", False),
        (1, "B is up", True),
        (1, "C", False),
        (1, "d", False),
        (3, "E", False),
    ]


def test_a_wrapped_line_goes_on_and_a_short_one_ends() -> None:
    long = "Since this morning the e-mails of the campaign we launched"
    assert sentences(f"{long}\nare not sent") == [(1, f"{long} are not sent", False)]
    assert sentences("Dear support,\nthe mta is down") == [
        (1, "Dear support,", False),
        (2, "the mta is down", False),
    ]
    assert len(sentences(f"{long}\n- are not sent")) == 2


def test_dots_inside_names_do_not_end_a_sentence() -> None:
    assert sentences("See serverConf.xml on 10.0.0.1 now") == [
        (1, "See serverConf.xml on 10.0.0.1 now", False)
    ]


def test_endless_sentences_are_cut() -> None:
    found = split_sentences(split_lines("word " * 300, "t"))
    assert [len(part.words) for part in found] == [LONGEST_SENTENCE, LONGEST_SENTENCE, 60]
