from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import campaign_rules as cr
from campaign_rules import report
from campaign_rules.evidence.long_lines import WINDOW
from campaign_rules.evidence.redaction import (
    Secret,
    find_secrets,
    redact_evidence,
    redact_text,
)
from campaign_rules.evidence.text_lines import Excerpt
from campaign_rules.model import Evidence, Kind, Ledger, Observation, Provenance, State
from tests.evidence.planted_secrets import PEM_BODY, PLANTED, UNTOUCHED

MARKS = "\ue000\ue001\ue002"


@pytest.mark.parametrize(("line", "hidden"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED])
def test_a_planted_secret_does_not_show(line: str, hidden: tuple[str, ...]) -> None:
    assert all(part in line for part in hidden)
    redacted, ledger = redact_text(line)
    assert [part for part in hidden if part.casefold() in redacted.casefold()] == []
    assert all(token in redacted for token in ledger.counts)


@pytest.mark.parametrize("line", [row[1] for row in PLANTED], ids=[row[0] for row in PLANTED])
def test_redacting_twice_changes_nothing(line: str) -> None:
    redacted, _ = redact_text(line)
    assert redact_text(redacted)[0] == redacted


@pytest.mark.parametrize("line", UNTOUCHED)
def test_what_the_product_prints_stays(line: str) -> None:
    assert redact_text(line) == (line, Ledger())


@pytest.mark.parametrize(
    ("line", "redacted"),
    [
        (
            "<redir status='OK' build='9032' host='t.acme.com' localHost='front_srv1'/>",
            "<redir status='OK' build='9032' host='<host-1>' localHost='<host-2>'/>",
        ),
        (
            "421 4.7.0 [192.0.2.7] anna@gmail.com and bob@acme.it deferred by gmail.com",
            "421 4.7.0 [<ip-1>] <email-1>@gmail.com and <email-2> deferred by gmail.com",
        ),
        (
            "jdbc:postgresql://pgsrv:5432/crm?user=bi&password=b1pw&ssl=true",
            "jdbc:postgresql://<host-1>:5432/<database-1>?user=<login-1>&password=<password-1>&ssl=true",
        ),
        (
            "mta@prod on front1.acme.com: version 7.3.1, build 9352",
            "mta@prod on <host-1>: version 7.3.1, build 9352",
        ),
        ("sftp://feeds:pw@sftp.acme.com:22/in", "sftp://<login-1>:<password-1>@<host-1>:22/in"),
        ("acme-com.mail.protection.outlook.com", "<host-1>"),
        ("web@crm.acme.com (123) - 9.6 Mo", "web@crm.acme.com (123) - 9.6 Mo"),
    ],
)
def test_only_the_secret_is_replaced(line: str, redacted: str) -> None:
    assert redact_text(line)[0] == redacted


def test_a_private_key_is_hidden_over_its_lines_with_or_without_an_end() -> None:
    block = f"-----BEGIN RSA PRIVATE KEY-----\n{PEM_BODY}\n{PEM_BODY}\nAb1=\n-----END RSA PRIVATE KEY-----"
    assert redact_text(f"before\n{block}\nafter it")[0] == "before\n<key-1>\nafter it"
    cut = block.partition("\n-----END")[0]
    assert PEM_BODY not in redact_text(cut)[0]
    assert "Ab1" not in redact_text(cut)[0]


def test_the_connection_pool_is_hidden_but_for_its_name_and_provider() -> None:
    listing = (
        "Connection pool -----------\nDatasource Server Provider Login \n"
        "default dbserver PostgreSQL acme_crm\n\nmta@prod (1) - 9.6 Mo"
    )
    assert redact_text(listing)[0] == (
        "Connection pool -----------\nDatasource Server Provider Login \n"
        "default <host-1> PostgreSQL <login-1>\n\nmta@prod (1) - 9.6 Mo"
    )


def test_a_row_of_the_connection_pool_is_hidden_without_its_heading() -> None:
    assert redact_text("default dbsrv9x PostgreSQL acmecrm")[0] == "default <host-1> PostgreSQL <login-1>"


def test_the_same_value_has_the_same_token_however_it_is_written() -> None:
    text = (
        "A@Acme.com a@acme.com 2001:db8::1 2001:0DB8:0:0::1 xn--mnchen-3ya.de münchen.de"
        " 00:1a:2b:3c:4d:5e 00-1A-2B-3C-4D-5E"
    )
    redacted, ledger = redact_text(text)
    assert redacted == "<email-1> <email-1> <ip-1> <ip-1> <host-1> <host-1> <mac-1> <mac-1>"
    assert ledger.counts == {
        "<email-1>": ("email", 2),
        "<host-1>": ("host", 2),
        "<ip-1>": ("ip", 2),
        "<mac-1>": ("mac", 2),
    }


