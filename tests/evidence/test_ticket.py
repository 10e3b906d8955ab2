from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.errors import InputError
from campaign_rules.evidence import (
    Recogniser,
    decode_text,
    make_recogniser,
    read_artifact,
    read_document,
    read_ticket,
)
from campaign_rules.model import Observation, Provenance, State
from tests.evidence.small_base import example_knowledge

BANNER = "17:33:57 >   Application server for Adobe Campaign Classic (7.X YY.R build 9032@SHA1) of 01/02/2021"
TICKET = f"""Hello,

since this morning no e-mail leaves our platform, but the tracking works.
We ran nlserver pdump and got:

> {BANNER}
> watchdog (2273) - 6.6 Mo
> web@default (9984) - 50.1 Mo
> wfserver@prod (9340) - 11.3 Mo

and in the log
2021-05-31T08:42:18.124Z\t66462\t66501\t1\terror\tlog\tPGS-220000 PostgreSQL error: mails are not sent

Regards
"""


def states(found: tuple[Observation, ...]) -> dict[tuple[str, str], State]:
    return {(seen.id, seen.instance): seen.state for seen in found}


def test_prose_and_quoted_machine_lines_are_both_read(recogniser: Recogniser) -> None:
    found = states(read_ticket(TICKET, (), recogniser))
    assert found["mails-not-sent", ""] is State.PRESENT
    assert found["tracking-broken", ""] is State.ABSENT
    assert found["process-missing-mta", "prod"] is State.PRESENT
    assert found["process-missing-wfserver", "prod"] is State.ABSENT
    assert found["process-missing-syslogd", ""] is State.PRESENT
    assert found["process-missing-web", ""] is State.ABSENT
    assert found["log-db-error", ""] is State.PRESENT


def test_provenance_tells_source_line_and_words(recogniser: Recogniser) -> None:
    found = {seen.id: seen for seen in read_ticket(TICKET, ("ODBC error: x",), recogniser)}
    assert found["mails-not-sent"].provenance == (
        Provenance("ticket", 3, "since this morning no e-mail leaves our platform, but the tracking works"),
    )
    assert [(place.source, place.line) for place in found["log-db-error"].provenance] == [
        ("attachment 1", 1),
        ("ticket", 12),
    ]


def test_machine_lines_are_not_read_as_prose(recogniser: Recogniser) -> None:
    text = "12:00:00 >   the mta is down"
    assert not read_ticket(text, (), recogniser)
    assert states(read_ticket("the mta is down", (), recogniser)) == {
        ("process-missing-mta", ""): State.PRESENT
    }


def test_what_a_machine_printed_stands_against_what_people_say(recogniser: Recogniser) -> None:
    pdump = f"{BANNER}\nwatchdog (1) - 6.6 Mo\nmta@prod (2) - 9.6 Mo"
    found = states(read_ticket("mta@prod is down", (pdump,), recogniser))
    assert found["process-missing-mta", "prod"] is State.ABSENT


def test_within_a_ticket_what_is_present_stands(recogniser: Recogniser) -> None:
    found = states(read_ticket("Yesterday the mta was running. Now the mta is down.", (), recogniser))
    assert found == {("process-missing-mta", ""): State.PRESENT}


def test_attachments_are_read_as_machine_output(recogniser: Recogniser) -> None:
    assert not read_ticket("", ("the mta is down",), recogniser)
    assert states(read_ticket("", ("", "No tasks"), recogniser))["no-process", ""] is State.PRESENT


def test_the_probe_reply_is_judged(recogniser: Recogniser) -> None:
    (seen,) = read_artifact("<redir status='KO' date='x'/>", "r", recogniser)
    assert (seen.id, seen.state, seen.value) == ("redirection-ill", State.PRESENT, "KO")
    (seen,) = read_artifact("<redir status='OK' date='x'/>", "r", recogniser)
    assert seen.state is State.ABSENT


def test_numbers_are_judged(recogniser: Recogniser) -> None:
    (large, *_) = (
        seen for seen in read_artifact("mta@prod (1) - 1200 Mo", "p", recogniser) if seen.id == "mta-large"
    )
    assert (large.state, large.value, large.instance) == (State.PRESENT, 1200.0, "prod")


