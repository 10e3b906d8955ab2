"""One ticket: a note that is written once, brought up to date, and edits that leave people's own alone."""

from __future__ import annotations

import pytest
from attrs import evolve

from campaign_rules.errors import TrackerError
from campaign_rules.report.document import Paragraph, Span
from campaign_rules.tickets import Edits, Markup, Note
from campaign_rules.tickets.note import rendered
from campaign_rules.tickets.worker.processing import SUPERSEDED, Outcome, process
from tests.tickets.desk import Decided, Desk, DeskTracker


def note(text: str) -> Note:
    return Note((Paragraph((Span(text),)),))


FIRST, SECOND = note("stat"), note("mta")


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.open("A", "No mail leaves")
    return desk


def done(
    desk: Desk,
    wanted: Note | Decided = FIRST,
    before: str = "",
    *,
    tracker: DeskTracker | None = None,
    ours: bool = True,
) -> Outcome:
    decided = wanted if isinstance(wanted, Decided) else Decided(note=wanted)

    def still_ours() -> None:
        if not ours:
            raise RuntimeError("another's")

    return process("A", tracker or DeskTracker(desk), lambda ticket: decided, before, still_ours)


def test_a_note_is_written_once_and_then_left_alone(desk: Desk) -> None:
    first = done(desk)
    assert (first.written, first.verdict, first.module, first.revision) == (True, "diagnosed", "mta", "1")
    assert not done(desk).written
    assert desk.calls == ["write A"]
    assert desk.notes("A") == [FIRST.digest]


def test_new_facts_change_the_note_that_stands(desk: Desk) -> None:
    done(desk)
    desk.reply("A", "stat runs")
    assert done(desk, SECOND).written
    assert desk.notes("A") == [SECOND.digest]
    assert len(desk.tickets["A"].messages) == 3


def test_where_messages_stay_as_they_are_the_newest_note_counts(desk: Desk) -> None:
    tracker = DeskTracker(desk, rewrites=False)
    for wanted in (FIRST, SECOND, SECOND, FIRST, FIRST):
        done(desk, wanted, tracker=tracker)
    assert desk.notes("A") == [FIRST.digest, SECOND.digest, FIRST.digest]


def test_of_two_notes_the_oldest_is_kept_up_to_date_and_the_other_taken_back(desk: Desk) -> None:
    for _ in range(2):
        desk.reply("A", str(rendered(FIRST, Markup.MARKDOWN)), own=True)
    assert done(desk, SECOND).written
    assert desk.notes("A") == [SECOND.digest, SUPERSEDED.digest]
    assert not done(desk, SECOND).written


def test_a_note_that_somebody_quotes_or_forges_is_none(desk: Desk) -> None:
    desk.reply("A", str(rendered(FIRST, Markup.MARKDOWN)))
    assert done(desk).written
    assert desk.notes("A") == [FIRST.digest]


@pytest.mark.parametrize("lost", ["write A", "edit A"])
def test_a_reply_that_is_lost_doubles_nothing(desk: Desk, lost: str) -> None:
    def fail(call: str) -> None:
        if call == lost:
            raise TrackerError("no reply", temporary=True)

    wanted = Decided(note=FIRST, edits=Edits(labels_added=frozenset({"seen"})))
    with pytest.raises(TrackerError):
        done(desk, wanted, tracker=DeskTracker(desk, after=fail))
    done(desk, wanted)
    assert desk.notes("A") == [FIRST.digest]
    assert desk.calls == ["write A", "edit A"]


def test_edits_are_made_once_so_that_a_person_has_the_last_word(desk: Desk) -> None:
    edits = Edits(labels_added=frozenset({"seen"}), queue="Delivery", fields={"probability": "0.7"})
    first = done(desk, Decided(note=FIRST, edits=edits))
    assert (desk.tickets["A"].labels, desk.tickets["A"].queue) == ({"seen"}, "Delivery")
    desk.change("A", labels=frozenset(), queue="Second level")
    assert not done(desk, Decided(note=FIRST, edits=edits), first.edits).edited
    later = evolve(edits, fields={"probability": "0.9"})
    assert done(desk, Decided(note=SECOND, edits=later), first.edits).edited
    ticket = desk.tickets["A"]
    assert (ticket.labels, ticket.queue, ticket.fields) == (set(), "Second level", {"probability": "0.9"})


def test_labels_follow_the_verdict(desk: Desk) -> None:
    asked = Edits(labels_added=frozenset({"asked"}), labels_removed=frozenset({"found"}))
    found = Edits(labels_added=frozenset({"found"}), labels_removed=frozenset({"asked"}))
    before = ""
    for edits in (asked, found, asked):
        before = done(desk, Decided(note=FIRST, edits=edits), before).edits
        assert desk.tickets["A"].labels == edits.labels_added


def test_edits_that_are_there_already_are_not_made(desk: Desk) -> None:
    desk.change("A", labels=frozenset({"seen"}))
    assert not done(desk, Decided(note=FIRST, edits=Edits(labels_added=frozenset({"seen"})))).edited


def test_a_closed_ticket_gets_no_note(desk: Desk) -> None:
    desk.change("A", closed=True)
    assert done(desk, FIRST, "made") == Outcome(revision="2", verdict="closed", edits="made")
    assert desk.calls == []


def test_a_ticket_on_which_nothing_is_decided_is_left_alone(desk: Desk) -> None:
    found = process("A", DeskTracker(desk), lambda ticket: None, "", lambda: None)
    assert (found.verdict, desk.calls) == ("left-alone", [])


def test_nothing_is_written_on_a_ticket_that_is_anothers_by_now(desk: Desk) -> None:
    with pytest.raises(RuntimeError, match="another's"):
        done(desk, ours=False)
    assert desk.calls == []