def test_a_ledger_goes_on_in_the_next_text() -> None:
    _, ledger = redact_text("from a1.acme.com to a2.acme.com")
    redacted, both = redact_text("from a3.acme.com to a2.acme.com", ledger)
    assert redacted == "from <host-3> to <host-2>"
    assert ledger.counts["<host-2>"] == ("host", 1)
    assert both.counts["<host-2>"] == ("host", 2)
    assert both.values == {"<host-1>": "a1.acme.com", "<host-2>": "a2.acme.com", "<host-3>": "a3.acme.com"}


def test_a_ledger_shows_values_only_when_asked() -> None:
    _, ledger = redact_text("password=hunter2")
    assert "hunter2" not in repr(ledger) + str(ledger.counts) + repr(ledger.entries)
    assert ledger.values == {"<password-1>": "hunter2"}


def test_a_value_unlike_any_word_is_hidden_wherever_it_stands() -> None:
    redacted, _ = redact_text("server=front_srv1 user=mailing\nfront_srv1: mailing done")
    assert redacted == "server=<host-1> user=<login-1>\n<host-1>: mailing done"


def test_an_excerpt_is_masked_by_what_stands_around_it() -> None:
    line = 'connect with password="one two three" to front1.acme.com failed'
    first, last = line.index("two"), line.index(".acme")
    (found,), ledger = redacted([observed(cut(line, first, last))])
    assert found.provenance[0].text == '<password-1>" to <host-1>'
    assert ledger.values == {"<host-1>": "front1.acme.com", "<password-1>": "one two three"}


def test_an_excerpt_of_a_huge_line_is_masked() -> None:
    line = "x " * 200_000 + "password=hunter2" + " y" * 200_000
    at = line.index("hunter2")
    (found,), _ = redacted([observed(cut(line, at + 2, at + 30))])
    assert found.provenance[0].text.startswith("<password-1> y")


