"""Replies as mail programs write them, and what servers print that only looks like a quotation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.tickets.quoting import without_quotations

OWN = "The mta has been restarted.\nStill no delivery leaves."

INTRODUCED = [
    "On Mon, Nov 23, 2026 at 9:40 AM Mario Rossi <mario@example.com> wrote:",
    "On 23 Nov 2026, at 09:40, Mario Rossi <mario@example.com> wrote:",
    "On Mon, Nov 23, 2026 at 9:40 AM Mario Giovanni Rossi <\nmario.giovanni.rossi@example.com> wrote:",
    "On 11/23/2026 9:40 AM, Mario Rossi wrote:",
    "Il giorno lun 23 nov 2026 alle ore 09:40 Mario Rossi <mario@example.com> ha scritto:",
    "Il 23/11/2026 09:40, Mario Rossi ha scritto:",
    "Am Mo., 23. Nov. 2026 um 09:40 Uhr schrieb Mario Rossi <mario@example.com>:",
    "Am 23.11.26 um 09:40 schrieb Mario Rossi:",
    "Mario Rossi <mario@example.com> schrieb am 23.11.2026:",
    "Le lun. 23 nov. 2026 à 09:40, Mario Rossi <mario@example.com> a écrit :",
    "Le 23/11/2026 à 09:40, Mario Rossi a écrit\xa0:",
    "El lun, 23 nov 2026 a las 9:40, Mario Rossi\n(<mario@example.com>) escribió:",
    "El 23/11/2026 a las 9:40, Mario Rossi escribió:",
]

HEADED = [
    "From: Mario Rossi <mario@example.com>\nSent: Monday, November 23, 2026 9:40 AM\n"
    "To: Ops <ops@example.com>;\nOthers <others@example.com>\nSubject: RE: no mail",
    "*From:* Mario Rossi\n*Date:* Monday, November 23, 2026\n*To:* Ops\n*Subject:* RE: no mail",
    "Da: Mario Rossi\nInviato: lunedì 23 novembre 2026 09:40\nA: Ops\nOggetto: R: niente mail",
    "Von: Mario Rossi\nGesendet: Montag, 23. November 2026 09:40\nAn: Ops\nBetreff: AW: keine Mail",
    "De : Mario Rossi\nEnvoyé : lundi 23 novembre 2026 09:40\nÀ : Ops\nObjet : RE: pas de mail",
    "De: Mario Rossi\nEnviado el: lunes, 23 de noviembre de 2026 9:40\nPara: Ops\nAsunto: RE: sin correo",
]

SEPARATED = [
    "-----Original Message-----",
    "-------- Original Message --------",
    "-----Messaggio originale-----",
    "-----Ursprüngliche Nachricht-----",
    "-------- Original-Nachricht --------",
    "-----Message d'origine-----",
    "-----Mensaje original-----",
    "________________________________",
]

QUOTED = "Is the mta running?\n\nThe tracking log has 3 errors."

PRINTED = [
    "2026-11-23T09:40:12.000Z\t0001\t00000001\t1\terror\tlog\tMTA-150012 > no route",
    "09:40:12 >   Application server for Adobe Campaign",
    "09:40:13 >>> Unable to connect to the host",
    "$ nlserver pdump > /tmp/out",
    "C:\\>nlserver pdump",
    "mta@prod (4711) - 12.1 Mb",
    "MariaDB [neolane]> select 1;",
    "    -> from NmsDelivery;",
    "root@host:~# systemctl status nlserver6",
    "From: the console",
    "",
]


def angled(text: str) -> str:
    return "".join(f"> {line}".rstrip() + "\n" for line in text.splitlines())


@pytest.mark.parametrize("introduction", INTRODUCED)
@pytest.mark.parametrize("quoted", [QUOTED, angled(QUOTED)])
def test_what_follows_an_introduction_is_left_out(introduction: str, quoted: str) -> None:
    assert without_quotations(f"{OWN}\n\n{introduction}\n\n{quoted}") == OWN


@pytest.mark.parametrize("introduction", INTRODUCED)
def test_answers_between_and_below_quoted_lines_are_kept(introduction: str) -> None:
    reply = f"{introduction}\n> Is the mta running?\nIt is.\n> And stat?\nIt is not.\n"
    assert without_quotations(reply) == "It is.\nIt is not."


@pytest.mark.parametrize("head", HEADED)
@pytest.mark.parametrize("separator", ["", *SEPARATED])
def test_what_follows_the_head_of_an_earlier_message_is_left_out(head: str, separator: str) -> None:
    own = without_quotations(f"{OWN}\n\n{separator}\n{head}\n\n{QUOTED}")
    assert own.replace("_", "").rstrip() == OWN


@pytest.mark.parametrize("head", HEADED)
def test_a_head_directly_below_own_words_is_one(head: str) -> None:
    assert without_quotations(f"{OWN}\n{head}\n{QUOTED}") == OWN


@pytest.mark.parametrize("separator", SEPARATED[:-1])
def test_a_separator_without_a_head_is_enough(separator: str) -> None:
    assert without_quotations(f"{OWN}\n{separator}\n{QUOTED}") == OWN


@pytest.mark.parametrize("line", ["--", "-- "])
def test_a_signature_is_left_out(line: str) -> None:
    assert without_quotations(f"{OWN}\n{line}\nAnna Bianchi\n+39 02 1234") == OWN
    assert without_quotations(f"{OWN}\n\n{INTRODUCED[0]}\n{QUOTED}\n{line}\nMario") == OWN


def test_below_two_dashes_log_lines_and_long_outputs_are_kept() -> None:
    found = f"grep says\n{PRINTED[0]}\n--\n{PRINTED[0]}\n"
    assert without_quotations(found) == found
    listing = "before\n--\n" + "one row\n" * 16
    assert without_quotations(listing) == listing


@pytest.mark.parametrize("extra", ["Received: from a\nby b", "Return-Path: <>", "DKIM-Signature: v=1"])
@pytest.mark.parametrize("separator", ["", "----- Original message -----\n"])
def test_heads_that_were_pasted_as_evidence_are_kept(extra: str, separator: str) -> None:
    head = "From: a@example.com\nTo: b@example.net\nSubject: Offer\nDate: Mon, 23 Nov 2026 09:40:12 +0000"
    for pasted in (f"{head}\n{extra}", f"{extra}\n{head}"):
        reply = f"It bounced:\n\n{separator}{pasted}\n\nDiagnostic-Code: smtp; 550 5.7.1 refused"
        assert without_quotations(reply) == reply


@pytest.mark.parametrize(
    "printed",
    [
        ">>> RCPT TO:<b@example.net>\n<<< 550 5.1.1 unknown",
        "> max=20\n< max=10",
        "1c1\n< max=10\n---\n> max=20",
        ">>> import campaign_rules",
    ],
)
def test_a_dialogue_with_a_server_and_a_comparison_are_kept(printed: str) -> None:
    reply = f"{OWN}\n{printed}\n"
    assert without_quotations(reply) == reply


def test_deep_quotations_beside_shallow_ones_are_left_out() -> None:
    assert without_quotations(f">>> first\n>> second\n> third\n{OWN}") == OWN


@pytest.mark.parametrize("line", ["---------- Forwarded message ---------", "Inizio messaggio inoltrato:"])
def test_a_forwarded_message_is_news(line: str) -> None:
    reply = f"See what they answered.\n\n{line}\n{HEADED[0]}\n\n> {QUOTED}"
    assert without_quotations(reply) == reply


@pytest.mark.parametrize("quoted", [angled(QUOTED), f"{INTRODUCED[0]}\n{QUOTED}", f"{HEADED[0]}\n\n{QUOTED}"])
def test_a_text_of_nothing_but_quotations_is_returned_whole(quoted: str) -> None:
    assert without_quotations(quoted) == quoted


@pytest.mark.parametrize(
    "sentence",
    [
        "On Monday the vendor wrote:",
        "On 23 November the mta wrote:\n" + PRINTED[0],
        "On 2026-11-23 09:40 the mta wrote:\n" + PRINTED[0],
        "Original message:\n550 refused",
        "From: the console\nTo: the log\nthat is the way",
    ],
)
def test_sentences_that_resemble_an_introduction_are_kept(sentence: str) -> None:
    reply = f"{OWN}\n\n{sentence}\nmore of it"
    assert without_quotations(reply) == reply


@given(st.lists(st.sampled_from([*PRINTED, *OWN.splitlines()]), max_size=12))
def test_outputs_of_commands_are_kept_as_they_are(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert without_quotations(text) == text


ANY = st.sampled_from([*INTRODUCED, *HEADED, *SEPARATED, *PRINTED, OWN, angled(QUOTED), "-- ", "<<< 250"])


@given(st.lists(ANY | st.text(max_size=20), max_size=10).map("\n".join))
def test_nothing_is_made_up_moved_or_wholly_lost(text: str) -> None:
    own = without_quotations(text)
    left = iter(text.splitlines())
    assert all(line in left for line in own.splitlines())
    assert bool(own.strip()) == bool(text.strip())


@given(st.sampled_from(INTRODUCED), st.lists(st.sampled_from(PRINTED[:-1]), min_size=1, max_size=5))
def test_evidence_above_a_quotation_is_kept(introduction: str, lines: list[str]) -> None:
    own = "\n".join(lines)
    assert without_quotations(f"{own}\n\n{introduction}\n{angled(QUOTED)}") == own
