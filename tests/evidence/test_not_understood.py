from __future__ import annotations

import pytest

import campaign_rules as cr
from campaign_rules import report
from campaign_rules.evidence.gathering import MOST_NOT_UNDERSTOOD
from campaign_rules.model import Provenance


def missed(text: str, *attachments: str) -> list[tuple[int, str]]:
    return [(place.line, place.text) for place in cr.read_ticket(text, attachments).not_understood]


def test_sentences_of_which_nothing_was_made_are_returned_with_their_line() -> None:
    assert missed("The mta is down.\n\nThe unicorn dances all night. No e-mail leaves.") == [
        (3, "The unicorn dances all night")
    ]


@pytest.mark.parametrize("text", ["", "Hello team,\n\nBest regards,\nAnna", "The mta is down.", "42 1000 3"])
def test_greetings_and_what_was_understood_are_not_returned(text: str) -> None:
    assert missed(text) == []


def test_a_sentence_is_not_understood_for_naming_what_it_is_about() -> None:
    read = cr.read_ticket("Our newsletter unicorn dances on the table all night.")
    assert [one.id for one in read] == ["marketing-spoken-of"]
    assert [place.line for place in read.not_understood] == [1]


def test_a_wrapped_sentence_that_quotes_a_known_error_is_understood() -> None:
    text = (
        "The console of the operator prints an error message that says the following words: the\n"
        "connection to the server xtk:session failed, PGS-220000 PostgreSQL error: out of memory"
    )
    assert missed(text) == []


def test_quoted_errors_that_are_unknown_are_returned_once() -> None:
    text = (
        "It prints this every minute of the day:\n"
        "12:00:00 >>> Frobnication of 3 widgets is over\n"
        "12:00:01 >   Frobnication of 3 widgets begins\n"
        "12:01:00 >>> Frobnication of 4 widgets is over\n"
        "12:02:00 >>> PGS-220000 PostgreSQL error: out of memory\n"
    )
    found = cr.read_ticket(text).not_understood
    assert Provenance("ticket", 2, "12:00:00 >>> Frobnication of 3 widgets is over", 2) in found
    assert len(found) == 2


def test_an_attachment_is_no_ticket() -> None:
    assert missed("", "12:00:00 >>> Frobnication of 3 widgets is over\n") == []


def test_a_file_that_people_wrote_is_a_ticket() -> None:
    (place,) = cr.read_artifact("Hello,\nthe unicorn dances all night.", "mail.txt").not_understood
    assert place == Provenance("mail.txt", 2, "the unicorn dances all night")


def test_their_number_is_bounded_and_the_rest_is_told() -> None:
    found = cr.read_ticket("\n\n".join(f"The unicorn number {n} dances all night." for n in range(250)))
    assert len(found.not_understood) == MOST_NOT_UNDERSTOOD
    assert [place.line for place in found.not_understood] == list(range(1, 2 * MOST_NOT_UNDERSTOOD, 2))
    (note,) = found.notes
    assert (note.source, note.text) == ("ticket", "150 more sentences were not understood")


def test_a_secret_is_hidden_by_what_stands_in_the_sentence_before() -> None:
    assert missed('The odd unicorn has the password "one two. three four nine" since yesterday night.') == [
        (1, 'The odd unicorn has the password "<password-1>'),
        (1, '<password-1>" since yesterday night'),
    ]


@pytest.mark.parametrize(
    "ticket", ["No e-mail leaves. The unicorn dances all night.", "The unicorn dances all night."]
)
@pytest.mark.parametrize(("language", "title"), [("en", "Not understood"), ("it", "Non compreso")])
def test_the_reports_show_them(ticket: str, language: str, title: str) -> None:
    found = cr.diagnose(cr.read_ticket(ticket), language=language)
    assert found.to_dict()["not_understood"] == [
        {"source": "ticket", "line": 1, "text": "The unicorn dances all night"}
    ]
    for shown in (
        report.render_text(found, found.knowledge, width=100),
        report.render_markdown(found, found.knowledge),
    ):
        assert title in shown
        assert "The unicorn dances all night" in shown
        assert "ticket:1" in shown


def test_the_reports_show_the_first_and_say_how_many_more() -> None:
    found = cr.diagnose(cr.read_ticket("\n\n".join(f"The unicorn number {n} dances." for n in range(9))))
    for shown in (
        report.render_text(found, found.knowledge, width=100),
        report.render_markdown(found, found.knowledge),
    ):
        assert shown.count("The unicorn") == 5
        assert "and 4 more" in shown
    assert len(found.not_understood) == 9


def test_observations_alone_say_nothing_of_it() -> None:
    read = cr.read_ticket("No e-mail leaves. The unicorn dances all night.")
    assert cr.diagnose(tuple(read)).not_understood == ()
    assert cr.diagnose(tuple(read)).suspects == cr.diagnose(read).suspects