@pytest.mark.parametrize(
    "secret", ["https://bob7x:S3cr3tPw9@api.acme.com/x", "sftp://feeds:S3cr3tPw9@sftp.acme.com:22/in"]
)
@pytest.mark.parametrize("edge", [WINDOW, 2 * WINDOW])
@pytest.mark.parametrize("sign_first", [True, False])
def test_a_secret_is_masked_where_a_long_line_is_cut(secret: str, edge: int, sign_first: bool) -> None:
    sign = "PGS-220000 PostgreSQL error: out of memory"
    parts = (sign, secret) if sign_first else (secret, sign)
    for start in range(edge - 130, edge + 20, 29):
        line = "12:00:00 > " + "x " * (start // 2) + " and ".join(parts) + " y" * 5_000
        read = cr.read_artifact(line, "mta.log")
        assert read
        assert "S3cr" not in repr(read)
        assert "tPw9" not in repr(read)


def test_marks_in_the_input_are_not_taken_for_seals() -> None:
    forged = f"{MARKS[0]}host{MARKS[1]}mine{MARKS[2]} a.acme.com"
    (found,), ledger = redacted([observed(forged)])
    assert found.provenance[0].text == "\ufffdhost\ufffdmine\ufffd <host-1>"
    assert ledger.counts == {"<host-1>": ("host", 1)}


def cut(text: str, first: int, last: int) -> Excerpt:
    return Excerpt(text[first:last], text, first)


def redacted(given: Iterable[Observation]) -> tuple[tuple[Observation, ...], Ledger]:
    evidence = redact_evidence(Evidence(tuple(given)))
    return evidence.observations, evidence.ledger


def observed(
    text: str, source: str = "mta.log", line: int = 1, instance: str = "", name: str = "x"
) -> Observation:
    return Observation(name, State.PRESENT, None, instance, (Provenance(source, line, text),))


def planted_observations() -> list[Observation]:
    lines = [line for _, line, _ in PLANTED]
    names = ["mails-not-sent", "process-missing-mta", "delivery-pending"]
    return [
        observed(line, f"/home/jsmith/{at % 3}.log", at, "prod", names[at % 3])
        for at, line in enumerate(lines, start=1)
    ]


def test_numbers_follow_the_sorted_places_not_the_order_of_reading() -> None:
    given = [
        observed("from h2.acme.com", "b.log", 1),
        observed("from h1.acme.com", "a.log", 2),
        observed("from h3.acme.com to h2.acme.com", "a.log", 10),
    ]
    for order in permutations(given):
        found, ledger = redacted(order)
        assert ledger.values == {
            "<host-1>": "h1.acme.com",
            "<host-2>": "h3.acme.com",
            "<host-3>": "h2.acme.com",
        }
        texts = {
            one.provenance[0].source + str(one.provenance[0].line): one.provenance[0].text for one in found
        }
        assert texts == {
            "a.log2": "from <host-1>",
            "a.log10": "from <host-2> to <host-3>",
            "b.log1": "from <host-3>",
        }


def test_names_of_sources_are_redacted() -> None:
    given = [observed("", "/home/jsmith/front1.acme.com/var/prod/log/mta.log")]
    (found,), ledger = redacted(given)
    assert found.provenance[0].source == "/home/<login-1>/<host-1>/var/prod/log/mta.log"
    assert ledger.counts == {"<host-1>": ("host", 1), "<login-1>": ("login", 1)}


def test_the_name_of_an_instance_stays_even_if_a_host_or_login_has_it() -> None:
    line = "connect to server 'acme9' as user 'acme9' with password=acme9 on mta@acme9 via host=acme8"
    (found,), ledger = redacted([observed(line, instance="acme9")])
    assert found.instance == "acme9"
    assert found.provenance[0].text == (
        "connect to server 'acme9' as user 'acme9' with password=<password-1> on mta@acme9 via host=<host-1>"
    )
    assert ledger.values == {"<host-1>": "acme8", "<password-1>": "acme9"}


def outputs(diagnosis: cr.Diagnosis) -> Iterator[str]:
    yield report.render_text(diagnosis, diagnosis.knowledge, width=100)
    yield report.render_markdown(diagnosis, diagnosis.knowledge)
    yield json.dumps(diagnosis.to_dict(), ensure_ascii=False)
    yield from (diagnosis.why(one.module) for one in diagnosis.suspects)


def test_the_diagnosis_is_the_same_and_no_output_shows_a_secret() -> None:
    given = planted_observations()
    hidden, _ = redacted(given)
    before, after = (cr.diagnose(one, engine="semi-naive") for one in (given, hidden))
    assert after.suspects == before.suspects
    assert after.plan == before.plan
    assert after.next_checks == before.next_checks
    written = "\n".join(outputs(after)).replace("\\", "").casefold()
    assert not set(MARKS) & set(written)
    shown = [
        part for _, _, hidden in PLANTED for part in hidden if len(part) > 5 and part.casefold() in written
    ]
    assert shown == []


def test_secrets_are_sorted_and_apart() -> None:
    secrets = find_secrets("a@acme.com password=b")
    assert secrets == (Secret(0, 10, Kind.EMAIL), Secret(20, 21, Kind.PASSWORD))


FRAGMENTS = st.sampled_from(
    [line for _, line, _ in PLANTED]
    + list(UNTOUCHED)
    + ["password=", "://", "@", "\n", "\\", '"', "name=", "a" * 70]
)
HOSTILE = st.lists(st.one_of(FRAGMENTS, st.text(max_size=20)), max_size=6).map("".join)


@settings(max_examples=60)
@given(HOSTILE, st.integers(0, 300), st.integers(0, 300))
def test_any_text_is_cut_without_losing_or_keeping_anything(text: str, one: int, other: int) -> None:
    first, last = sorted((min(one, len(text)), min(other, len(text))))
    secrets = find_secrets(text)
    assert all(here.end <= there.start for here, there in pairwise(secrets))
    assert all(0 <= secret.start < secret.end <= len(text) for secret in secrets)
    (found,), ledger = redacted([observed(cut(text, first, last))])
    assert not set(MARKS) & set(found.provenance[0].text)
    assert all(count > 0 for _, count in ledger.counts.values())
    assert len(set(ledger.values)) == len(ledger.entries)


@settings(max_examples=30)
@given(st.lists(st.sampled_from([line for _, line, _ in PLANTED]), min_size=1, max_size=5, unique=True))
def test_secrets_are_hidden_on_whatever_lines_stand_around(lines: list[str]) -> None:
    redacted, _ = redact_text("\n".join(lines))
    expected = [part for _, line, hidden in PLANTED if line in lines for part in hidden]
    assert [part for part in expected if len(part) > 5 and part in redacted] == []


@settings(max_examples=30)
@given(st.text(max_size=400))
def test_text_without_secrets_stays(text: str) -> None:
    if not find_secrets(text) and not set(MARKS) & set(text):
        assert redact_text(text) == (text, Ledger())


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a@",
        "1.",
        "1:",
        "password=",
        'token "',
        'name="secret" ',
        "-----BEGIN PRIVATE KEY-----",
        "://",
        "x=y&",
        "aA1",
        "0 ",
    ],
)
def test_long_hostile_lines_are_read_to_the_end(unit: str) -> None:
    text = unit * (100_000 // len(unit)) + " to anna.bella@acme.com"
    assert "anna.bella" not in redact_text(text)[0]
