"""Tickets by e-mail, with an IMAP server in memory and an SMTP server that is aiosmtpd's."""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from imap_tools import MailMessage

from campaign_rules.errors import InputError, TrackerError
from campaign_rules.report.document import Paragraph, Span
from campaign_rules.tickets.connectors.mail import MailSettings, MailTracker
from campaign_rules.tickets.connectors.mail_content import head_of, message_of, title_of
from campaign_rules.tickets.note import Note, standing
from campaign_rules.tickets.tracker import Edits, Tracker
from tests.tickets.connectors.imap_server import Folder, ImapServer

FIRST = "first@example.com"


def note(text: str) -> Note:
    return Note((Paragraph((Span(text),)),))


def written(
    name: str = FIRST,
    *,
    text: str = "No e-mail leaves.",
    sender: str = "Anna <anna@example.com>",
    headers: dict[str, str] | None = None,
) -> EmailMessage:
    mail = EmailMessage()
    told = {
        "From": sender,
        "To": "diagnosis@example.com",
        "Subject": "mta is down",
        "Date": "Mon, 23 Nov 2026 09:40:12 +0100",
        "Message-ID": f"<{name}>",
    }
    for header, value in (told | (headers or {})).items():
        if value:
            mail[header] = value
    mail.set_content(text)
    return mail


def content(mail: EmailMessage) -> bytes:
    return mail.as_bytes(policy=default.clone(linesep="\r\n"))


class Post:
    """What the SMTP server takes in. `answers` are given to mails instead, the first one first."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append((envelope.rcpt_tos, mail))
        return "250 OK"


class OnAnyPort(Controller):
    """A server on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def allowed(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=data.password == b"a-password")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def imap(context: ssl.SSLContext) -> Iterator[ImapServer]:
    yield from serving(ImapServer(context=context))


def serving(server: ImapServer) -> Iterator[ImapServer]:
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def smtp(post: Post, context: ssl.SSLContext) -> Iterator[Controller]:
    controller = OnAnyPort(
        post,
        hostname="127.0.0.1",
        port=0,
        tls_context=context,
        require_starttls=True,
        authenticator=allowed,
        auth_required=True,
    )
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def settings(imap: ImapServer, smtp: Controller, authority: trustme.CA, tmp_path: Path) -> MailSettings:
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca)
    return MailSettings(
        address="diagnosis@example.com",
        senders=("@example.com", "vendor@example.net"),
        imap_host="127.0.0.1",
        imap_port=imap.port,
        smtp_host="127.0.0.1",
        smtp_port=smtp.port,
        user="diagnosis",
        password="a-password",
        ca=str(ca),
    )


@pytest.fixture
def tracker(settings: MailSettings) -> Iterator[MailTracker]:
    tracker = MailTracker(settings)
    yield tracker
    tracker.close()


@pytest.fixture
def inbox(imap: ImapServer) -> Folder:
    return imap.folders["INBOX"]


def test_a_thread_is_a_ticket(tracker: MailTracker, inbox: Folder) -> None:
    assert isinstance(tracker, Tracker)
    first = written()
    first.add_attachment(b"an error\n", maintype="text", subtype="plain", filename="mta.log")
    inbox.add(content(first))
    reply = {
        "In-Reply-To": f"<{FIRST}>",
        "References": f"<{FIRST}>",
        "Subject": "Re: mta is down",
        "Date": "Mon, 23 Nov 2026 10:00:00 +0000",
    }
    inbox.add(content(written("2@example.com", text="It runs again.", headers=reply)))
    inbox.add(content(written("other@example.com")))
    changes = tracker.changed("")
    assert [(one.key, one.revision) for one in changes.tickets] == [
        (FIRST, "7:2"),
        ("other@example.com", "7:3"),
    ]
    ticket = tracker.read(FIRST)
    assert (ticket.key, ticket.revision, ticket.title) == (FIRST, "7:2", "mta is down")
    assert [(one.id, one.author, one.text.strip()) for one in ticket.messages] == [
        (FIRST, "anna@example.com", "No e-mail leaves."),
        ("2@example.com", "anna@example.com", "It runs again."),
    ]
    assert ticket.messages[0].written.isoformat() == "2026-11-23T08:40:12+00:00"
    assert [(one.name, one.content) for one in ticket.messages[0].attachments] == [("mta.log", b"an error\n")]


