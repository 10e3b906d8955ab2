"""Redmine 5.0 and later, by its REST API, by way of the client `python-redmine`.

Sources are the pages "Rest_api", "Rest_Issues", "Rest_IssueJournals", "Rest_IssueCategories", "Rest_Users",
"Rest_Roles" and "Rest_Attachments" of Redmine's wiki, and for rights and time stamps the code of Redmine 5.0
to 6.1 (app/models/issue.rb, journal.rb and query.rb).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from attrs import field, frozen
from redminelib import Redmine

from campaign_rules.errors import InputError, TrackerError, did_you_mean
from campaign_rules.tickets.connecting import PATH
from campaign_rules.tickets.connectors.cursor import Row, changes_since
from campaign_rules.tickets.connectors.files import File, with_files
from campaign_rules.tickets.connectors.redmine_fields import CustomFields
from campaign_rules.tickets.connectors.redmine_issue import Raw, name_of, thread
from campaign_rules.tickets.connectors.transport import HttpError, Transport, bounded, mount
from campaign_rules.tickets.note import Markup, Note, rendered, standing
from campaign_rules.tickets.ticket import Message, Ticket
from campaign_rules.tickets.tracker import Changes, Edits

_PAGE = 100
_RESERVED = frozenset(("include", "key", "limit", "nometa", "offset", "query_id", "sort", "updated_on"))
# Redmine tells times by the second: within one, a ticket can change twice and look the same.
_SETTLED = timedelta(seconds=2)


@frozen(kw_only=True)
class RedmineSettings:
    """Where Redmine is, and what of it is watched.

    url: the address of Redmine, with its path if it has one.
    key: the API access key of the account.
    filters: which issues are watched, as parameters of ``GET /issues.json``, such as ``project_id: ops``; all
        issues that the account may see without one, closed ones too.
    markup: the server's text formatting: "markdown" (also for CommonMark) or "textile".
    private: the note is a private one, which only roles with the right to see private notes read.
    label_field: the custom field for labels, by name or id: a list with multiple values, or a text.
    ca: a file with certificates of authorities, for a server with a certificate of your own.
    """

    url: str
    key: str = field(repr=False)
    filters: Mapping[str, str] = field(factory=dict)
    markup: str = "markdown"
    private: bool = True
    label_field: str = ""
    ca: str = field(default="", metadata=PATH)

    def __attrs_post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).netloc:
            raise InputError("redmine: url is the whole address, such as https://redmine.example.com")
        if not self.key:
            raise InputError("redmine: key is empty")
        if self.markup not in (Markup.MARKDOWN, Markup.TEXTILE):
            raise InputError(f"redmine: markup is markdown or textile, not {self.markup!r}")
        for name in sorted(_RESERVED & self.filters.keys()):
            raise InputError(f"redmine: filters must not have {name}, tickets are watched as they change")


@contextmanager
def _understanding() -> Iterator[None]:
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        advice = "check that url leads to Redmine 5.0 or later"
        raise TrackerError(f"a reply of Redmine has not the documented shape; {advice}") from None


class RedmineTracker:
    """The issues of a Redmine. A note is a journal with notes, which is edited in place."""

    rewrites = True

    def __init__(self, settings: RedmineSettings) -> None:
        self._settings = settings
        self._url = settings.url.rstrip("/")
        self._client = Redmine(self._url, key=settings.key, requests={"verify": settings.ca or True})
        self._transport = _DatedTransport("Redmine", self._url)
        self._session: requests.Session = self._client.engine.session
        mount(self._session, self._transport)
        self._where = f"Redmine at {urlsplit(self._url).netloc}"
        self._me: Raw = {}

    @_understanding()
    def changed(self, position: str) -> Changes:
        """Return the tickets that changed, see Tracker."""
        # Every time: with a key that is no longer valid, a public Redmine answers as it does to anybody.
        self._me = self._account()
        return changes_since(position, self._list)

    @_understanding()
    def read(self, key: str) -> Ticket:
        """Return a ticket, see Tracker."""
        self._me = self._me or self._account()
        issue = self._issue(key, "journals", "attachments")
        revision = self._revision(issue["updated_on"])
        messages, files = thread(issue, self._me["id"])
        fields = CustomFields(issue.get("custom_fields") or ())
        label_field = self._settings.label_field
        core = {name: name_of(issue.get(name)) for name in ("project", "tracker", "status", "priority")}
        return Ticket(
            key=str(issue["id"]),
            revision=revision,
            title=issue["subject"] or "",
            messages=with_files(messages, files, self._fetch),
            labels=fields.labels(label_field) if label_field in fields else frozenset(),
            queue=name_of(issue.get("category")),
            fields=core | fields.texts(),
            closed=bool(issue["status"].get("is_closed")),
            url=f"{self._url}/issues/{issue['id']}",
        )

    @_understanding()
    def write_note(self, ticket: Ticket, note: Note, replaces: Message | None) -> None:
        """Write the note as a journal, or into the journal that it `replaces`, see Tracker."""
        text = rendered(note, Markup(self._settings.markup))
        if replaces is not None:
            try:
                self._client.issue_journal.update(replaces.id, notes=text)
                return
            except HttpError as error:
                if error.status != 404:  # else somebody deleted it
                    raise
        self._me = self._me or self._account()
        self._check_rights(ticket)
        self._client.issue.update(ticket.key, notes=text, private_notes=self._settings.private)
        issue = self._issue(ticket.key, "journals")
        messages, _ = thread(issue, self._me["id"])
        # What an account may not write, Redmine leaves out without a word.
        if note.digest not in {digest for _, digest in standing(messages)}:
            advice = "the account's role needs 'Add notes' for the trackers of these issues"
            raise TrackerError(f"{self._where} did not keep the note on {ticket.key}; {advice}")

    @_understanding()
    def edit(self, ticket: Ticket, edits: Edits) -> None:
        """Change labels, category and custom fields, see Tracker. What is already so is not written again."""
        issue = self._issue(ticket.key)
        fields = CustomFields(issue.get("custom_fields") or ())
        values = {fields.id_of(name): fields.value_for(name, text) for name, text in edits.fields.items()}
        if edits.labels_added or edits.labels_removed:
            values |= self._labels(fields, edits)
        changes: dict[str, Any] = {}
        others = [
            {"id": number, "value": value}
            for number, value in sorted(values.items())
            if value != fields.value(number)
        ]
        if others:
            changes["custom_fields"] = others
        if edits.queue and edits.queue != name_of(issue.get("category")):
            changes["category_id"] = self._category(issue["project"], edits.queue)
        if changes:
            self._client.issue.update(ticket.key, **changes)

    def close(self) -> None:
        """Give back connections."""
        self._session.close()

    def _account(self) -> Raw:
        account: Raw = self._client.user.get("current", include=["memberships"]).raw()
        return account

    def _issue(self, key: str, *include: str) -> Raw:
        wanted = {"include": list(include)} if include else {}
        issue: Raw = self._client.issue.get(key, **wanted).raw()
        return issue

    def _list(self, begins: datetime | None, rows: int) -> Iterator[Row]:
        since = {"updated_on": f">={begins:%Y-%m-%dT%H:%M:%SZ}"} if begins else {}
        wanted = {"status_id": "*", **self._settings.filters, **since, "sort": "updated_on,id"}
        offset, last = 0, None
        while True:
            page = [issue.raw() for issue in self._client.issue.filter(**wanted, limit=_PAGE, offset=offset)]
            if offset and (not page or page[0]["id"] != last):
                raise TrackerError("issues of Redmine changed while they were listed", temporary=True)
            for issue in page[1:] if offset else page:
                number, updated = str(issue["id"]), issue["updated_on"]
                yield Row(number, number, self._revision(updated), datetime.fromisoformat(updated))
            if len(page) < _PAGE:
                return
            # The last one again, as the first, shows that none has moved.
            offset, last = offset + _PAGE - 1, page[-1]["id"]

    def _revision(self, updated: str) -> str:
        """Return the time of the last change, marked while a further change may still have the same."""
        settled = self._transport.answered - datetime.fromisoformat(updated) >= _SETTLED
        return updated if settled else f"{updated}~"

    def _fetch(self, file: File, limit: int) -> bytes | None:
        # Not content_url: its host is what the server takes for its own, and errors would tell the name.
        return bounded(self._session.get(f"{self._url}/attachments/download/{file.id}", stream=True), limit)

    def _check_rights(self, ticket: Ticket) -> None:
        """Raise TrackerError where Redmine would make a private note a public one, without a word."""
        if not self._settings.private:
            return
        project = self._issue(ticket.key)["project"]
        if self._may_be_private(project["id"]):
            return
        self._me = self._account()
        if not self._may_be_private(project["id"]):
            advice = "give its role there 'Set notes as private', or set private: false"
            raise TrackerError(
                f"the account in {self._where} may not write private notes in {name_of(project)!r}; {advice}"
            )

    def _may_be_private(self, project: int) -> bool:
        """Tell whether the account has the right, which comes with a membership; administrators have all."""
        roles = [
            role["id"]
            for membership in self._me.get("memberships") or ()
            if membership["project"]["id"] == project
            for role in membership["roles"]
        ]
        return bool(self._me.get("admin")) or any("set_notes_private" in self._rights(role) for role in roles)

    def _rights(self, role: int) -> frozenset[str]:
        return frozenset(self._client.role.get(role).raw().get("permissions") or ())

    def _labels(self, fields: CustomFields, edits: Edits) -> dict[int, object]:
        name = self._settings.label_field
        if not name:
            raise TrackerError("Redmine has no labels; name a custom field for them in label_field")
        labels = (fields.labels(name) | edits.labels_added) - edits.labels_removed
        if labels == fields.labels(name):
            return {}
        return {fields.id_of(name): fields.value_for(name, *sorted(labels))}

    def _category(self, project: Raw, name: str) -> int:
        categories = {
            category.raw()["name"]: int(category.raw()["id"])
            for category in self._client.issue_category.filter(project_id=project["id"])
        }
        if name not in categories:
            hint = did_you_mean(name, categories)
            raise TrackerError(
                f"the project {name_of(project)!r} in {self._where} has no category {name!r}{hint}"
            )
        return categories[name]


class _DatedTransport(Transport):
    """Remembers the server's own time of its last reply."""

    answered = datetime.min.replace(tzinfo=UTC)

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:  # type: ignore[override]
        response = super().send(request, **how)
        try:
            self.answered = parsedate_to_datetime(response.headers["Date"])
        except (KeyError, ValueError):
            self.answered = datetime.now(UTC)
        return response
