"""Tables of closed tickets: what is read, and what is kept aside with its line and reason."""

from __future__ import annotations

import json

import pytest

import campaign_rules as cr
from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.learning import Columns, closed_of, read_names, read_rows


@pytest.fixture(scope="module")
def knowledge() -> cr.KnowledgeBase:
    return cr.load_knowledge()


def _json(*records: object) -> str:
    return "\n".join(json.dumps(one) for one in records)


def test_csv_is_read_with_the_line_each_row_starts_at() -> None:
    text = (
        "id,ticket,artifacts,observations,absent,module,cause\n"
        '7,"first\nsecond",stopped,mails-not-sent ctx-os=linux,process-missing-mta,stat,stat-stopped\n'
        "8,third,,,,mta,\n"
    )
    rows, aside = read_rows(text, "closed.csv")
    assert aside == ()
    assert [one.place for one in rows] == ["closed.csv:2", "closed.csv:4"]
    first, second = rows
    assert (first.id, first.ticket, first.artifacts) == ("7", "first\nsecond", ("stopped",))
    assert first.observations == ("mails-not-sent", "ctx-os=linux")
    assert (first.absent, first.module, first.cause) == (("process-missing-mta",), "stat", "stat-stopped")
    assert (second.artifacts, second.cause) == ((), "")


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_cells_are_separated_as_the_header_is(separator: str) -> None:
    (row,), _ = read_rows(f"ticket{separator}module\nno mail{separator}mta\n", "closed.csv")
    assert (row.ticket, row.module) == ("no mail", "mta")


def test_json_lines_are_read() -> None:
    text = _json({"id": 3, "ticket": "no mail", "artifacts": ["a", "b"], "module": "mta", "more": 1})
    (row,), aside = read_rows(text, "closed.jsonl")
    assert (row.place, row.id, row.artifacts, row.module) == ("closed.jsonl:1", "3", ("a", "b"), "mta")
    assert aside == ()


def test_columns_may_be_called_otherwise() -> None:
    (row,), _ = read_rows("text,root\nno mail,mta\n", "closed.csv", Columns(ticket="text", module="root"))
    assert (row.id, row.ticket, row.module) == ("closed.csv:2", "no mail", "mta")


def test_what_cannot_be_used_is_kept_aside_with_line_and_reason() -> None:
    text = "\n".join(
        (
            _json({"id": "a", "ticket": "x", "module": "mta"}, {"ticket": "x"}, {"module": "mta"}),
            "{",
            "[1]",
            _json({"id": "a", "ticket": "y", "module": "mta"}, {"ticket": ["x"], "module": "mta"}),
            _json({"ticket": "x", "artifacts": [1], "module": "mta"}, {"ticket": "x", "module": True}),
        )
    )
    rows, aside = read_rows(text, "t")
    assert [one.id for one in rows] == ["a"]
    assert [(one.source, one.text.partition(":")[0]) for one in aside] == [
        ("t:2", "no module"),
        ("t:3", "neither a text nor an observation"),
        ("t:4", "no JSON"),
        ("t:5", "no JSON object"),
        ("t:6", "id 'a' is already that of t"),
        ("t:7", "ticket must be a text"),
        ("t:8", "artifacts must be a text or a list of texts"),
        ("t:9", "module must be a text"),
    ]


def test_a_row_of_too_many_cells_is_kept_aside() -> None:
    rows, (note,) = read_rows("ticket,module\nno mail,mta\nno, mail,mta\n", "t")
    assert len(rows) == 1
    assert (note.source, note.text) == ("t:3", "more cells than columns")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ticket,modul\nx,mta\n", "t:1: no column 'module' in ticket, modul .did you mean 'modul'"),
        ("", "t:1: no column 'module' in it"),
        ('ticket,module\nx,"mta\n', "t:2: no CSV"),
    ],
)
def test_a_table_that_is_none_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_rows(text, "t")


def test_a_row_becomes_a_closed_ticket(knowledge: cr.KnowledgeBase) -> None:
    text = _json(
        {
            "id": "a",
            "ticket": "No e-mail is sent.",
            "observations": ["ctx-os=linux"],
            "absent": "process-missing-mta",
            "module": "Sending",
            "cause": "stat-stopped",
        }
    )
    (row,), _ = read_rows(text, "t")
    closed = closed_of(row, knowledge, {"Sending": ("stat",)})
    found = {(one.id, str(one.state)) for one in closed.observations if isinstance(one, cr.Observation)}
    assert {
        ("mails-not-sent", "present"),
        ("ctx-os", "present"),
        ("process-missing-mta", "absent"),
    } <= found
    assert (closed.id, closed.modules, closed.cause) == ("a", {"stat"}, "stat-stopped")


def test_an_observation_that_does_not_exist_is_named(knowledge: cr.KnowledgeBase) -> None:
    (row,), _ = read_rows(_json({"observations": "mails-not-sen", "module": "mta"}), "t")
    with pytest.raises(UnknownNameError, match="did you mean 'mails-not-sent'"):
        closed_of(row, knowledge)


def test_names_stand_for_modules(knowledge: cr.KnowledgeBase) -> None:
    assert read_names("Sending: [mta, stat]\n7: [web]\n", "n", knowledge) == {
        "Sending": ("mta", "stat"),
        "7": ("web",),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Sending: [mtaa]", "n: unknown module 'mtaa' of 'Sending' .did you mean 'mta'"),
        ("Sending: [[mta]]", "n: unknown module"),
        ("Sending: mta", "n: 'Sending' must have a list of modules"),
        ("- mta", "n: must map words"),
        ("{", "n: no YAML"),
    ],
)
def test_names_that_are_none_are_refused(knowledge: cr.KnowledgeBase, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_names(text, "n", knowledge)