def test_nothing_is_told_twice_or_left_out(tracker: MailTracker, inbox: Folder) -> None:
    for number in range(130):
        inbox.add(content(written(f"{number}@example.com")))
    position, keys = "", []
    for _ in range(4):
        changes = tracker.changed(position)
        assert len(changes.tickets) <= 100
        position = changes.position
        keys += [one.key for one in changes.tickets]
    assert keys == [f"{number}@example.com" for number in range(130)]
    inbox.add(content(written("new@example.com")))
    assert [one.key for one in tracker.changed(position).tickets] == ["new@example.com"]
    inbox.validity = 8
    assert len(tracker.changed(position).tickets) == 100


def test_a_reply_that_names_its_parent_only_is_of_the_thread(tracker: MailTracker, inbox: Folder) -> None:
    inbox.add(content(written()))
    inbox.add(content(written("2@example.com", headers={"In-Reply-To": f"<{FIRST}>"})))
    inbox.add(content(written("3@example.com", headers={"In-Reply-To": "<2@example.com>"})))
    assert [(one.key, one.revision) for one in tracker.changed("").tickets] == [(FIRST, "7:3")]
    assert len(tracker.read(FIRST).messages) == 3


def test_an_id_that_is_part_of_another_is_another_thread(tracker: MailTracker, inbox: Folder) -> None:
    inbox.add(content(written("1@example.com")))
    inbox.add(content(written("11@example.com")))
    assert len(tracker.read("1@example.com").messages) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; owner-email=a@example.com"},
        {"Precedence": "bulk"},
        {"List-Id": "<ops.example.com>"},
        {"Return-Path": "<>"},
        {"X-Auto-Response-Suppress": "DR, AutoReply"},
        {"From": "MAILER-DAEMON@example.com"},
        {"From": "noreply@example.com"},
        {"From": "diagnosis@example.com"},
        {"From": "eve@example.org"},
        {"From": "eve@example.com.example.org"},
        {"From": "anna@example.com <eve@example.org>"},
        {"From": ""},
        {"Message-ID": ""},
    ],
    ids=str,
)
def test_machines_strangers_and_ourselves_get_no_answer(
    tracker: MailTracker, inbox: Folder, headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    inbox.add(content(written("2@example.com", headers=headers)))
    with caplog.at_level(logging.INFO):
        assert tracker.changed("").tickets == ()
    assert "1 mails passed over" in caplog.text
    assert "example" not in caplog.text
    with pytest.raises(TrackerError, match="no mail of this thread"):
        tracker.read("2@example.com")


def test_mails_that_say_a_person_wrote_them_are_answered(tracker: MailTracker, inbox: Folder) -> None:
    inbox.add(content(written(headers={"Auto-Submitted": "no"})))
    assert len(tracker.changed("").tickets) == 1


@pytest.mark.parametrize(
    ("results", "counts"),
    [
        ("mx.example.com; dmarc=pass header.from=example.com", True),
        ("mx.example.com; dmarc=fail header.from=example.com", False),
        ("mx.example.org; dmarc=pass", False),
        ("", False),
    ],
)
def test_only_genuine_senders_count_where_the_server_tells(
    settings: MailSettings, inbox: Folder, results: str, counts: bool
) -> None:
    inbox.add(content(written(headers={"Authentication-Results": results})))
    tracker = MailTracker(evolve(settings, authenticated_by="mx.example.com"))
    assert bool(tracker.changed("").tickets) is counts
    tracker.close()


def test_a_note_answers_its_thread(tracker: MailTracker, inbox: Folder, post: Post) -> None:
    inbox.add(content(written()))
    vendor = {"References": f"<{FIRST}>", "Date": "Mon, 23 Nov 2026 10:00:00 +0000"}
    inbox.add(content(written("2@example.net", sender="vendor@example.net", headers=vendor)))
    tracker.write_note(tracker.read(FIRST), note("It is the mta: stat is missing."), None)
    ((recipients, mail),) = post.mails
    assert recipients == ["vendor@example.net", "anna@example.com"]
    assert mail["From"] == "campaign-rules <diagnosis@example.com>"
    assert mail["Subject"] == "Re: mta is down"
    assert mail["In-Reply-To"] == "<2@example.net>"
    assert mail["References"] == f"<{FIRST}> <2@example.net>"
    assert mail["Auto-Submitted"] == "auto-replied"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert "It is the mta: stat is missing." in part.get_content()
    ticket = tracker.read(FIRST)
    assert ticket.revision == "7:2"
    assert [digest for _, digest in standing(ticket.messages)] == [
        note("It is the mta: stat is missing.").digest
    ]


def test_a_later_note_says_what_it_replaces(tracker: MailTracker, inbox: Folder, post: Post) -> None:
    inbox.add(content(written()))
    for text in ("one", "two", "one"):
        ticket = tracker.read(FIRST)
        before = standing(ticket.messages)
        tracker.write_note(ticket, note(text), before[-1][0] if before else None)
    assert len({mail["Message-ID"] for _, mail in post.mails}) == 3
    plain = post.mails[1][1].get_body(("plain",))
    assert plain is not None
    assert plain.get_content().startswith("This takes the place of our note of 20")
    found = [digest for _, digest in standing(tracker.read(FIRST).messages)]
    assert found == [note(text).digest for text in ("one", "two", "one")]


def test_a_reply_to_our_note_is_of_the_same_thread(
    tracker: MailTracker, inbox: Folder, imap: ImapServer
) -> None:
    inbox.add(content(written()))
    tracker.write_note(tracker.read(FIRST), note("a"), None)
    ours = message_from_bytes(imap.folders["Sent"].mails[0].content)["Message-ID"]
    inbox.add(content(written("2@example.com", headers={"In-Reply-To": ours})))
    assert [one.key for one in tracker.changed("7:1").tickets] == [FIRST]
    assert [one.own for one in tracker.read(FIRST).messages].count(True) == 1


def test_a_note_that_is_among_the_sent_ones_is_not_sent_again(
    tracker: MailTracker, settings: MailSettings, inbox: Folder, post: Post
) -> None:
    inbox.add(content(written()))
    ticket = tracker.read(FIRST)
    tracker.write_note(ticket, note("a"), None)
    restarted = MailTracker(settings)
    restarted.write_note(ticket, note("a"), None)
    restarted.close()
    assert len(post.mails) == 1


def test_a_note_whose_copy_was_not_filed_is_filed_and_not_sent_again(
    tracker: MailTracker, inbox: Folder, imap: ImapServer, post: Post
) -> None:
    inbox.add(content(written()))
    ticket = tracker.read(FIRST)
    imap.refusals["APPEND"] = ["NO [UNAVAILABLE] later", "DROP"]
    with pytest.raises(TrackerError) as caught:
        tracker.write_note(ticket, note("a"), None)
    assert caught.value.temporary
    tracker.write_note(ticket, note("a"), None)
    assert (len(post.mails), len(imap.folders["Sent"].mails)) == (1, 1)


def test_a_connection_that_breaks_before_the_copy_is_filed_does_no_harm(
    tracker: MailTracker, inbox: Folder, imap: ImapServer, post: Post
) -> None:
    inbox.add(content(written()))
    imap.refusals["APPEND"] = ["DROP"]
    tracker.write_note(tracker.read(FIRST), note("a"), None)
    assert (len(post.mails), len(imap.folders["Sent"].mails)) == (1, 1)


def test_a_thread_that_never_ends_is_not_read(
    tracker: MailTracker, inbox: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign_rules.tickets.connectors.mail.MOST_MAILS", 3)
    inbox.add(content(written()))
    for number in range(3):
        inbox.add(content(written(f"{number}@example.com", headers={"References": f"<{FIRST}>"})))
    with pytest.raises(TrackerError, match="more than 3 mails"):
        tracker.read(FIRST)


def test_a_note_that_may_be_sent_twice_has_the_same_id(
    tracker: MailTracker, settings: MailSettings, inbox: Folder, imap: ImapServer, post: Post
) -> None:
    """The window that is left: a crash after the server took the mail, before the copy is filed."""
    inbox.add(content(written()))
    ticket = tracker.read(FIRST)
    imap.refusals["APPEND"] = ["DROP", "DROP"]
    with pytest.raises(TrackerError):
        tracker.write_note(ticket, note("a"), None)
    restarted = MailTracker(settings)
    restarted.write_note(ticket, note("a"), None)
    restarted.close()
    assert len({mail["Message-ID"] for _, mail in post.mails}) == 1


@pytest.mark.parametrize(
    ("answer", "temporary"), [("451 later", True), ("550 no", False), ("421 later", True)]
)
def test_what_the_smtp_server_refuses_is_told(
    tracker: MailTracker, inbox: Folder, imap: ImapServer, post: Post, answer: str, temporary: bool
) -> None:
    inbox.add(content(written()))
    post.answers = [answer]
    with pytest.raises(TrackerError, match=answer[:3]) as caught:
        tracker.write_note(tracker.read(FIRST), note("a"), None)
    assert caught.value.temporary is temporary
    assert "anna" not in str(caught.value)
    assert not imap.folders["Sent"].mails


def test_labels_are_keywords(tracker: MailTracker, inbox: Folder, imap: ImapServer) -> None:
    inbox.add(content(written()))
    tracker.edit(tracker.read(FIRST), Edits(labels_added=frozenset({"campaign-diagnosed", "a"})))
    tracker.edit(tracker.read(FIRST), Edits(labels_removed=frozenset({"a"})))
    assert tracker.read(FIRST).labels == {"campaign-diagnosed"}
    imap.keywords = False
    with pytest.raises(TrackerError, match="keeps no keywords"):
        tracker.edit(tracker.read(FIRST), Edits(labels_added=frozenset({"b"})))
    with pytest.raises(TrackerError, match="no queues"):
        tracker.edit(tracker.read(FIRST), Edits(queue="mta"))


@pytest.mark.parametrize(
    ("command", "answer", "temporary", "match"),
    [
        ("LOGIN", "NO [AUTHENTICATIONFAILED] no", False, "check user and password"),
        ("LOGIN", "NO [UNAVAILABLE] no", True, "login was refused"),
        ("EXAMINE", "NO [NONEXISTENT] no", False, "is there such a folder"),
        ("SEARCH", "DROP", True, "no connection"),
        ("SEARCH", "BAD what", False, "searching"),
        ("FETCH", "NO [SERVERBUG] no", True, "refused"),
    ],
)
def test_what_the_imap_server_refuses_is_told(
    tracker: MailTracker,
    inbox: Folder,
    imap: ImapServer,
    command: str,
    answer: str,
    temporary: bool,
    match: str,
) -> None:
    inbox.add(content(written()))
    imap.refusals[command] = [answer]
    with pytest.raises(TrackerError, match=match) as caught:
        tracker.changed("")
    assert caught.value.temporary is temporary
    assert "127.0.0.1" in str(caught.value)
    assert "a-password" not in str(caught.value)
    assert len(tracker.changed("").tickets) == 1


def test_a_connection_that_went_away_between_calls_is_opened_again(
    tracker: MailTracker, imap: ImapServer
) -> None:
    tracker.changed("")
    imap.refusals["NOOP"] = ["DROP"]
    tracker.changed("")
    assert imap.commands.count("LOGIN") == 2


def test_certificates_of_unknown_authorities_are_refused(settings: MailSettings, inbox: Folder) -> None:
    stranger = MailTracker(evolve(settings, ca=""))
    with pytest.raises(TrackerError, match="certificate cannot be verified") as caught:
        stranger.changed("")
    assert not caught.value.temporary


def test_starttls_is_used_where_it_is_asked_for(settings: MailSettings, context: ssl.SSLContext) -> None:
    for server in serving(ImapServer(context=context, starttls=True)):
        server.folders["INBOX"].add(content(written()))
        tracker = MailTracker(evolve(settings, imap_port=server.port, imap_tls="starttls"))
        assert len(tracker.changed("").tickets) == 1
        assert server.commands.index("STARTTLS") < server.commands.index("LOGIN")
        tracker.close()


def test_no_password_goes_to_a_server_without_starttls(settings: MailSettings) -> None:
    for server in serving(ImapServer()):
        tracker = MailTracker(evolve(settings, imap_port=server.port, imap_tls="starttls"))
        with pytest.raises(TrackerError, match="no STARTTLS") as caught:
            tracker.changed("")
        assert not caught.value.temporary
        assert "LOGIN" not in server.commands


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"senders": ()}, "who gets answers"),
        ({"senders": ("example.com",)}, "nor a domain such as @example.com"),
        ({"senders": ("@",)}, "nor a domain"),
        ({"address": "diagnosis"}, "address"),
        ({"imap_host": "imap.example.com", "imap_tls": "none"}, "this machine only"),
        ({"smtp_host": "smtp.example.com", "smtp_tls": "none"}, "this machine only"),
    ],
)
def test_unsafe_settings_are_refused(changes: dict[str, Any], match: str) -> None:
    given: dict[str, Any] = {
        "address": "a@example.com",
        "senders": ("@example.com",),
        "imap_host": "localhost",
        "smtp_host": "localhost",
        "user": "a",
        "password": "a-password",
    }
    assert "a-password" not in repr(MailSettings(**given))
    with pytest.raises(InputError, match=match):
        MailSettings(**given | changes)