def test_a_file_that_people_wrote_is_read_as_a_ticket(recogniser: Recogniser) -> None:
    found = read_document("Hello,\nno e-mail leaves our platform.\n", "mail.txt", recogniser)
    assert [(item.id, item.provenance[0].source, item.provenance[0].line) for item in found] == [
        ("mails-not-sent", "mail.txt", 2)
    ]
    assert {item.id for item in read_document(TICKET, "mail.txt", recogniser)} == {
        item.id for item in read_ticket(TICKET, (), recogniser)
    }


@pytest.mark.parametrize(
    "text",
    [
        "2021-05-31T08:42:18.124Z\t66462\t66501\t1\terror\tlog\tno e-mail leaves\n" * 3,
        "[12/Nov/2021] no e-mail leaves\n<x> no e-mail leaves\n",
        "java.lang.Error: no e-mail leaves\n    at org.apache.Main.run(Main.java:5)\n    at A.b(A.java:5)\n",
    ],
)
def test_a_file_that_a_machine_wrote_is_not_read_as_prose(text: str, recogniser: Recogniser) -> None:
    assert "mails-not-sent" not in {item.id for item in read_document(text, "x.log", recogniser)}


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\r\n", "Hello"])
def test_nothing_to_read(text: str, recogniser: Recogniser) -> None:
    assert not read_ticket(text, (), recogniser)


def test_other_things_than_text_are_refused_by_name(recogniser: Recogniser) -> None:
    with pytest.raises(InputError, match="ticket must be text, not bytes"):
        read_ticket(b"x", (), recogniser)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="attachment 2 must be text, not NoneType"):
        read_ticket("x", ("", None), recogniser)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"a\.log must be text, not bytes"):
        read_artifact(b"x", "a.log", recogniser)  # type: ignore[arg-type]


def test_the_language_is_found_sentence_by_sentence(recogniser: Recogniser) -> None:
    text = "Le mail non partono da ieri. The tracking does not work. Die Festplatte ist voll."
    assert set(states(read_ticket(text, (), recogniser))) == {
        ("mails-not-sent", ""),
        ("tracking-broken", ""),
        ("disk-full", ""),
    }


def test_threads_share_a_recogniser(recogniser: Recogniser) -> None:
    alone = read_ticket(TICKET, (), recogniser)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: read_ticket(TICKET, (), recogniser), range(16))) == {alone}


def test_the_order_of_the_knowledge_does_not_matter(recogniser: Recogniser) -> None:
    base = example_knowledge()
    turned = evolve(
        base,
        observations=dict(reversed(list(base.observations.items()))),
        modules=dict(reversed(list(base.modules.items()))),
        languages=dict(reversed(list(base.languages.items()))),
    )
    assert read_ticket(TICKET, (), make_recogniser(turned)) == read_ticket(TICKET, (), recogniser)


RECOGNISER = make_recogniser(example_knowledge())
SNIPPETS = st.sampled_from(
    [
        BANNER,
        "mta@prod (1) - 9.6 Mo",
        "mta@prod (1",
        "No tasks",
        "...",
        "<redir status='OK'",
        "Connections -------",
        "the mta is not down",
        "if",
        "non",
        "però",
        "> ",
        "\t",
        "\n",
        "\r",
        "\0",
        "\u2028",
        "''",
        "nlserver pdump",
        "e-mails",
        "istanza prod",
        "?",
        "12:00:00 > ",
        "İ",
        "ß",
        "2021-05-31T08:42:18.124Z 1 1 1 error log ",
    ]
)


@given(
    st.lists(SNIPPETS | st.text(max_size=12), max_size=14).map(" ".join),
    st.lists(st.text(max_size=30), max_size=2),
)
def test_any_text_is_read(text: str, attachments: list[str]) -> None:
    found = read_ticket(text, attachments, RECOGNISER)
    assert list(found) == sorted(found, key=lambda seen: (seen.id, seen.instance, seen.state))
    for seen in found:
        assert seen.provenance
        assert all(len(place.text) <= 200 and place.line >= 1 for place in seen.provenance)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text = decode_text(data, "x")
    except InputError:
        return
    read_artifact(text, "x", RECOGNISER)
