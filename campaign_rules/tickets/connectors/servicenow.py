"""ServiceNow by its Table and Attachment APIs, by way of its client `pysnc`.

Sources are ServiceNow's "Table API", "Attachment API" and "Journal field type". Comments and work notes are
rows of the table Journal Entry [sys_journal_field], which nobody can change; so a note is best kept in a
column of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from attrs import field, frozen
from pysnc import GlideRecord, ServiceNowClient
from requests.auth import HTTPBasicAuth

from campaign_rules.errors import InputError, TrackerError
from campaign_rules.tickets.connecting import PATH
from campaign_rules.tickets.connectors.cursor import Row as Listed
from campaign_rules.tickets.connectors.cursor import changes_since
from campaign_rules.tickets.connectors.files import File, with_files
from campaign_rules.tickets.connectors.html_text import text_of_html
from campaign_rules.tickets.connectors.servicenow_journal import entry_of, text_of_entry
from campaign_rules.tickets.connectors.servicenow_table import (
    TIME,
    Row,
    ServiceNowTransport,
    rows,
    shown,
    time,
    value,
)
from campaign_rules.tickets.connectors.transport import bounded, mount, understanding
from campaign_rules.tickets.note import Markup, Note, rendered, standing
from campaign_rules.tickets.ticket import Message, Ticket
from campaign_rules.tickets.tracker import Changes, Edits

_JOURNALS = ("comments", "work_notes")
_SYS_ID = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NOT_FIELDS = frozenset((*_JOURNALS, "comments_and_work_notes", "description", "short_description"))


@frozen(kw_only=True)
class ServiceNowSettings:
    """Where ServiceNow is, and what of it is watched.

    url: the address of the instance, with https.
    user, password: an account for this alone; basic authentication.
    table: the table of the tickets; it has a column `number`.
    query: an encoded query that selects tickets, such as ``assignment_group.name=Campaign``; empty: all.
    note_field: the column that holds the note, of type HTML; empty: each note is an entry of `journal`.
    note_markup: `markdown` if that column is of type String.
    journal: `work_notes`, or `comments`, which the caller sees.
    queue_field: the column that holds the queue. Groups are given by name or sys_id.
    closed_states: values of `state` that count as closed, besides an `active` that is false.
    ca: a file with certificates of authorities, for a proxy with a certificate of your own.
    """

    url: str
    user: str
    password: str = field(repr=False)
    table: str = "incident"
    query: str = ""
    note_field: str = ""
    note_markup: str = "html"
    journal: str = "work_notes"
    queue_field: str = "assignment_group"
    closed_states: tuple[str, ...] = ("6", "7", "8")
    ca: str = field(default="", metadata=PATH)

    def __attrs_post_init__(self) -> None:
        address = urlsplit(self.url)
        if address.scheme != "https" or not address.netloc or "@" in address.netloc:
            raise InputError("servicenow: url is the whole address, such as https://example.service-now.com")
        if not self.user or not self.password:
            raise InputError("servicenow: user and password are both needed")
        if "^NQ" in self.query or "ORDERBY" in self.query:
            raise InputError("servicenow: query must have neither ^NQ nor ORDERBY, more conditions follow it")
        if self.journal not in _JOURNALS:
            raise InputError(f"servicenow: journal is one of {', '.join(_JOURNALS)}, not {self.journal}")
        if self.note_markup not in (Markup.HTML, Markup.MARKDOWN):
            raise InputError(f"servicenow: note_markup is html or markdown, not {self.note_markup}")
        for name in (self.table, self.queue_field, *([self.note_field] if self.note_field else [])):
            if not _NAME.fullmatch(name):
                raise InputError(
                    f"servicenow: {name!r} is no name of a table or column; take it, not the label"
                )


class ServiceNowTracker:
    """The tickets of a table of ServiceNow, by their numbers."""

    rewrites = False

    def __init__(self, settings: ServiceNowSettings) -> None:
        self._settings = settings
        self._url = settings.url.rstrip("/")
        access = HTTPBasicAuth(settings.user.encode(), settings.password.encode())
        self._client = ServiceNowClient(self._url, auth=access, auto_retry=False)
        mount(self._client.session, ServiceNowTransport("ServiceNow", self._url, settings.ca))

    def changed(self, position: str) -> Changes:
        """Return the tickets that changed, see Tracker."""
        with understanding("ServiceNow's list of tickets"):
            return changes_since(position, self._list)

    def read(self, key: str) -> Ticket:
        """Return a ticket, see Tracker. The description counts as none of ours, whoever opened the ticket."""
        with understanding("a ticket of ServiceNow"):
            row = self._row(key)
            messages = (self._description(row), *self._journal(row), *self._kept_note(row))
            others = {name: value(row, name) for name in row if name not in _NOT_FIELDS}
            return Ticket(
                key=value(row, "number"),
                revision=_revision(row),
                title=value(row, "short_description"),
                messages=with_files(messages, self._files(value(row, "sys_id")), self._fetch),
                queue=shown(row, self._settings.queue_field),
                fields={name: text for name, text in others.items() if text},
                closed=value(row, "active") == "false" or value(row, "state") in self._settings.closed_states,
                url=f"{self._url}/{self._settings.table}.do?sys_id={value(row, 'sys_id')}",
            )

    def write_note(self, ticket: Ticket, note: Note, replaces: Message | None) -> None:
        """Write the note into its column, or add it to the journal, see Tracker.

        Raises:
            TrackerError: also if the column holds text that is no note, or ServiceNow did not keep the note.
        """
        with understanding("a ticket of ServiceNow"):
            if self._settings.note_field:
                self._keep_note(ticket.key, note)
            elif replaces is None or note.digest not in (digest for _, digest in standing([replaces])):
                self._write(ticket.key, {self._settings.journal: entry_of(note, replaces)}, note.digest)

    def edit(self, ticket: Ticket, edits: Edits) -> None:
        """Change queue and columns, see Tracker. What is already so is not written again.

        Raises:
            TrackerError: also for labels, which a ServiceNow record does not have.
        """
        if edits.labels_added or edits.labels_removed:
            raise TrackerError("records of ServiceNow have no labels; leave labels out, set fields instead")
        with understanding("a ticket of ServiceNow"):
            wanted = dict(edits.fields)
            if edits.queue:
                wanted[self._settings.queue_field] = self._queue(edits.queue)
            self._write(ticket.key, wanted)

    def close(self) -> None:
        """Give back connections."""
        self._client.session.close()

    def _list(self, begins: datetime | None, number: int) -> Iterator[Listed]:
        since = f"sys_updated_on>={begins:{TIME}}" if begins else ""
        query = "^".join(filter(None, (self._settings.query, since, "ORDERBYsys_updated_on")))
        columns = ("sys_id", "number", "sys_updated_on", "sys_mod_count")
        for row in rows(self._client, self._settings.table, query, columns, max(number, 1000)):
            yield Listed(
                value(row, "sys_id"), value(row, "number"), _revision(row), time(row, "sys_updated_on")
            )

    def _row(self, key: str) -> Row:
        table = self._settings.table
        found = list(rows(self._client, table, f"number={_plain(key)}", page=2))
        if len(found) != 1:
            reason = "it has several" if found else "there is none, or the account may not see it"
            raise TrackerError(f"{self._where()} has to have one {table} of number {key}: {reason}")
        return found[0]

    def _description(self, row: Row) -> Message:
        author = value(row, "sys_created_by")
        return Message("description", author, time(row, "sys_created_on"), value(row, "description"))

    def _journal(self, row: Row) -> list[Message]:
        query = f"element_id={value(row, 'sys_id')}^elementIN{','.join(_JOURNALS)}^ORDERBYsys_created_on"
        columns = ("sys_id", "sys_created_on", "sys_created_by", "value")
        messages = [self._entry(entry) for entry in rows(self._client, "sys_journal_field", query, columns)]
        if not messages and any(shown(row, journal) for journal in _JOURNALS):
            advice = "give its role read access to the table sys_journal_field"
            raise TrackerError(f"the account at {self._where()} sees no comments and work notes: {advice}")
        return messages

    def _entry(self, row: Row) -> Message:
        author = value(row, "sys_created_by")
        own = author.casefold() == self._settings.user.casefold()
        return Message(
            value(row, "sys_id"),
            author,
            time(row, "sys_created_on"),
            text_of_entry(value(row, "value")),
            own=own,
        )

    def _kept_note(self, row: Row) -> list[Message]:
        """Return what stands in the column for the note: ours if it has the mark."""
        column = self._settings.note_field
        if not column:
            return []
        text = value(row, column)
        if self._settings.note_markup == Markup.HTML:
            text = text_of_html(text)
        written = time(row, "sys_updated_on")
        message = Message(column, self._settings.user, written, text, own=True)
        if not text or standing([message]):
            return [message] if text else []
        return [Message(column, value(row, "sys_updated_by"), written, text)]

    def _keep_note(self, key: str, note: Note) -> None:
        column = self._settings.note_field
        if any(not message.own for message in self._kept_note(self._row(key))):
            advice = "empty it, or name another column in note_field"
            raise TrackerError(f"the column {column} of {key} holds text that is no note: {advice}")
        self._write(key, {column: str(rendered(note, Markup(self._settings.note_markup)))}, note.digest)

    def _write(self, key: str, wanted: dict[str, str], digest: str = "") -> None:
        """Write columns that have other values, and see that they were taken: ServiceNow does not tell."""
        record = GlideRecord(self._client, self._settings.table)
        record.get(value(self._row(key), "sys_id"))
        before = {column: record.get_value(column) for column in record.serialize()}
        missing = sorted(wanted.keys() - before.keys())
        if missing:
            table = self._settings.table
            raise TrackerError(f"{table} has no column {', '.join(missing)}, or the account may not see it")
        changed = [column for column, text in sorted(wanted.items()) if (before[column] or "") != text]
        for column in changed:
            record.set_value(column, wanted[column])
        if not changed:
            return
        record.update()
        for column in changed:
            kept = (
                digest in str(record.get_display_value(column))
                if digest
                else (record.get_value(column) != before[column])
            )
            if not kept:
                raise TrackerError(
                    f"ServiceNow did not take {column} of {key}: may the account write and read it?"
                )

    def _queue(self, name: str) -> str:
        """Return the value for the column of the queue: of a group its sys_id."""
        if self._settings.queue_field != "assignment_group" or _SYS_ID.fullmatch(name):
            return name
        groups = list(rows(self._client, "sys_user_group", f"name={_plain(name)}", ("sys_id",), page=2))
        if len(groups) != 1:
            reason = "several groups" if groups else "no group"
            raise TrackerError(f"{self._where()} has {reason} named {name}; give the sys_id")
        return value(groups[0], "sys_id")

    def _files(self, sys_id: str) -> Iterator[File]:
        attachments = self._client.Attachment(self._settings.table)
        attachments.add_query("table_sys_id", sys_id)
        for raw in self._client.attachment_api.list(attachments).json()["result"]:
            written = datetime.fromisoformat(f"{raw['sys_created_on']}+00:00")
            size = int(raw["size_bytes"])
            yield File(raw["sys_id"], raw["file_name"], size, raw["sys_created_by"], written)

    def _fetch(self, file: File, limit: int) -> bytes | None:
        return bounded(self._client.attachment_api.get_file(file.id), limit)

    def _where(self) -> str:
        return f"ServiceNow at {urlsplit(self._url).netloc}"


def _revision(row: Row) -> str:
    return f"{value(row, 'sys_updated_on')} {value(row, 'sys_mod_count')}"


def _plain(text: str) -> str:
    """Return `text` to stand in an encoded query, where ``^`` begins another condition."""
    if "^" in text:
        raise TrackerError("a number or a group with the character ^ cannot be looked up in ServiceNow")
    return text