def read(raw: bytes, *, whole: bool = True) -> Any:
    mail = MailMessage.from_bytes(raw)
    title_of(mail)
    return message_of(mail, head_of(mail), whole=whole, own=False)


def test_html_is_read_where_there_is_no_plain_text() -> None:
    mail = written(text=" ")
    mail.add_alternative("<p>The <b>mta</b><br>is down</p>", subtype="html")
    assert read(content(mail)).text == "The mta\nis down"


def test_lines_that_the_mail_program_broke_are_whole_again() -> None:
    mail = written(text="x")
    mail.set_content("2026-11-23 09:40:12 a very \nlong line\n> quoted \n> words\n-- \nAnna\n")
    mail.set_param("format", "flowed")
    assert read(content(mail)).text == ("2026-11-23 09:40:12 a very long line\n> quoted words\n-- \nAnna\n")


def test_an_attached_mail_is_one_attachment() -> None:
    mail = written()
    mail.add_attachment(written("inner@example.com", text="inner words"))
    message = read(content(mail))
    assert "inner words" not in message.text
    (attached,) = message.attachments
    assert attached.name.endswith(".eml")
    assert b"inner words" in attached.content


def test_a_wrong_charset_loses_no_letters() -> None:
    raw = content(written()).replace(b"No e-mail", b"Perch\xe9").replace(b'"utf-8"', b'"x-unknown"')
    assert read(raw).text.startswith("Perché")


