"""Zammad, by its REST API, by way of the client `zammad_py`.

Sources are the pages "Introduction", "Tickets", "Articles", "Tags", "States" and "User" on the REST API in
Zammad's documentation. The rest is from its code: in ticket_articles_controller.rb, `internal` and the
highlighting of an article can be changed, not its text.
"""

from __future__ import annotations

import atexit
import html
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from attrs import field, frozen
from zammad_py import ZammadAPI

from campaign_rules.errors import InputError, TrackerError, did_you_mean
from campaign_rules.tickets.connecting import PATH
from campaign_rules.tickets.connectors.cursor import Row, changes_since
from campaign_rules.tickets.connectors.files import File, with_files
from campaign_rules.tickets.connectors.html_text import text_of_html
from campaign_rules.tickets.connectors.transport import Transport, bounded, mount
from campaign_rules.tickets.note import Markup, Note, rendered
from campaign_rules.tickets.ticket import Message, Ticket
from campaign_rules.tickets.tracker import Changes, Edits

_PAGE = 100
_CLOSED = frozenset(("closed", "merged", "removed"))

Raw = Mapping[str, Any]
"""A part of a reply of Zammad."""


@frozen(kw_only=True)
class ZammadSettings:
    """Where Zammad is. The tickets of all groups are watched that the account has access to.

    url: the address of Zammad, without ``/api/v1``.
    token: an access token of the account, with the permission ``ticket.agent``.
    internal: the note is for agents only.
    in_place_of: what a further note begins with, since Zammad changes no article; ``{written}`` becomes the
        time of the note before.
    ca: a file with certificates of authorities, for a server with a certificate of your own.
    """

    url: str
    token: str = field(repr=False)
    internal: bool = True
    in_place_of: str = "This note takes the place of the one of {written}."
    ca: str = field(default="", metadata=PATH)

    def __attrs_post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).netloc:
            raise InputError("zammad: url is the whole address, such as https://zammad.example.com")
        if "/api/" in f"{self.url}/":
            raise InputError("zammad: url is the address without /api/v1")
        if not self.token:
            raise InputError("zammad: token is empty")


@contextmanager
def _understanding() -> Iterator[None]:
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        advice = "check that url leads to Zammad"
        raise TrackerError(f"a reply of Zammad has not the documented shape; {advice}") from None


