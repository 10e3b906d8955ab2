"""Tickets of Roundup: its issues, by way of the REST API."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import field, frozen
from attrs.validators import in_

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.connectors.roundup_properties import (
    different,
    ids_of,
    missing,
    moment,
    name_of,
    named,
    unlisted,
)
from campaign_rules.tickets.connectors.roundup_rest import RoundupRest
from campaign_rules.tickets.connectors.roundup_thread import FILE_FIELDS, MESSAGE_FIELDS, thread
from campaign_rules.tickets.note import Markup, Note, rendered
from campaign_rules.tickets.ticket import Message, Ticket
from campaign_rules.tickets.tracker import Changed, Changes, Edits

_PAGE = 100
_ATTEMPTS = 8
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_NEEDED = ("title", "messages", "files", "creator", "creation")
_PARTS = frozenset(("id", "messages", "files"))
# How long a change may need until others see it, and how far the clocks of several servers may differ.
_OVERLAP = timedelta(seconds=60)


@frozen(kw_only=True)
class RoundupSettings:
    """How to reach a tracker of Roundup, and what its properties mean.

    `url` is the tracker's address, as `web` in the [tracker] section of its config.ini has it. `user` is the
    name of the account; with `token`, a JSON Web Token that the tracker accepts, the account it is for, and
    no `password` is needed. `query` restricts what is watched: values by property of the issue, as the REST
    API takes them. Labels are the items of class `label_class` in the property `label_property`; `queue` is
    the property that tells whose work an issue is ("" for none). An issue is closed in `closed_statuses`.
    `markup` is "plain", or "markdown" where the tracker's templates show messages so. A request may take
    `timeout_seconds`. Of attachments, only those up to `attachment_bytes` are read.
    """

    url: str
    user: str
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    query: Mapping[str, str] = field(factory=dict)
    label_property: str = "keyword"
    label_class: str = "keyword"
    queue: str = ""
    closed_statuses: tuple[str, ...] = ("resolved", "done-cbb")
    markup: str = field(default="plain", validator=in_((Markup.PLAIN, Markup.MARKDOWN)))
    timeout_seconds: float = 30.0
    attachment_bytes: int = 20_000_000


class RoundupTracker:
    """A tracker of Roundup 2.5 or later, by way of one account; see :class:`Tracker`.

    Its notes are messages. Each issue has one message made by us, which is found by its message id even if
    the process died, or the reply was lost, before it was attached to the issue: no second one is made.
    """

    rewrites = True

    def __init__(self, settings: RoundupSettings) -> None:
        self._settings = settings
        self._rest = RoundupRest(
            settings.url, settings.user, settings.password, settings.token, settings.timeout_seconds
        )
        self._names: tuple[str, ...] = ()

    def changed(self, position: str) -> Changes:
        """Return the issues that changed since `position`, the earliest change first.

        Roundup tells times in whole seconds, and many issues may have the same. Therefore a position is a
        time somewhat before the last one seen, and the revisions of the issues that changed since then.
        Roundup keeps no trace of a change of a message's text alone, and its pages do not offer one.
        """
        since, given = _read_position(position)
        size = len(given) + _PAGE
        search = {"@sort": "activity,id", "@page_size": size, **self._settings.query}
        if since:
            # Without separators it is UTC for Roundup; otherwise it is in the time zone of the account.
            search["activity"] = f"{since:%Y%m%d%H%M%S};"
        ids = self._rest.find("issue", search)
        rows = {row["id"]: row for row in self._rest.items("issue", ids, self._fields(ids))}
        times = {number: moment(row["activity"]) for number, row in rows.items()}
        if not times:
            return Changes((), position)
        # More may follow a full page. What changes meanwhile leaves it, and must not tell how far it reached.
        reached = times.keys() if len(ids) < size else times.keys() & self._rest.find("issue", search)
        since = max(
            since or _LONG_AGO, max((times[number] for number in reached), default=_LONG_AGO) - _OVERLAP
        )
        revisions = {
            number: _revision(rows[number], self._names)
            for number in sorted(times, key=lambda number: (times[number], int(number)))
        }
        recent = {number: revision for number, revision in revisions.items() if times[number] >= since}
        return Changes(
            tuple(
                Changed(number, revision)
                for number, revision in revisions.items()
                if given.get(number) != revision
            ),
            json.dumps({"since": since.isoformat(), "given": recent}),
        )

    def read(self, key: str) -> Ticket:
        """Return an issue with its messages and files."""
        attributes = _visible("issue", self._rest.item("issue", _number(key)).attributes, _NEEDED)
        self._names = self._names or tuple(sorted(attributes))
        messages = self._rest.items("msg", ids_of(attributes["messages"]), MESSAGE_FIELDS, verbose=3)
        files = self._rest.items("file", ids_of(attributes["files"]), FILE_FIELDS)
        settings = self._settings
        return Ticket(
            key=key,
            revision=_revision(attributes, self._names),
            title=str(attributes["title"]),
            messages=thread(
                attributes,
                [_visible("msg", row, MESSAGE_FIELDS) for row in messages],
                [_visible("file", row, FILE_FIELDS) for row in files],
                lambda number: self._rest.content(number, settings.attachment_bytes),
                settings.user,
            ),
            labels=frozenset(name_of(label) for label in attributes.get(settings.label_property) or ()),
            queue=name_of(attributes.get(settings.queue)),
            fields={name: name_of(value) for name, value in attributes.items() if name not in _PARTS},
            closed=name_of(attributes.get("status")) in settings.closed_statuses,
            url=f"{settings.url.rstrip('/')}/issue{key}",
        )

    def write_note(self, ticket: Ticket, note: Note, replaces: Message | None) -> None:
        """Write the note: in place of the text of `replaces`, or as a message of the issue."""
        key = _number(ticket.key)
        text = str(rendered(note, Markup(self._settings.markup)))
        if replaces is not None:
            self._rewrite(replaces.id, text)
            return
        made = self._rest.find(
            "msg", {"messageid:": _message_id(key, self._settings.user), "creator": self._settings.user}
        )
        if made:
            number = made[0]
            self._rewrite(number, text)
        else:
            number = self._new_message(key, text)
        self._change("issue", key, "add", lambda now: missing("messages", (number,), now))

    def edit(self, ticket: Ticket, edits: Edits) -> None:
        """Set properties, and add or remove single items of lists; a label that is not there yet is made."""
        key, labels = _number(ticket.key), self._settings.label_property
        values = dict(edits.fields)
        if edits.queue:
            if not self._settings.queue:
                raise TrackerError("there is no queue: name a property of the issue as `queue` of Roundup")
            values[self._settings.queue] = edits.queue
        if values:
            self._change("issue", key, "replace", lambda now: different(values, now))
            self._change("issue", key, "add", lambda now: unlisted(values, now))
        if edits.labels_added:
            added = tuple(self._label(name) for name in sorted(edits.labels_added))
            self._change("issue", key, "add", lambda now: missing(labels, added, now))
        if edits.labels_removed:
            self._change("issue", key, "remove", lambda now: named(labels, edits.labels_removed, now))

    def close(self) -> None:
        """Give back connections."""
        self._rest.close()

    def _fields(self, ids: Collection[str]) -> tuple[str, ...]:
        """Return the names of all properties of an issue, as one of `ids` has them."""
        for number in ids:
            self._names = self._names or tuple(sorted(self._rest.item("issue", number).attributes))
        return self._names

    def _label(self, name: str) -> str:
        """Return the id of a label, which is made where it is missing."""
        kind, search = self._settings.label_class, {"name:": name}
        found = self._rest.find(kind, search)
        if found:
            return found[0]
        try:
            return self._rest.create(kind, {"name": name})
        except TrackerError:
            found = self._rest.find(kind, search)  # somebody else may have made it meanwhile
            if not found:
                raise
            return found[0]

    def _new_message(self, key: str, text: str) -> str:
        """Make a message that is on no issue yet, and return its id."""
        user = self._settings.user
        ours = {"author": user, "date": ".", "messageid": _message_id(key, user), "type": "text/markdown"}
        number = self._rest.create("msg", {**ours, "content": text})
        creator = name_of(self._rest.item("msg", number).attributes.get("creator"))
        if creator != user:  # then it would not be found again
            raise TrackerError(
                f"{self._rest.host}: this is the login of {creator!r}, and not of {user!r} as `user` says"
            )
        return number

    def _rewrite(self, number: str, text: str) -> None:
        def values(now: Mapping[str, Any]) -> dict[str, object]:
            summary = {"summary": text.partition("\n")[0]} if "summary" in now else {}
            return {"content": text, **summary}

        self._change("msg", number, "replace", values)

    def _change(
        self,
        kind: str,
        number: str,
        operation: str,
        values: Callable[[Mapping[str, Any]], Mapping[str, object]],
    ) -> None:
        """Change an item by what `values` makes of its present state, anew if others did meanwhile."""
        for _ in range(_ATTEMPTS):
            item = self._rest.item(kind, number)
            wanted = values(item.attributes)
            if not wanted or self._rest.patch(kind, item, operation, wanted):
                return
        raise TrackerError(
            f"{self._rest.host}: others changed {kind} {number} {_ATTEMPTS} times meanwhile", temporary=True
        )


def _number(key: str) -> str:
    if not re.fullmatch(r"[0-9]+", key):
        raise TrackerError(f"{key!r} is not the number of an issue of Roundup")
    return key


def _visible(kind: str, item: Mapping[str, Any], names: Iterable[str]) -> Mapping[str, Any]:
    """Return `item`, of which Roundup leaves out what the account may not view."""
    hidden = ", ".join(name for name in names if name not in item)
    if hidden:
        raise TrackerError(
            f"the account may not view {hidden} of {kind} {item['id']}: give it this permission"
        )
    return item


def _message_id(key: str, user: str) -> str:
    """Return the message id of the note on an issue: always the same one."""
    return f"<issue{key}.{re.sub(r'[^A-Za-z0-9_.-]', '_', user)}@campaign-rules.invalid>"


def _revision(attributes: Mapping[str, Any], names: Iterable[str]) -> str:
    """Return a digest of all properties."""
    values = json.dumps({name: attributes.get(name) for name in names}, sort_keys=True)
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def _read_position(position: str) -> tuple[datetime | None, dict[str, str]]:
    if not position:
        return None, {}
    try:
        read = json.loads(position)
        return datetime.fromisoformat(read["since"]), dict(read["given"])
    except (ValueError, KeyError, TypeError):
        raise TrackerError(f"{position[:80]!r} is not a position in the changes of Roundup") from None
