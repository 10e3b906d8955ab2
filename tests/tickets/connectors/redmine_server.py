"""A server that keeps issues and answers in the shapes of Redmine's wiki, as far as the connector asks.

Sources: "Rest_Issues", "Rest_IssueJournals", "Rest_Users", "Rest_Roles", "Rest_IssueCategories" and
"Rest_Attachments" in Redmine's wiki. As in Redmine, what an account may not write is left out without a word.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.tickets.connectors.vendor_app import VendorApp

KEY = "5f2c-the-api-key"
BOT = {"id": 5, "name": "Campaign Bot"}
ANNA = {"id": 7, "name": "Anna Rossi"}
PROJECT = {"id": 1, "name": "Operations"}
LABELS = ["campaign-diagnosed", "campaign-question", "urgent"]


class RedmineServer(VendorApp):
    """The issues of one project. The account is Campaign Bot, in a role with `rights`.

    If it is `public`, anybody may read the issues.
    """

    def __init__(self) -> None:
        super().__init__()
        self.public = False
        self.rights = {"add_issue_notes", "set_notes_private"}
        self.issues: dict[int, dict[str, Any]] = {}
        self.files: dict[int, bytes] = {}
        self.now = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
        self._journals = 100

    def routes(self) -> list[Route]:
        return [
            Route("/users/current.json", self.account),
            Route("/roles/{role:int}.json", self.role),
            Route("/issues.json", self.listing),
            Route("/issues/{issue:int}.json", self.issue, methods=["GET"]),
            Route("/issues/{issue:int}.json", self.update, methods=["PUT"]),
            Route("/journals/{journal:int}.json", self.rewrite, methods=["PUT"]),
            Route("/projects/{project:int}/issue_categories.json", self.categories),
            Route("/attachments/download/{file:int}", self.download),
        ]

    def add(self, **values: Any) -> dict[str, Any]:
        """Put an issue there, with `values` in place of the usual ones, and return it."""
        self.now += timedelta(seconds=1)
        number = len(self.issues) + 1
        issue = {
            "id": number,
            "project": PROJECT,
            "tracker": {"id": 1, "name": "Support"},
            "status": {"id": 1, "name": "New", "is_closed": False},
            "priority": {"id": 4, "name": "Normal"},
            "author": ANNA,
            "subject": "No mail leaves",
            "description": "The mta stopped.\r\nSince 9:40.",
            "custom_fields": [],
            "created_on": self.stamp(),
            "updated_on": self.stamp(),
            "attachments": [],
            "journals": [],
        } | values
        self.issues[number] = issue
        return issue

    def say(self, issue: dict[str, Any], user: dict[str, Any], notes: str, **values: Any) -> dict[str, Any]:
        """Add a journal to an issue and return it."""
        self.now += timedelta(seconds=1)
        self._journals += 1
        issue["updated_on"] = self.stamp()
        journal = {"id": self._journals, "user": user, "notes": notes, "created_on": self.stamp()}
        issue["journals"].append(journal | {"private_notes": False, "details": []} | values)
        return issue["journals"][-1]

    def attach(self, issue: dict[str, Any], name: str, content: bytes) -> int:
        """Put a file at an issue and return its id."""
        number = len(self.files) + 1
        self.files[number] = content
        url = f"https://elsewhere.example.org/attachments/download/{number}/{name}"
        entry = {"id": number, "filename": name, "filesize": len(content), "content_url": url}
        issue["attachments"].append(entry)
        return number

    def stamp(self) -> str:
        return f"{self.now:%Y-%m-%dT%H:%M:%SZ}"

    def _refused(self, request: Request, *, reading: bool = False) -> Response | None:
        """Return the answer to somebody without the key, who may only read what is public."""
        known = request.headers.get("X-Redmine-API-Key") == KEY
        return None if known or (self.public and reading) else Response(status_code=401)

    async def account(self, request: Request) -> Response:
        membership = {"id": 1, "project": PROJECT, "roles": [{"id": 3, "name": "Bot"}]}
        user = {"id": BOT["id"], "login": "bot", "admin": False, "memberships": [membership]}
        return self._refused(request) or JSONResponse({"user": user})

    async def role(self, request: Request) -> Response:
        role = {"id": 3, "name": "Bot", "permissions": sorted(self.rights)}
        return self._refused(request) or JSONResponse({"role": role})

    async def listing(self, request: Request) -> Response:
        asked = request.query_params
        assert asked["sort"] == "updated_on,id"
        begin = datetime.fromisoformat(asked.get("updated_on", ">=2000-01-01T00:00:00Z").removeprefix(">="))
        found = [
            {name: value for name, value in issue.items() if name not in ("journals", "attachments")}
            for issue in self.issues.values()
            if datetime.fromisoformat(issue["updated_on"]) > begin - timedelta(seconds=1)
            and (asked["status_id"] == "*" or not issue["status"]["is_closed"])
        ]
        found.sort(key=lambda issue: (issue["updated_on"], issue["id"]))
        offset, limit = int(asked["offset"]), min(int(asked["limit"]), 100)
        page = {"issues": found[offset : offset + limit], "total_count": len(found)}
        refused = self._refused(request, reading=True)
        return refused or JSONResponse(page | {"offset": offset, "limit": limit})

    async def issue(self, request: Request) -> Response:
        found = self.issues.get(request.path_params["issue"])
        if refused := self._refused(request, reading=True):
            return refused
        if found is None:
            return Response(status_code=404)
        included = request.query_params.get("include", "").split(",")
        hidden = {"journals", "attachments"} - set(included)
        # As for an account that wants the latest first.
        shown = {name: value for name, value in found.items() if name not in hidden}
        return JSONResponse({"issue": shown | {"journals": found["journals"][::-1]}})

    async def update(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        issue = self.issues[request.path_params["issue"]]
        changes = (await request.json())["issue"]
        for field in changes.get("custom_fields", ()):
            values = field["value"] if isinstance(field["value"], list) else []
            if not set(values) <= set(LABELS):
                return JSONResponse({"errors": ["Labels is not included in the list"]}, 422)
            held = next(entry for entry in issue["custom_fields"] if entry["id"] == field["id"])
            held["value"] = field["value"]
        if "category_id" in changes:
            issue["category"] = {"id": changes["category_id"], "name": "Delivery"}
        private = bool(changes.get("private_notes")) and "set_notes_private" in self.rights
        notes = changes.get("notes", "") if "add_issue_notes" in self.rights else ""
        if notes or len(changes) == 1:
            self.say(issue, BOT, notes, private_notes=private)
        return Response(status_code=204)

    async def rewrite(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        for issue in self.issues.values():
            for journal in issue["journals"]:
                if journal["id"] == request.path_params["journal"]:
                    if journal["user"] != BOT:
                        return Response(status_code=403)
                    journal["notes"] = (await request.json())["journal"]["notes"]
                    return Response(status_code=204)
        return Response(status_code=404)

    async def categories(self, request: Request) -> Response:
        found = [{"id": 9, "project": PROJECT, "name": "Delivery"}]
        return self._refused(request) or JSONResponse({"issue_categories": found, "total_count": 1})

    async def download(self, request: Request) -> Response:
        return self._refused(request) or Response(self.files[request.path_params["file"]])
