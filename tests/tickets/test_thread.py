"""What a thread says by now."""

from __future__ import annotations

import gzip

import pytest

from campaign_rules.model import Evidence, Provenance
from campaign_rules.report.document import Paragraph, Span
from campaign_rules.tickets import Attachment, Note, Ticket
from campaign_rules.tickets.note import marked
from campaign_rules.tickets.thread import read_thread
from tests.tickets.threads import attachment, message, ticket

NO_MTA = "The mta process is not running."
MTA_RUNS = "The mta is running."
LISTING = """10:12:31 >   Application server for Adobe Campaign Classic (7.3.1 build 9352@2a91f0c)
watchdog (2273) - 6.6 Mo
web@default (9984) - 50.1 Mo
{module}@{instance} (9986) - 9.6 Mo
"""


def states(evidence: Evidence, name: str) -> dict[str, str]:
    """The states of an observation by instance."""
    return {one.instance: one.state.value for one in evidence if one.id == name}


def places(evidence: Evidence, name: str) -> list[str]:
    return [f"{place.source}:{place.line}" for one in evidence if one.id == name for place in one.provenance]


def test_the_title_and_the_description_are_read_as_one() -> None:
    found = read_thread(ticket(NO_MTA, title="Mails are stuck"))
    assert places(found, "delivery-pending") == ["description:1"]
    assert places(found, "process-missing-mta") == ["description:3"]


def test_a_later_denial_stands_in_place_of_what_was_said() -> None:
    assert states(read_thread(ticket(NO_MTA, MTA_RUNS)), "process-missing-mta") == {"": "absent"}
    assert states(read_thread(ticket(MTA_RUNS, NO_MTA)), "process-missing-mta") == {"": "present"}


def test_what_nobody_takes_back_goes_on_holding() -> None:
    found = read_thread(ticket(NO_MTA, "Thank you for looking into it so quickly."))
    assert states(found, "process-missing-mta") == {"": "present"}


def test_what_is_said_again_keeps_both_places() -> None:
    found = read_thread(ticket(NO_MTA, f"As I said: {NO_MTA}"))
    assert places(found, "process-missing-mta") == ["description:3", "message 2:1"]


def test_later_output_corrects_what_people_said_and_the_other_way_round() -> None:
    runs = attachment("pdump.txt", LISTING.format(module="mta", instance="prod"))
    shown = read_thread(ticket(NO_MTA, message(1, "Here is the list.", runs)))
    assert states(shown, "process-missing-mta") == {"prod": "absent"}
    stopped = read_thread(ticket(message(0, "Here is the list.", runs), NO_MTA))
    assert states(stopped, "process-missing-mta") == {"": "present"}


def test_with_several_instances_each_is_corrected_by_itself() -> None:
    first = attachment("a.txt", LISTING.format(module="wfserver", instance="prod"))
    second = attachment("b.txt", LISTING.format(module="mta", instance="dev"))
    found = read_thread(ticket(message(0, "The first list.", first), message(1, "The second.", second)))
    assert states(found, "process-missing-mta") == {"prod": "present", "dev": "absent"}


def test_our_own_note_says_nothing() -> None:
    body = f"The mta process is not running.\n\n{_mark()}"
    assert not read_thread(ticket("Hello.", message(1, body, own=True)))
    assert read_thread(ticket("Hello.", message(1, body)))


def _mark() -> str:
    *_, last = marked(Note((Paragraph((Span("x"),)),)))
    assert isinstance(last, Paragraph)
    return last.spans[0].text


def test_what_a_reply_quotes_is_not_said_again() -> None:
    reply = f"It works again, thank you: the mta is running.\n\nOn 20 Nov 2026, A wrote:\n> {NO_MTA}\n"
    assert states(read_thread(ticket(NO_MTA, reply)), "process-missing-mta") == {"": "absent"}


def test_attachments_are_read_compressed_and_by_name_however_often_a_name_comes() -> None:
    packed = Attachment("mta.log", gzip.compress(LISTING.format(module="wfserver", instance="prod").encode()))
    plain = attachment("mta.log", LISTING.format(module="wfserver", instance="prod"))
    found = read_thread(ticket(message(0, "See there.", packed, plain)))
    assert sorted(places(found, "process-missing-mta")) == ["mta.log (2):1", "mta.log:1"]


def test_what_cannot_be_read_is_told() -> None:
    found = read_thread(ticket(message(0, NO_MTA, Attachment("core.bin", bytes(range(256)) * 20))))
    assert [note.source for note in found.notes] == ["core.bin"]
    assert found


@pytest.mark.parametrize(("days", "counts"), [(7.0, False), (60.0, True)])
def test_old_lines_of_a_log_do_not_count(days: float, counts: bool) -> None:
    line = "2026-10-20 08:12:12 1 2 error log ORA-01555: snapshot too old\n"
    asked = ticket(message(0, "See the log.", attachment("mta.log", line)))
    assert bool(read_thread(asked, log_days=days)) is counts


def test_one_numbering_of_redacted_values_goes_through_the_thread() -> None:
    said = "The mta process is not running on mail1.example.com."
    found = read_thread(ticket(said, "It is not running on mail2.example.com and mail1.example.com either."))
    shown = " ".join(_texts(found))
    assert "example.com" not in shown
    assert set(found.ledger.values.values()) >= {"mail1.example.com", "mail2.example.com"}
    assert len(set(found.ledger.values)) == len(set(found.ledger.values.values()))


def _texts(evidence: Evidence) -> list[str]:
    kept: list[Provenance] = [place for one in evidence for place in one.provenance]
    return [place.text for place in (*kept, *evidence.not_understood)]


def test_a_ticket_without_messages_says_nothing() -> None:
    empty = Ticket(key="1", revision="1", title="The mta process is not running.", messages=())
    assert not read_thread(empty)
