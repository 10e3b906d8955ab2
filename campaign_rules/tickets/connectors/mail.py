"""Tickets by plain e-mail: a thread is a ticket, and a note is an answer to it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.connectors.mail_content import Head, message_of, title_of
from campaign_rules.tickets.connectors.mail_folders import Folders
from campaign_rules.tickets.connectors.mail_sending import note_id, note_mail, send
from campaign_rules.tickets.connectors.mail_settings import MailSettings as MailSettings
from campaign_rules.tickets.note import Note
from campaign_rules.tickets.ticket import Message, Ticket
from campaign_rules.tickets.tracker import Changed, Changes, Edits

MOST_MAILS = 500
"""Mails of the longest thread that is read."""

LARGEST, TOGETHER = 28_000_000, 80_000_000
"""Bytes of the largest mail that is read whole (a file of 20 MB, in base64), and of all mails of a thread."""

_PAGE = 100
_ASKED_TOGETHER = 8
_DEEPEST = 20

_log = logging.getLogger(__name__)


class MailTracker:
    """A mailbox. The key of a ticket is the Message-ID of its first mail, its revision the newest UID."""

    rewrites = False

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._folders = Folders(settings)
        self._unfiled: dict[str, bytes] = {}

    def changed(self, position: str) -> Changes:
        """Return the threads with mails since `position`, which is UIDVALIDITY and the last UID."""
        self._folders.refresh()
        validity = self._folders.select(self._settings.folder)
        before, _, last = position.partition(":")
        start = int(last) if before == str(validity) and last.isdecimal() else 0
        uids = [uid for uid in self._folders.search(f"UID {start + 1}:*") if uid > start][:_PAGE]
        heads = list(self._folders.heads(uids))
        wanted = [head for head in heads if self._wanted(head)]
        if len(wanted) < len(heads):
            automatic = sum(head.automatic for head in heads)
            _log.info("%d mails passed over, %d of them automatic", len(heads) - len(wanted), automatic)
        newest = {self._first(head): f"{validity}:{head.uid}" for head in wanted}
        tickets = tuple(Changed(key, revision) for key, revision in newest.items())
        return Changes(tickets, f"{validity}:{max(uids, default=start)}")

    def read(self, key: str) -> Ticket:
        """Return a thread: the mails of those who get answers, and our own from the folder of sent mails."""
        self._folders.refresh()
        received, sent = self._thread(key)
        if not received:
            raise TrackerError("no mail of this thread is in the folder any more")
        validity = self._folders.select(self._settings.folder)
        title, messages, left = "", [], TOGETHER
        for head in sorted(received.values(), key=lambda head: (head.id != key, head.uid)):
            left -= head.size
            message, subject = self._message(head, whole=head.size <= LARGEST and left >= 0, own=False)
            messages.append(message)
            title = title or subject
        self._folders.select(self._settings.sent)
        messages += [self._message(head, whole=True, own=True)[0] for head in sent.values()]
        return Ticket(
            key=key,
            revision=f"{validity}:{max(head.uid for head in received.values())}",
            title=title,
            messages=tuple(sorted(messages, key=lambda message: (message.id != key, message.written))),
            labels=frozenset().union(*(head.flags for head in received.values())),
        )

    def write_note(self, ticket: Ticket, note: Note, replaces: Message | None) -> None:
        """Answer the thread, unless the same answer is among the sent mails.

        A copy is filed after the server took the mail. Between the two, and while the server takes it, a
        crash makes the mail go out again, with the same Message-ID, by which many receiving systems drop the
        second. The other order would lose it.
        """
        name = note_id(self._settings, ticket.key, note, replaces)
        if name not in self._unfiled:
            self._folders.refresh()
            self._folders.select(self._settings.sent)
            if any(head.id == name for head in self._found([name])):
                return
            writers = [message.author for message in reversed(ticket.messages) if not message.own]
            recipients = tuple(dict.fromkeys(one for one in writers if self._settings.welcomes(one)))
            if not recipients:
                raise TrackerError("nobody in this thread gets answers any more")
            mail = note_mail(self._settings, ticket, note, replaces, recipients).as_bytes()
            send(self._settings, mail, recipients)
            self._unfiled[name] = mail
        self._file(self._unfiled[name])
        del self._unfiled[name]

    def edit(self, ticket: Ticket, edits: Edits) -> None:
        """Set labels as keywords of the mails. There are no queues and fields in a mailbox."""
        if edits.queue or edits.fields:
            raise TrackerError("a mailbox has no queues and fields: take them out of the configuration")
        self._folders.refresh()
        received, _ = self._thread(ticket.key)
        self._folders.select(self._settings.folder, writable=True)
        uids = [head.uid for head in received.values()]
        self._folders.mark(uids, edits.labels_added, on=True)
        self._folders.mark(uids, edits.labels_removed, on=False)

    def close(self) -> None:
        """Give the connection back."""
        self._folders.close()

    def _file(self, mail: bytes) -> None:
        """Put a copy of a mail among the sent ones, by a second connection if the first one breaks."""
        try:
            self._folders.append(self._settings.sent, mail)
        except TrackerError as error:
            if not error.temporary:
                raise
            self._folders.append(self._settings.sent, mail)

    def _wanted(self, head: Head) -> bool:
        """Tell whether a mail is from somebody who gets answers, and not from a machine."""
        genuine = True
        if self._settings.authenticated_by:
            by, _, results = head.results.casefold().partition(";")
            genuine = by.strip() == self._settings.authenticated_by.casefold() and "dmarc=pass" in results
        return bool(head.id) and genuine and not head.automatic and self._settings.welcomes(head.sender)

    def _first(self, head: Head) -> str:
        """Return the Message-ID of the first mail of the thread that a mail is in."""
        for _ in range(_DEEPEST):
            if not head.answers:
                return head.id
            parent = head.answers[0]
            known = None if len(head.answers) > 1 else self._find(parent)
            if known is None or known.id == head.id:
                return parent
            head = known
        return head.id

    def _find(self, name: str) -> Head | None:
        for folder in (self._settings.sent, self._settings.folder):
            self._folders.select(folder)
            for head in self._found([name]):
                if head.id == name:
                    return head
        return None

    def _thread(self, key: str) -> tuple[dict[str, Head], dict[str, Head]]:
        """Return the mails of a thread by their ids, those received and those sent."""
        received: dict[str, Head] = {}
        sent: dict[str, Head] = {}
        waiting, asked = [key], {key}
        while waiting:
            part, waiting = waiting[:_ASKED_TOGETHER], waiting[_ASKED_TOGETHER:]
            for folder, found in ((self._settings.folder, received), (self._settings.sent, sent)):
                self._folders.select(folder)
                for head in self._found(part):
                    ours = bool(head.id) and head.sender.casefold() == self._settings.address.casefold()
                    if ours if found is sent else self._wanted(head):
                        found.setdefault(head.id, head)
                    if head.id and head.id not in asked:
                        waiting.append(head.id)
                        asked.add(head.id)
            if len(asked) > MOST_MAILS:
                raise TrackerError(f"this thread has more than {MOST_MAILS} mails")
        return received, sent

    def _found(self, names: list[str]) -> Iterator[Head]:
        """Yield the mails in the folder that are or answer one of `names`."""
        headers = ("Message-ID", "References", "In-Reply-To")
        terms = [f'HEADER {header} "{name}"' for name in names for header in headers]
        criteria = " ".join(f"OR {term}" for term in terms[:-1]) + f" {terms[-1]}"
        for head in self._folders.heads(self._folders.search(criteria.strip())):
            if not {head.id, *head.answers}.isdisjoint(names):
                yield head

    def _message(self, head: Head, *, whole: bool, own: bool) -> tuple[Message, str]:
        mail = self._folders.mail(head.uid, whole=whole)
        if mail is None:
            raise TrackerError("a mail of this thread was just removed", temporary=True)
        return message_of(mail, head, whole=whole, own=own), title_of(mail)
