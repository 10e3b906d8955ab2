"""A server that keeps tickets and answers in the shapes of Zammad's documentation, as far as it is asked.

Sources: "Introduction", "Tickets", "Articles", "Tags", "States" and "User" of the REST API in Zammad's
documentation. As in Zammad, attributes that it does not know are left out without a word.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.tickets.connectors.vendor_app import VendorApp

TOKEN = "zammad-secret-token"
BOT, ANNA = 3, 10
NAMES = {BOT: "Campaign Bot", ANNA: "Anna Rossi <anna@example.com>"}
GROUPS = {"Sales": 1, "Delivery": 2}
STATES = {"open": "open", "solved": "closed", "merged": "merged"}


class ZammadServer(VendorApp):
    """The tickets of two groups. The account is Campaign Bot, an agent unless it is told otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.agent = True
        self.tickets: dict[int, dict[str, Any]] = {}
        self.articles: dict[int, dict[str, Any]] = {}
        self.tags: dict[int, list[str]] = {}
        self.files: dict[int, bytes] = {}
        self.now = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)

    def routes(self) -> list[Route]:
        api = "/api/v1"
        return [
            Route(f"{api}/users/me", self.me),
            Route(f"{api}/ticket_states", self.states),
            Route(f"{api}/tickets/search", self.search, methods=["POST"]),
            Route(f"{api}/tickets/{{ticket:int}}", self.ticket, methods=["GET", "PUT"]),
            Route(f"{api}/ticket_articles/by_ticket/{{ticket:int}}", self.thread),
            Route(f"{api}/ticket_articles", self.create, methods=["POST"]),
            Route(f"{api}/ticket_attachment/{{ticket:int}}/{{article:int}}/{{file:int}}", self.download),
            Route(f"{api}/tags", self.tagged),
            Route(f"{api}/tags/{{change:str}}", self.tag, methods=["DELETE", "POST"]),
        ]

    def add(self, body: str = "No mail leaves.", content_type: str = "text/plain", **values: Any) -> int:
        """Put a ticket with one article there, with `values` in place of the usual ones; return its id."""
        number = len(self.tickets) + 1
        self.tags[number] = []
        self.tickets[number] = {
            "id": number,
            "number": f"22{number:03}",
            "title": "No mail leaves",
            "group_id": 1,
            "group": "Sales",
            "state_id": 2,
            "state": "open",
            "priority": "2 normal",
            "note": None,
            "preferences": {},
            "module": "",
            "areas": [],
            "article_count": 1,
        }
        self.say(number, body, content_type=content_type)
        self.tickets[number] |= values
        return number

    def say(self, ticket: int, body: str, user: int = ANNA, **values: Any) -> dict[str, Any]:
        """Add an article to a ticket and return it."""
        self.now += timedelta(milliseconds=1)
        number = len(self.articles) + 30
        self.articles[number] = {
            "id": number,
            "ticket_id": ticket,
            "from": NAMES[user],
            "content_type": "text/plain",
            "body": body,
            "internal": False,
            "created_by_id": user,
            "created_at": self.stamp(),
            "attachments": [],
            "type": "email",
            "sender": "Customer",
        } | values
        self.tickets[ticket]["updated_at"] = self.stamp()
        return self.articles[number]

    def attach(self, article: dict[str, Any], name: str, content: bytes) -> int:
        """Put a file at an article and return its id."""
        number = len(self.files) + 1
        self.files[number] = content
        entry = {"id": number, "filename": name, "size": str(len(content)), "preferences": {}}
        article["attachments"].append(entry)
        return number

    def stamp(self) -> str:
        return f"{self.now:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"

    def _refused(self, request: Request) -> Response | None:
        if request.headers.get("Authorization") == f"Token token={TOKEN}":
            return None
        return JSONResponse({"error": "Invalid token!", "error_human": "Invalid token!"}, 401)

    async def me(self, request: Request) -> Response:
        user = {"id": BOT, "login": "bot@example.com", "firstname": "Campaign", "lastname": "Bot"}
        return self._refused(request) or JSONResponse(user)

    async def states(self, request: Request) -> Response:
        found = [{"name": name, "state_type": kind} for name, kind in STATES.items()]
        assert request.query_params["expand"] == "true"
        return self._refused(request) or JSONResponse(found)

    async def search(self, request: Request) -> Response:
        asked = await request.json()
        condition = asked["condition"]["ticket.updated_at"]
        assert condition["operator"] == "after (absolute)"
        assert (asked["sort_by"], asked["order_by"], asked["expand"]) == ("updated_at,id", "asc,asc", True)
        found = [ticket for ticket in self.tickets.values() if ticket["updated_at"] >= condition["value"]]
        found.sort(key=lambda ticket: (ticket["updated_at"], ticket["id"]))
        size = min(asked["per_page"], 200)
        begin = (asked["page"] - 1) * size
        return self._refused(request) or JSONResponse(found[begin : begin + size])

    async def ticket(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        ticket = self.tickets.get(request.path_params["ticket"])
        if ticket is None:
            return JSONResponse({"error": "Couldn't find Ticket"}, 404)
        if request.method == "PUT":
            changes = await request.json()
            if changes.get("group", "Sales") not in GROUPS:
                return JSONResponse({"error": "No lookup value found for 'group'"}, 422)
            ticket |= {name: value for name, value in changes.items() if name in ticket}
        else:
            assert request.query_params["expand"] == "true"
        return JSONResponse(ticket)

    async def thread(self, request: Request) -> Response:
        number = request.path_params["ticket"]
        found = [article for article in self.articles.values() if article["ticket_id"] == number]
        # The documentation promises no order.
        return self._refused(request) or JSONResponse(found[::-1])

    async def create(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        wanted = await request.json()
        number = wanted.pop("ticket_id")
        if not self.agent:
            wanted |= {"internal": False, "sender": "Customer"}
        return JSONResponse(self.say(number, wanted.pop("body"), BOT, **wanted), 201)

    async def download(self, request: Request) -> Response:
        ticket, article, file = (request.path_params[name] for name in ("ticket", "article", "file"))
        listed = [entry["id"] for entry in self.articles[article]["attachments"]]
        if self.articles[article]["ticket_id"] != ticket or file not in listed:
            return JSONResponse({"error": "Not authorized"}, 403)
        return self._refused(request) or Response(self.files[file])

    async def tagged(self, request: Request) -> Response:
        assert request.query_params["object"] == "Ticket"
        number = int(request.query_params["o_id"])
        return self._refused(request) or JSONResponse({"tags": self.tags[number]})

    async def tag(self, request: Request) -> Response:
        if refused := self._refused(request):
            return refused
        asked = await request.json()
        tags = self.tags[asked["o_id"]]
        if (request.method, request.path_params["change"]) == ("POST", "add"):
            tags.append(asked["item"])
        else:
            tags.remove(asked["item"])
        return JSONResponse(True, 201)
