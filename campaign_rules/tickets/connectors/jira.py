"""Jira: Cloud by its REST API version 3, Data Center and Server by version 2, by way of the client `jira`.

Sources are Atlassian's "The Jira Cloud platform REST API" (v3: Issue search, Issues, Issue comments, Issue
attachments, Issue fields, Myself), "Jira Data Center REST API" and "Advanced search reference - JQL fields".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from attrs import field, frozen
from jira import JIRA

from campaign_rules.errors import InputError, TrackerError
from campaign_rules.tickets.connecting import PATH
from campaign_rules.tickets.connectors.adf_text import text_of_adf
from campaign_rules.tickets.connectors.cursor import changes_since
from campaign_rules.tickets.connectors.files import File, with_files
from campaign_rules.tickets.connectors.jira_fields import holds, text_for, value_for
from campaign_rules.tickets.connectors.jira_search import listing
from campaign_rules.tickets.connectors.transport import HttpError, Transport, bounded, mount, understanding
from campaign_rules.tickets.connectors.wiki_text import text_of_wiki
from campaign_rules.tickets.note import Markup, Note, rendered
from campaign_rules.tickets.ticket import Message, Ticket
from campaign_rules.tickets.tracker import Changes, Edits

_CLOUD = re.compile(r"(?:.+\.)?(?:atlassian\.net|jira\.com)|api\.atlassian\.com")
_ORDERED = re.compile(r"\border\s+by\b", re.IGNORECASE)
# What is read in calls of its own, or tells nothing.
_NOT_FIELDS = frozenset(("attachment", "comment", "description", "labels", "summary", "thumbnail", "worklog"))


@frozen(kw_only=True)
class JiraSettings:
    """Where Jira is, and what of it is watched.

    url: the address of Jira, with its context path if it has one.
    user: the e-mail address of the account in Jira Cloud; empty for Data Center with a personal access token.
    token: the API token of the account, or the personal access token.
    query: JQL that selects tickets, without an order, such as ``project = OPS``.
    internal: in Jira Service Management the note is for agents only.
    queue_field: the field that holds the queue, by id; of several components one is added.
    cloud: whether this is Jira Cloud; by default the name of the host tells.
    ca: a file with certificates of authorities, for a server with a certificate of your own.
    """

    url: str
    user: str = ""
    token: str = field(repr=False)
    query: str
    internal: bool = True
    queue_field: str = "components"
    cloud: bool | None = None
    ca: str = field(default="", metadata=PATH)

    def __attrs_post_init__(self) -> None:
        address = urlsplit(self.url)
        if address.scheme not in ("http", "https") or not address.netloc or "@" in address.netloc:
            raise InputError("jira: url is the whole address, such as https://example.atlassian.net")
        if not self.token:
            raise InputError("jira: token is empty")
        if not self.query.strip():
            raise InputError("jira: query selects the tickets to watch, such as project = OPS")
        if _ORDERED.search(self.query):
            raise InputError("jira: query must not have an ORDER BY, tickets are watched as they change")

    @property
    def is_cloud(self) -> bool:
        """Tell whether this is Jira Cloud, not Data Center or Server."""
        if self.cloud is not None:
            return self.cloud
        return bool(_CLOUD.fullmatch(urlsplit(self.url).hostname or ""))


class _JiraTransport(Transport):
    """Takes a refused token for what it is, and says which fields Jira did not accept."""

    def status(self, response: requests.Response) -> int:
        # Jira may serve a request with a wrong token as one of nobody.
        refused = "AUTHENTICATED_FAILED" in response.headers.get("X-Seraph-LoginReason", "")
        return 401 if refused and response.status_code < 500 else response.status_code

    def remark(self, response: requests.Response) -> str:
        if response.headers.get("X-Authentication-Denied-Reason", "").startswith("CAPTCHA"):
            return "log in once in a browser, Jira wants a CAPTCHA to be solved"
        try:
            refused = response.json().get("errors")
        except (AttributeError, requests.RequestException):
            return ""
        names = sorted(refused) if isinstance(refused, dict) else []
        return f"not accepted: {', '.join(names)}" if names else ""


class JiraTracker:
    """The tickets of a Jira. A note is a comment, which is edited in place."""

    rewrites = True

    def __init__(self, settings: JiraSettings) -> None:
        self._settings = settings
        self._url = settings.url.rstrip("/")
        self._cloud = settings.is_cloud
        access: dict[str, Any] = {"token_auth": settings.token}
        if settings.user:
            access = {"basic_auth": (settings.user.encode(), settings.token.encode())}
        options: dict[str, Any] = {"rest_api_version": "3" if self._cloud else "2"}
        self._client = JIRA(
            self._url, options=options, get_server_info=False, max_retries=0, logging=False, **access
        )
        self._client.deploymentType = "Cloud" if self._cloud else "Server"
        mount(self._client._session, _JiraTransport("Jira", self._url, settings.ca))
        self._me: Mapping[str, Any] = {}
        self._fields: dict[str, Mapping[str, Any]] = {}

    def changed(self, position: str) -> Changes:
        """Return the tickets that changed, see Tracker."""
        with understanding("Jira's list of tickets"):
            # Every time, because the account's time zone matters and may be changed meanwhile.
            self._me = self._client.myself()
            zone = str(self._me.get("timeZone") or "")
            return changes_since(position, listing(self._client, self._settings.query, zone))

    def read(self, key: str) -> Ticket:
        """Return a ticket, see Tracker. The description counts as none of ours, whoever wrote it."""
        with understanding("a ticket of Jira"):
            self._me = self._me or self._client.myself()
            raw = self._client.issue(key, fields="*all,-comment,-worklog").raw
            fields = raw["fields"]
            messages = (self._description(fields), *self._comments(raw["key"]))
            files = [_file(entry) for entry in fields.get("attachment") or ()]
            others = {name: text_for(value) for name, value in fields.items() if name not in _NOT_FIELDS}
            return Ticket(
                key=raw["key"],
                revision=fields["updated"],
                title=fields.get("summary") or "",
                messages=with_files(messages, files, self._fetch),
                labels=frozenset(fields.get("labels") or ()),
                queue=text_for(fields.get(self._settings.queue_field)),
                fields={name: text for name, text in others.items() if text},
                closed=fields["status"]["statusCategory"]["key"] == "done",
                url=f"{self._url}/browse/{raw['key']}",
            )

    def write_note(self, ticket: Ticket, note: Note, replaces: Message | None) -> None:
        """Write the note as a comment, or into the comment that it `replaces`, see Tracker."""
        body: Any = rendered(note, Markup.JIRA if self._cloud else Markup.WIKI)
        with understanding("a comment of Jira"):
            if replaces is None or not self._replace(ticket.key, replaces.id, body):
                self._client.add_comment(ticket.key, body, is_internal=self._settings.internal)

    def edit(self, ticket: Ticket, edits: Edits) -> None:
        """Change labels, queue and fields, see Tracker. What is already so is not written again."""
        with understanding("a ticket of Jira"):
            self._edit(ticket.key, edits)

    def close(self) -> None:
        """Give back connections."""
        self._client.close()  # type: ignore[no-untyped-call]

    def _replace(self, key: str, comment: str, body: Any) -> bool:
        """Write into a comment, or return False if somebody has deleted it."""
        try:
            found = self._client.comment(key, comment)
        except HttpError as error:
            if error.status != 404:
                raise
            return False
        # What Jira calls itself may be the address behind a proxy, and without the path before /rest.
        found.self = self._client._get_url(f"issue/{key}/comment/{comment}")
        found.update(body=body, is_internal=self._settings.internal)
        return True

    def _edit(self, key: str, edits: Edits) -> None:
        wanted, queue = dict(edits.fields), edits.queue
        if queue and self._settings.queue_field != "components":
            wanted[self._settings.queue_field], queue = queue, ""
        issue = self._client.issue(key, fields=",".join(("labels", "components", *sorted(wanted))))
        present = issue.raw["fields"]
        labels = frozenset(present.get("labels") or ())
        components = [text_for(component) for component in present.get("components") or ()]
        operations = {
            "labels": [{"add": label} for label in sorted(edits.labels_added - labels)]
            + [{"remove": label} for label in sorted(edits.labels_removed & labels)],
            "components": [{"add": {"name": queue}}] if queue and queue not in components else [],
        }
        values = {
            name: value_for(text, self._field(name), self._cloud)
            for name, text in sorted(wanted.items())
            if not holds(present.get(name), text, self._field(name), self._cloud)
        }
        update = {name: changes for name, changes in operations.items() if changes}
        if update or values:
            issue.self = self._client._get_url(f"issue/{key}")
            issue.update(fields=values, update=update)

    def _description(self, fields: Mapping[str, Any]) -> Message:
        author = fields.get("reporter") or fields.get("creator")
        written = datetime.fromisoformat(fields["created"])
        return Message("description", _name(author), written, self._text(fields.get("description")))

    def _comments(self, key: str) -> Iterator[Message]:
        met: set[str] = set()
        while True:
            page = self._client.comments(key, start_at=len(met), max_results=100, order_by="created")
            fresh = [comment.raw for comment in page if comment.raw["id"] not in met]
            for raw in fresh:
                yield self._comment(raw)
            met.update(raw["id"] for raw in fresh)
            if not fresh:
                return

    def _comment(self, raw: Mapping[str, Any]) -> Message:
        author = raw.get("author") or {}
        identity = "accountId" if self._cloud else "name"
        own = bool(author.get(identity)) and author.get(identity) == self._me.get(identity)
        written = datetime.fromisoformat(raw["created"])
        return Message(raw["id"], _name(author), written, self._text(raw.get("body")), own=own)

    def _text(self, body: object) -> str:
        return text_of_wiki(body) if isinstance(body, str) else text_of_adf(body)

    def _fetch(self, file: File, limit: int) -> bytes | None:
        if self._cloud:
            # Without the parameter, Jira sends one on to another host.
            url = f"{self._url}/rest/api/3/attachment/content/{file.id}?redirect=false"
        else:
            place = urlsplit(self._client.attachment(file.id).content)
            url = urlsplit(self._url)._replace(path=place.path, query=place.query).geturl()
        return bounded(self._client._session.get(url, stream=True, headers={"Accept": "*/*"}), limit)

    def _field(self, name: str) -> Mapping[str, Any]:
        if not self._fields:
            self._fields = {str(entry["id"]): entry for entry in self._client.fields()}
        if name not in self._fields:
            raise TrackerError(f"Jira has no field {name}; give its id, such as customfield_10010")
        return self._fields[name]


def _name(author: Mapping[str, Any] | None) -> str:
    return text_for({"name": (author or {}).get("displayName") or (author or {}).get("name")})


def _file(raw: Mapping[str, Any]) -> File:
    written = datetime.fromisoformat(raw["created"])
    return File(str(raw["id"]), raw["filename"], int(raw["size"]), _name(raw.get("author")), written)
