"""The connector of Roundup against a real Roundup."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("the test server of Roundup is started as on Unix", allow_module_level=True)

pytest.importorskip("httpx")

from campaign_rules.errors import TrackerError
from campaign_rules.report.document import Paragraph, Span
from campaign_rules.tickets.connectors.roundup import RoundupSettings, RoundupTracker
from campaign_rules.tickets.connectors.roundup_rest import RoundupRest
from campaign_rules.tickets.note import Note, standing
from campaign_rules.tickets.tracker import Edits, Tracker
from tests.tickets.connectors.roundup_server import Person, RoundupServer, roundup_server, token

BOT = "campaign-bot"

Login = Callable[..., RoundupTracker]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RoundupServer]:
    with roundup_server(tmp_path_factory.mktemp("roundup")) as running:
        yield running


@pytest.fixture
def anna(server: RoundupServer) -> Iterator[Person]:
    with server.person("anna") as person:
        yield person


@pytest.fixture
def login(server: RoundupServer) -> Iterator[Login]:
    trackers = []

    def login(**settings: object) -> RoundupTracker:
        given = {"url": server.url, "user": BOT, "password": f"{BOT}-secret", **settings}
        trackers.append(RoundupTracker(RoundupSettings(**given)))  # type: ignore[arg-type]
        return trackers[-1]

    yield login
    for tracker in trackers:
        tracker.close()


@pytest.fixture
def bot(login: Login) -> RoundupTracker:
    return login()


def note(text: str) -> Note:
    return Note((Paragraph((Span(text),)),))


def all_changes(tracker: Tracker, position: str = "") -> tuple[list[dict[str, str]], str]:
    """Ask until nothing new comes, and return the revisions by key of each time."""
    rounds = []
    while True:
        changes = tracker.changed(position)
        position = changes.position
        if not changes.tickets:
            return rounds, position
        rounds.append({one.key: one.revision for one in changes.tickets})


def put(tracker: Tracker, key: str, text: str) -> bool:
    """Do as the worker does: write the note unless it stands already. Tells whether something was written."""
    ticket = tracker.read(key)
    notes = standing(ticket.messages)
    if notes and notes[0][1] == note(text).digest:
        return False
    tracker.write_note(ticket, note(text), notes[0][0] if notes else None)
    return True


def test_a_ticket_is_read_with_its_messages_and_attachments(bot: RoundupTracker, anna: Person) -> None:
    key = anna.open_issue(
        "Nessuna e-mail è partita", "Since 9:40 nothing leaves.", {"mta.log": "stat non è attivo\n".encode()}
    )
    image = anna.upload("console.png", bytes(range(256)), "image/png")
    anna.change(f"issue/{key}", "add", files=[image])
    assert isinstance(bot, Tracker)
    ticket = bot.read(key)
    (message,) = ticket.messages
    assert ticket.title == "Nessuna e-mail è partita"
    assert (message.author, message.text, message.own) == ("anna", "Since 9:40 nothing leaves.", False)
    assert message.written.tzinfo is not None
    assert {one.name: one.content for one in message.attachments} == {
        "mta.log": "stat non è attivo\n".encode(),
        "console.png": bytes(range(256)),
    }
    assert ticket.fields["status"] == "unread"
    assert ticket.url == f"{bot._settings.url}issue{key}"
    assert not ticket.closed


def test_a_file_belongs_to_the_message_that_names_it_or_else_to_that_of_the_same_person(
    bot: RoundupTracker, anna: Person, server: RoundupServer
) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.")
    with server.person("bruno") as bruno, server.person("admin") as admin:
        bruno.reply(key, "Here is the log.")
        log = bruno.upload("bruno.log", b"by bruno", "text/plain")
        named = anna.upload("pdump.txt", b"by anna", "text/plain")
        bruno.reply(key, "And what anna sent me.", files=[named])
        stray = admin.upload("stray.txt", b"by somebody without a message", "text/plain")
        bruno.change(f"issue/{key}", "add", files=[log, named, stray])
    first, second, third = bot.read(key).messages
    assert [one.name for one in first.attachments] == ["stray.txt"]
    assert [one.name for one in third.attachments if one.name != "bruno.log"] == ["pdump.txt"]
    assert "bruno.log" in {one.name for one in (*second.attachments, *third.attachments)}


def test_a_file_that_is_too_large_is_named_and_not_read(login: Login, anna: Person) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.", {"core.bin": bytes(2000), "mta.log": b"short"})
    (message,) = login(attachment_bytes=1000).read(key).messages
    assert [one.name for one in message.attachments] == ["mta.log"]
    assert message.text == "Nothing leaves.\n[core.bin: too large, or not readable, and left out]"


def test_an_issue_without_a_message_has_an_empty_description(bot: RoundupTracker, anna: Person) -> None:
    log = anna.upload("mta.log", b"stat does not answer", "text/plain")
    key = anna.make("issue", title="No mail", files=[log])
    for standing_notes in (0, 1):
        description, *others = bot.read(key).messages
        assert (description.author, description.text, description.own) == ("anna", "", False)
        assert [one.content for one in description.attachments] == [b"stat does not answer"]
        assert len(standing(others)) == len(others) == standing_notes
        put(bot, key, "stat is down")


def test_a_note_is_written_once_and_updated_in_place(bot: RoundupTracker, anna: Person) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.")
    assert put(bot, key, "stat is down")
    before = bot.read(key)
    assert not put(bot, key, "stat is down")
    assert bot.read(key) == before
    anna.reply(key, "stat runs, but the disk is full.")
    assert put(bot, key, "the disk is full")
    ticket = bot.read(key)
    assert [one.own for one in ticket.messages] == [False, True, False]
    ((message, digest),) = standing(ticket.messages)
    assert message.id == before.messages[1].id
    assert digest == note("the disk is full").digest
    assert "stat is down" not in message.text
    summary = anna.get(f"msg/{message.id}")["attributes"]["summary"]
    assert summary == "the disk is full"


def test_a_message_that_was_made_but_not_attached_is_used_and_not_made_again(
    bot: RoundupTracker, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.")
    ticket = bot.read(key)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(bot, "_change", dies)
        with pytest.raises(KeyboardInterrupt):
            bot.write_note(ticket, note("stat is down"), None)
    assert anna.texts(key) == ["Nothing leaves."]
    made = anna.get("msg", creator=BOT)["@total_size"]
    bot.write_note(ticket, note("the disk is full"), None)
    bot.write_note(ticket, note("the disk is full"), None)  # as after a reply that was lost
    assert anna.get("msg", creator=BOT)["@total_size"] == made
    assert [one.text.splitlines()[0] for one in bot.read(key).messages] == [
        "Nothing leaves.",
        "the disk is full",
    ]


def test_a_quoted_mark_or_a_message_under_our_name_is_no_note(bot: RoundupTracker, anna: Person) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.")
    put(bot, key, "stat is down")
    ((message, _),) = standing(bot.read(key).messages)
    forged = anna.make("msg", author=BOT, content=message.text)
    anna.change(f"issue/{key}", "add", messages=[forged])
    anna.reply(key, f"> {message.text}")
    assert [one.id for one, _ in standing(bot.read(key).messages)] == [message.id]


def test_labels_are_made_added_and_removed_and_fields_are_set(login: Login, anna: Person) -> None:
    bot = login(queue="assignedto")
    other = anna.make("keyword", name="billing")
    key = anna.open_issue("No mail", "Nothing leaves.", keyword=[other])
    edits = Edits(
        labels_added=frozenset(("campaign-diagnosed", "campaign-known")),
        labels_removed=frozenset(("billing", "never-there")),
        queue="bruno",
        fields={"priority": "urgent", "nosy": "anna"},
    )
    bot.edit(bot.read(key), edits)
    ticket = bot.read(key)
    assert ticket.labels == {"campaign-diagnosed", "campaign-known"}
    assert (ticket.queue, ticket.fields["priority"]) == ("bruno", "urgent")
    assert "anna" in ticket.fields["nosy"]
    bot.edit(ticket, edits)
    assert bot.read(key) == ticket, "nothing is written that is there already"


def test_a_property_that_is_not_there_is_told(bot: RoundupTracker, anna: Person) -> None:
    ticket = bot.read(anna.open_issue("No mail", "Nothing leaves."))
    with pytest.raises(TrackerError, match="Property module not found in class issue") as caught:
        bot.edit(ticket, Edits(fields={"module": "mta"}))
    assert not caught.value.temporary
    with pytest.raises(TrackerError, match="name a property of the issue as `queue`"):
        bot.edit(ticket, Edits(queue="Delivery"))


def test_what_others_change_between_our_read_and_our_write_survives(
    bot: RoundupTracker, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.")
    theirs = anna.make("keyword", name="outage")
    ticket, rest, interrupted = bot.read(key), bot._rest, []
    patch = rest.patch

    def late(kind: str, item: object, *rest_of: object) -> bool:
        if kind == "issue" and len(interrupted) < 2:
            interrupted.append(kind)
            anna.reply(key, f"Interruption {len(interrupted)}")
            anna.change(f"issue/{key}", "add", keyword=[theirs])
        return bool(patch(kind, item, *rest_of))  # type: ignore[arg-type]

    monkeypatch.setattr(rest, "patch", late)
    bot.write_note(ticket, note("stat is down"), None)
    interrupted.pop()
    bot.edit(ticket, Edits(labels_added=frozenset(("campaign-diagnosed",))))
    after = bot.read(key)
    assert after.labels == {"outage", "campaign-diagnosed"}
    assert sorted(one.text for one in after.messages if not one.own) == [
        "Interruption 1",
        "Interruption 2",
        "Interruption 2",
        "Nothing leaves.",
    ]
    assert len(standing(after.messages)) == 1


def test_people_and_the_bot_write_at_once_and_nothing_is_lost(
    bot: RoundupTracker, anna: Person, server: RoundupServer
) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.")

    def write(name: str) -> None:
        with server.person(name) as person:
            for number in range(5):
                person.reply(key, f"{name} {number}")

    threads = [threading.Thread(target=write, args=(name,)) for name in ("anna", "bruno")]
    for thread in threads:
        thread.start()
    for number in range(5):
        put(bot, key, f"state {number}")
        bot.edit(bot.read(key), Edits(labels_added=frozenset((f"step-{number}",))))
    for thread in threads:
        thread.join()
    ticket = bot.read(key)
    assert {one.text for one in ticket.messages if not one.own} == {
        "Nothing leaves.",
        *(f"{name} {number}" for name in ("anna", "bruno") for number in range(5)),
    }
    assert [one.text.splitlines()[0] for one in ticket.messages if one.own] == ["state 4"]
    assert ticket.labels == {f"step-{number}" for number in range(5)}


def test_every_change_comes_although_times_are_the_same(login: Login, server: RoundupServer) -> None:
    server.fill(230, "at once", "20261101094000.000")
    bot = login(query={"title": "at once"})
    rounds, position = all_changes(bot)
    assert [len(one) for one in rounds] == [100, 100, 30]
    found = {key: revision for one in rounds for key, revision in one.items()}
    assert len(found) == 230
    key = sorted(found)[7]
    assert found[key] == bot.read(key).revision
    bot.edit(bot.read(key), Edits(fields={"priority": "urgent"}))
    assert [one.key for one in bot.changed(position).tickets] == [key]
    assert bot.changed(bot.changed(position).position).tickets == ()


def test_a_ticket_that_changes_while_we_look_hides_no_other(
    login: Login, anna: Person, server: RoundupServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.fill(110, "busy", "20261102094000.000")
    bot, items = login(query={"title": "busy"}), RoundupRest.items
    changed: list[str] = []

    def slowly(rest: RoundupRest, kind: str, ids: Sequence[str], *others: Any) -> Iterator[Mapping[str, Any]]:
        if not changed:
            changed.append(ids[5])
            anna.change(f"issue/{ids[5]}", priority="urgent")
        return items(rest, kind, ids, *others)

    monkeypatch.setattr(RoundupRest, "items", slowly)
    rounds, _ = all_changes(bot)
    assert len({key for one in rounds for key in one}) == 110


def test_two_changes_within_a_second_and_a_late_one_both_come(
    bot: RoundupTracker, anna: Person, server: RoundupServer
) -> None:
    _, position = all_changes(bot)
    key = anna.open_issue("No mail", "Nothing leaves.")
    first = bot.changed(position)
    anna.change(f"issue/{key}", priority="urgent")
    second = bot.changed(first.position)
    assert [one.key for one in (*first.tickets, *second.tickets)] == [key, key]
    assert first.tickets[0].revision != second.tickets[0].revision == bot.read(key).revision
    moment = datetime.now(UTC) - timedelta(seconds=20)
    server.fill(1, "committed late", f"{moment:%Y%m%d%H%M%S}.000")
    assert len(bot.changed(second.position).tickets) == 1


def test_a_closed_ticket_says_so(bot: RoundupTracker, login: Login, anna: Person) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.")
    anna.change(f"issue/{key}", status="resolved")
    assert bot.read(key).closed
    assert not login(closed_statuses=("done-cbb",)).read(key).closed


def test_a_token_serves_in_place_of_the_password(login: Login, anna: Person, server: RoundupServer) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.")
    with server.person("admin") as admin:
        (account,) = admin.get("user", **{"username:": BOT})["collection"]
    bot = login(password="", token=token(server.url, account["id"]))
    assert put(bot, key, "stat is down")
    assert not put(login(), key, "stat is down"), "it is the note of the same account"
    with pytest.raises(TrackerError, match="401") as caught:
        login(password="", token=token(server.url, account["id"]) + "x").read(key)
    assert not caught.value.temporary


def test_a_token_of_another_account_writes_no_note(login: Login, anna: Person, server: RoundupServer) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.")
    with server.person("admin") as admin:
        (account,) = admin.get("user", **{"username:": "bruno"})["collection"]
    bot = login(password="", token=token(server.url, account["id"]))
    with pytest.raises(TrackerError, match="login of 'bruno', and not of 'campaign-bot'"):
        put(bot, key, "stat is down")
    assert anna.texts(key) == ["Nothing leaves."]


def test_what_the_account_may_not_do_is_told(login: Login, anna: Person) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.")
    watcher = login(user="watcher", password="watcher-secret")
    with pytest.raises(TrackerError, match=r"may not view content of msg [0-9]+: give it this permission"):
        watcher.read(key)
    ticket = login().read(key)
    with pytest.raises(
        TrackerError, match=r"403 to POST of keyword .*Permission to create keyword denied"
    ) as caught:
        watcher.edit(ticket, Edits(labels_added=frozenset(("never-made",))))
    assert not caught.value.temporary
    anna.make("keyword", name="made-by-anna")
    watcher.edit(ticket, Edits(labels_added=frozenset(("made-by-anna",))))
    assert login().read(key).labels == {"made-by-anna"}


def test_a_wrong_password_is_told_and_not_shown(login: Login, anna: Person) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.")
    bot = login(user="bruno", password="not-the-pass-word")
    assert "not-the-pass-word" not in repr(bot._settings)
    with pytest.raises(TrackerError, match=r"127\.0\.0\.1 answered 401 .*check user and password") as caught:
        bot.read(key)
    assert not caught.value.temporary
    assert "not-the-pass-word" not in str(caught.value)


def test_who_may_not_use_the_api_is_told_the_permission(login: Login) -> None:
    with pytest.raises(TrackerError, match=r"do not have permission to login.*Rest Access") as caught:
        login(user="guest", password="guest-secret").changed("")
    assert not caught.value.temporary


@pytest.mark.parametrize("key", ["999999", "abc", "../user/1", "1?@fields=password", ""])
def test_a_ticket_that_is_not_there_is_a_lasting_error(bot: RoundupTracker, key: str) -> None:
    with pytest.raises(TrackerError) as caught:
        bot.read(key)
    assert not caught.value.temporary


def test_an_address_that_is_none_of_roundup_is_told(login: Login, server: RoundupServer) -> None:
    with pytest.raises(TrackerError, match="check the address") as caught:
        login(url=f"{server.url}nowhere/").changed("")
    assert not caught.value.temporary
    with pytest.raises(TrackerError, match="begin with https://"):
        login(url="tracker.example.com/demo")


def test_an_address_that_is_not_the_one_in_config_ini_is_told(login: Login, server: RoundupServer) -> None:
    with pytest.raises(TrackerError, match=r"\[tracker\] section of the tracker's config.ini") as caught:
        login(url=server.url.replace("127.0.0.1", "localhost")).changed("")
    assert not caught.value.temporary


def test_while_the_server_is_down_errors_are_temporary_and_afterwards_nothing_is_doubled(
    bot: RoundupTracker, anna: Person, server: RoundupServer
) -> None:
    key = anna.open_issue("No mail", "Nothing leaves.")
    ticket = bot.read(key)
    bot.write_note(ticket, note("stat is down"), None)
    server.stop()
    try:
        for attempt in (lambda: bot.changed(""), lambda: bot.write_note(ticket, note("stat is down"), None)):
            with pytest.raises(TrackerError, match=r"127\.0\.0\.1 cannot be reached") as caught:
                attempt()
            assert caught.value.temporary
    finally:
        server.start()
    bot.write_note(ticket, note("stat is down"), None)
    assert len(standing(bot.read(key).messages)) == 1
    assert not put(bot, key, "stat is down")
