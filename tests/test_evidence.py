"""What the readers return, as a caller uses it."""

from __future__ import annotations

import io
import pickle
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

import campaign_rules as cr

SAID = "The mta is down, says anna.bella@acme.net."
LOGGED = "12:00:00 >>> Connection refused to front9.acme.net:5432, told anna.bella@acme.net\n"


def test_evidence_is_a_sequence_of_observations() -> None:
    read = cr.read_ticket("The mta is down. No e-mail leaves.")
    assert isinstance(read, Sequence)
    assert {"mails-not-sent", "process-missing-mta"} <= {one.id for one in read}
    assert len(read) == len(read.observations)
    assert read[0] in read
    assert read[-1] is read.observations[-1]
    assert read[:1] == read.observations[:1]
    assert not cr.read_ticket("")


def test_the_ledger_shows_values_only_when_asked() -> None:
    read = cr.read_ticket(SAID)
    assert "anna" not in repr(read)
    assert read.ledger.counts == {"<email-1>": ("email", 1)}
    assert read.ledger.values == {"<email-1>": "anna.bella@acme.net"}
    assert "anna" in repr(cr.read_ticket(SAID, redact=False))


@pytest.mark.parametrize("redact", [True, False])
def test_no_text_around_an_excerpt_goes_along(redact: bool) -> None:
    line = "12:00:00 >>> Connection refused to 10.1.2.3:5432" + " quiet" * 100 + " password=hunter2"
    read = cr.read_artifact(line, "mta.log", redact=redact)
    assert b"hunter2" not in pickle.dumps(read)
    assert {type(place.text) for one in read for place in one.provenance} == {str}


def test_a_second_reading_goes_on_with_the_ledger_of_the_first() -> None:
    said = cr.read_ticket(SAID)
    logged = cr.read_artifact(LOGGED, "mta.log", ledger=said.ledger)
    both = said + logged
    assert both.ledger.values == {"<email-1>": "anna.bella@acme.net", "<host-1>": "front9.acme.net"}
    assert both.ledger.counts["<email-1>"] == ("email", 2)
    assert len(both) == len(said) + len(logged)
    assert {place.text for one in logged for place in one.provenance} == {
        "Connection refused to <host-1>:5432, told <email-1>"
    }


def test_readings_whose_tokens_clash_are_not_put_together() -> None:
    other = cr.read_ticket("The mta is down, says bob.other@acme.net.")
    with pytest.raises(cr.InputError, match=r"<email-1> stands for different values.*ledger=first.ledger"):
        cr.read_ticket(SAID) + other
    assert (cr.read_ticket(SAID) + cr.read_ticket(SAID)).ledger.values == {"<email-1>": "anna.bella@acme.net"}


def test_files_streams_and_tickets_are_read_in_any_order_with_the_same_tokens(tmp_path: Path) -> None:
    texts = {"b.log": LOGGED, "a.log": LOGGED.replace("front9", "front8"), "c.txt": SAID}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    readings = [
        cr.read_files(
            [tmp_path / name for name in names],
            tickets={"INC-1": "The web module is down on front7.acme.net."},
            streams={"standard input": io.BytesIO(LOGGED.replace("front9", "front6").encode())},
        )
        for names in permutations(texts)
    ]
    assert all(one == readings[0] for one in readings)
    assert sorted(readings[0].ledger.values.values()) == [
        "anna.bella@acme.net",
        *(f"front{n}.acme.net" for n in (6, 7, 8, 9)),
    ]
    assert "INC-1" in {place.source for one in readings[0] for place in one.provenance}


def test_a_ticket_is_read_as_one_whatever_it_looks_like() -> None:
    listing = "mta@prod (9986) - 9.6 Mo\nThe web module is down.\n"
    assert "process-missing-web" in {one.id for one in cr.read_files([], tickets={"t": listing})}


def test_what_was_measured_stands_against_what_a_ticket_says(tmp_path: Path) -> None:
    (tmp_path / "pdump.txt").write_text("watchdog (1) - 6.6 Mo\nmta@prod (2) - 9.6 Mo\n", encoding="utf-8")
    read = cr.read_files([tmp_path], tickets={"t": "The watchdog is down."})
    assert {one.state for one in read if one.id == "process-missing-watchdog"} == {cr.State.ABSENT}


def test_text_is_redacted_before_it_is_sent_anywhere() -> None:
    text, ledger = cr.redact_text("from a1.acme.net to a2.acme.net")
    assert text == "from <host-1> to <host-2>"
    assert cr.redact_text("a2.acme.net again", ledger)[0] == "<host-2> again"