class ZammadTracker:
    """The tickets of a Zammad. A note is an article; a further one is added, as articles are not edited."""

    rewrites = False

    def __init__(self, settings: ZammadSettings) -> None:
        self._settings = settings
        self._url = settings.url.rstrip("/")
        self._client = ZammadAPI(url=f"{self._url}/api/v1/", http_token=settings.token)
        self._session: requests.Session = self._client.session
        # Without an `auth` of its own, requests puts what ~/.netrc says in place of the token.
        self._session.auth = lambda request: request
        self._session.verify = settings.ca or True
        self._transport = Transport("Zammad", self._url)
        mount(self._session, self._transport)
        self._where = f"Zammad at {urlsplit(self._url).netloc}"
        self._me: Raw = {}
        self._states: dict[str, str] = {}

    @_understanding()
    def changed(self, position: str) -> Changes:
        """Return the tickets that changed, see Tracker."""
        return changes_since(position, self._list)

    @_understanding()
    def read(self, key: str) -> Ticket:
        """Return a ticket, see Tracker."""
        self._me = self._me or self._client.user.me()
        # First the ticket, so that whatever comes in meanwhile has a later revision.
        ticket = self._ticket(key)
        found = self._client.ticket.articles(ticket["id"])
        articles = sorted(found, key=lambda article: (article["created_at"], article["id"]))
        tags = self._client.ticket.tags(ticket["id"])["tags"]
        messages = [self._message(article) for article in articles]
        listed = [
            _file(ticket["id"], article["id"], entry, message)
            for article, message in zip(articles, messages, strict=True)
            for entry in article.get("attachments") or ()
        ]
        return Ticket(
            key=str(ticket["id"]),
            revision=ticket["updated_at"],
            title=ticket["title"] or "",
            messages=with_files(messages, listed, self._fetch) if messages else (),
            labels=frozenset(tags),
            queue=ticket.get("group") or "",
            fields={name: _text(value) for name, value in ticket.items() if _told(name) and _text(value)},
            closed=self._state_type(ticket["state"]) in _CLOSED,
            url=f"{self._url}/#ticket/zoom/{ticket['id']}",
        )

    @_understanding()
    def write_note(self, ticket: Ticket, note: Note, replaces: Message | None) -> None:
        """Add the note as an article, which names the one that it `replaces`, see Tracker."""
        body = str(rendered(note, Markup.HTML))
        if replaces is not None:
            written = f"{replaces.written.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
            text = self._settings.in_place_of.replace("{written}", written)
            body = f"<p>{html.escape(text)}</p>\n{body}"
        article = self._client.ticket_article.create(
            {
                "ticket_id": int(ticket.key),
                "body": body,
                "content_type": "text/html",
                "type": "note",
                "sender": "Agent",
                "internal": self._settings.internal,
            }
        )
        if bool(article["internal"]) != self._settings.internal:
            advice = "it has to be an agent with full access to the group, not the customer"
            raise TrackerError(
                f"{self._where} showed the note to the customer, as the account is one; {advice}"
            )

    @_understanding()
    def edit(self, ticket: Ticket, edits: Edits) -> None:
        """Change tags, group and attributes, see Tracker. What is already so is not written again."""
        present = self._ticket(ticket.key)
        changes: dict[str, object] = {}
        if edits.queue and edits.queue != present.get("group"):
            changes["group"] = edits.queue
        for name, text in sorted(edits.fields.items()):
            # Zammad leaves out what it does not know, without a word.
            if name not in present:
                hint = did_you_mean(name, present)
                raise TrackerError(f"tickets of {self._where} have no attribute {name!r}{hint}")
            if _text(present[name]) != text:
                changes[name] = [text] if isinstance(present[name], list) else text
        if changes:
            self._client.ticket.update(present["id"], changes)
        if edits.labels_added or edits.labels_removed:
            tags = frozenset(self._client.ticket.tags(present["id"])["tags"])
            for tag in sorted(edits.labels_added - tags):
                self._client.ticket_tag.add(present["id"], tag)
            for tag in sorted(edits.labels_removed & tags):
                self._client.ticket_tag.remove(present["id"], tag)

    def close(self) -> None:
        """Give back connections."""
        self._session.close()
        atexit.unregister(self._session.close)

    def _ticket(self, key: str) -> Raw:
        """Return a ticket with the names of what it refers to, which the client's own method leaves out."""
        url = f"{self._client.ticket.url}/{int(key)}"
        ticket: Raw = self._session.get(url, params={"expand": "true"}).json()
        return ticket

    def _list(self, begins: datetime | None, rows: int) -> Iterator[Row]:
        since, page = begins or datetime.fromtimestamp(0, UTC), 1
        met: set[int] = set()
        before: list[int] = []
        while True:
            found = self._search(since, page)
            numbers = [ticket["id"] for ticket in found]
            if page > 1 and before != [ticket["id"] for ticket in self._search(since, page - 1)]:
                raise TrackerError("tickets of Zammad changed while they were listed", temporary=True)
            for ticket in found:
                updated = ticket["updated_at"]
                if ticket["id"] not in met:
                    yield Row(str(ticket["id"]), str(ticket["id"]), updated, datetime.fromisoformat(updated))
            met.update(numbers)
            if len(found) < _PAGE:
                return
            # A page counts rows, which move up when one before them changes: begin at the last one's time.
            newest = datetime.fromisoformat(found[-1]["updated_at"])
            since, page = (newest, 1) if newest > since else (since, page + 1)
            before = numbers

    def _search(self, since: datetime, page: int) -> Sequence[Raw]:
        """Return a page of the tickets that changed at `since` or later, the earliest first.

        A search by condition is answered from the database; one by query from an index, which is late.
        """
        value = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
        wanted: Any = {
            "condition": {"ticket.updated_at": {"operator": "after (absolute)", "value": value}},
            "sort_by": "updated_at,id",
            "order_by": "asc,asc",
            "page": page,
            "per_page": _PAGE,
            "expand": True,
        }
        found: Sequence[Raw] = self._session.post(f"{self._client.ticket.url}/search", json=wanted).json()
        return found

    def _message(self, article: Raw) -> Message:
        body = article.get("body") or ""
        text = text_of_html(body) if "html" in (article.get("content_type") or "") else body
        return Message(
            id=str(article["id"]),
            author=article.get("from") or article.get("created_by") or "",
            written=datetime.fromisoformat(article["created_at"]),
            text=text.replace("\r\n", "\n"),
            own=article["created_by_id"] == self._me["id"],
        )

    def _fetch(self, file: File, limit: int) -> bytes | None:
        return bounded(
            self._session.get(f"{self._url}/api/v1/ticket_attachment/{file.id}", stream=True), limit
        )

    def _state_type(self, state: str) -> str:
        if state not in self._states:
            states = self._client.ticket_state.all(filters={"per_page": _PAGE})
            self._states = {entry["name"]: entry["state_type"] for entry in states}
        return self._states.get(state, "")


def _file(ticket: int, article: int, raw: Raw, message: Message) -> File:
    number = f"{ticket}/{article}/{int(raw['id'])}"
    return File(number, raw["filename"], int(raw["size"]), message.author, message.written)


def _told(name: str) -> bool:
    """Tell whether an attribute says something to a reader, and not only refers or counts."""
    return not name.endswith(("_at", "_count", "_id", "_ids", "_in_min"))


def _text(value: object) -> str:
    """Return the value of an attribute as text: several separated by commas, nothing for what has parts."""
    if value is None or isinstance(value, Mapping):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
