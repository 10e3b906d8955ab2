from __future__ import annotations

import pytest

from campaign_rules.errors import KnowledgeError
from campaign_rules.evidence import Recogniser, read_artifact, read_ticket
from campaign_rules.evidence.log_matches import match_lines
from campaign_rules.evidence.log_signs import log_signs
from campaign_rules.evidence.text_lines import split_lines
from campaign_rules.model import Observation, ObservationType, Provenance, Signs, State


def found(text: str, recogniser: Recogniser, source: str = "a.log") -> dict[str, Observation]:
    return {seen.id: seen for seen in read_artifact(text, source, recogniser)}


def test_a_sign_shows_an_observation_with_its_line(recogniser: Recogniser) -> None:
    line = "2021-05-31T08:42:18.124Z\t66462\t66501\t1\terror\tlog\tPGS-220000 PostgreSQL error"
    assert found(f"first\n{line}", recogniser) == {
        "log-db-error": Observation(
            "log-db-error",
            State.PRESENT,
            provenance=(
                Provenance(
                    "a.log",
                    2,
                    "PGS-220000 PostgreSQL error",
                    first="2021-05-31T08:42:18",
                    last="2021-05-31T08:42:18",
                ),
            ),
        )
    }


def test_case_white_space_and_quotes_do_not_matter(recogniser: Recogniser) -> None:
    text = "UNABLE  TO\trename file ’/tmp/x’ to /usr/y ;(errno=18, Invalid cross-device link) (iRc=-52)"
    assert set(found(text, recogniser)) == {"log-cross-device"}


def test_an_anchor_is_the_beginning_of_the_message(recogniser: Recogniser) -> None:
    assert "log-no-tasks" in found("12:00:00 >   No tasks", recogniser)
    assert "log-no-tasks" not in found("He said: No tasks", recogniser)


def test_named_groups_give_value_and_instance(recogniser: Recogniser) -> None:
    text = (
        "The maximum number of connections has been reached (50) by connections pool 'x'.\n"
        "12:18:31 >   Stop requested for 'mta@prod' ('nlserver mta -instance:other', pid=1, tid=-2)..."
    )
    seen = found(text, recogniser)
    assert seen["log-pool-full"].value == 50
    assert seen["log-stop-requested"].instance == "prod"
    assert found("host: LINUX kernel 5", recogniser)["operating-system"].value == "linux"


def test_the_instance_of_the_line_or_of_the_folder(recogniser: Recogniser) -> None:
    assert found("ODBC error: x -tracefile:wfserver@acme", recogniser)["log-db-error"].instance == "acme"
    assert found("ODBC error: x", recogniser, "var/prod/log/mta.log")["log-db-error"].instance == "prod"


def test_repeated_lines_are_counted_in_one_place(recogniser: Recogniser) -> None:
    places = found("ODBC error: x\n" * 20, recogniser)["log-db-error"].provenance
    assert [(place.line, place.count) for place in places] == [(1, 20)]


def test_a_long_line_is_shown_around_the_match(recogniser: Recogniser) -> None:
    (place,) = found("x " * 500 + "ODBC error: y " + "z " * 500, recogniser)["log-db-error"].provenance
    assert len(place.text) <= 200
    assert "ODBC error:" in place.text


def test_a_very_long_line_is_read_to_its_end(recogniser: Recogniser) -> None:
    assert set(found("x " * 100_000 + "ODBC error: y", recogniser)) == {"log-db-error"}


def test_signs_are_found_in_prose_across_line_breaks(recogniser: Recogniser) -> None:
    text = "Hello,\nwe see: the maximum number of connections has been\nreached (50) by connections pool."
    (seen,) = read_ticket(text, (), recogniser)
    assert (seen.id, seen.value, seen.provenance[0].line) == ("log-pool-full", 50, 2)


def test_a_bad_expression_is_refused_by_name() -> None:
    (sign,) = log_signs([ObservationType("broken", {"en": "x"}, signs=Signs(log=("(",)))])
    with pytest.raises(KnowledgeError, match=r"observation broken: log sign '\(' is no regular expression"):
        match_lines(split_lines("any", "a.log"), "a.log", [sign])


def test_expressions_are_compiled_only_where_their_words_stand() -> None:
    (sign,) = log_signs([ObservationType("broken", {"en": "x"}, signs=Signs(log=("disk full (",)))])
    assert match_lines(split_lines("the disk is fine", "a.log"), "a.log", [sign]) == ()
    with pytest.raises(KnowledgeError):
        match_lines(split_lines("the disk is full", "a.log"), "a.log", [sign])


@pytest.mark.parametrize("text", ["", "\n\n", "nothing of note"])
def test_text_without_signs(text: str, recogniser: Recogniser) -> None:
    assert not read_artifact(text, "a.log", recogniser)