def test_a_mail_that_is_too_large_is_read_at_its_beginning(
    tracker: MailTracker, inbox: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign_rules.tickets.connectors.mail.LARGEST", 400_000)
    mail = written()
    mail.add_attachment(b"x" * 400_000, maintype="text", subtype="plain", filename="mta.log")
    inbox.add(content(mail))
    (message,) = tracker.read(FIRST).messages
    assert message.text.startswith("No e-mail leaves.")
    assert message.text.endswith("(mta.log was not read: the mail is too large)")
    assert message.attachments == ()


HEADERS = [
    b"From: ",
    b"Subject: ",
    b"Date: ",
    b"Message-ID: ",
    b"References: ",
    b"Content-Type: ",
    b"Received: ",
]
VALUES = [
    b"=?utf-8?b?a?=",
    b"=?x?q?=ff?=",
    b"text/plain; charset=x; format=flowed",
    b"multipart/mixed; boundary=a",
    b"message/rfc822",
    b"Mon, 99 Nov 2026",
    b'"a" <a@b> <>,,',
    b"\xff\xfe",
]


@given(
    st.lists(
        st.tuples(st.sampled_from(HEADERS), st.sampled_from(VALUES) | st.binary(max_size=20)), max_size=6
    ),
    st.lists(st.sampled_from([b"--a\r\n", b"--a--\r\n", b"\r\n", b"words \r\n", *HEADERS]), max_size=8),
    st.booleans(),
)
def test_no_mail_is_too_broken_to_be_read(
    headers: list[tuple[bytes, bytes]], body: list[bytes], whole: bool
) -> None:
    raw = b"".join(name + value + b"\r\n" for name, value in headers) + b"\r\n" + b"".join(body)
    message = read(raw, whole=whole)
    assert message.written.tzinfo
    message.text.encode()
