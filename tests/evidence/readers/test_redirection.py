from __future__ import annotations

import pytest

from campaign_rules.evidence.readers import process_names
from campaign_rules.evidence.readers.redirection import read_redirection
from campaign_rules.evidence.text_lines import split_lines
from campaign_rules.model import Reading
from tests.evidence.small_base import MODULES


def read(text: str) -> tuple[Reading, ...]:
    return read_redirection(split_lines(text, "r-test"), "r-test", process_names(MODULES))[0]


@pytest.mark.parametrize(
    "reply",
    [
        "<redir status='OK' date='YYYY-MM-DD HH:MM:SS.112Z' build='9032' host='<host>' localHost='<x>'/>",
        '<redir status="OK" date="AAAA/MM/JJ HH:MM:SS" build="9032" host="t.net" localHost="front_srv1"/>',
        "<redir status='OK' date='YYYY/MM/DD HH:MM:SS' build='9032' host='' localHost='XXXX'/>",
        "<redir status='OK' date='YYYY-MM-DD HH:MM:SS' build='9032' instance='prod'\n"
        "   sourceIP='AAA.BB.CCC.DD' host='instanceUrl' localHost='prod'/>",
        "<html><body><redir date='x' build='9032' STATUS = 'OK' /></body></html>",
    ],
)
def test_a_healthy_reply(reply: str) -> None:
    found = {(reading.name, reading.instance): reading.value for reading in read(reply)}
    assert found == {("redirection.status", ""): "OK", ("redirection.build", ""): 9032}


def test_a_short_reply_has_no_build() -> None:
    assert [
        (found.name, found.value) for found in read("<redir status='OK' date='...' sourceIP='...'/>")
    ] == [("redirection.status", "OK")]


def test_other_words_than_ok_are_kept() -> None:
    assert read("<redir status='KO' date='x'/>")[0].value == "KO"


def test_the_place_of_a_reply_that_spans_lines() -> None:
    lines = split_lines("$ curl /r/test\n<redir status='OK'\n date='x'/>\ndone", "a")
    readings, used = read_redirection(lines, "a", process_names(MODULES))
    assert (readings[0].provenance.line, readings[0].provenance.text) == (2, "<redir status='OK' date='x'/>")
    assert used == {2, 3}


@pytest.mark.parametrize(
    "text", ["", "<redir date='x'/>", "<redir status='OK'", "<redirect status='OK'/>", "404"]
)
def test_other_text_is_no_reply(text: str) -> None:
    assert read(text) == ()
