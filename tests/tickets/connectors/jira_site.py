"""A small Jira that keeps what is written: Cloud (REST version 3) or Data Center (version 2).

Shapes of requests and replies are those that Atlassian documents; ids, links and users are made up.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

BOT = {"accountId": "bot-1", "name": "bot", "displayName": "Triage Bot"}
ANNA = {"accountId": "anna-1", "name": "anna", "displayName": "Anna"}
TOKEN = "jira-secret-token"
ZONE = ZoneInfo("Australia/Sydney")
START = datetime(2026, 3, 2, 9, 0, 0, 123000, tzinfo=ZONE)
FIELDS = [
    {"id": "labels", "name": "Labels", "clauseNames": ["labels"]},
    {"id": "updated", "name": "Updated", "clauseNames": ["updated", "updatedDate"]},
    {"id": "customfield_1", "name": "Module", "schema": {"type": "option"}},
    {"id": "customfield_2", "name": "Cause", "schema": {"type": "string"}},
    {"id": "customfield_3", "name": "Certainty", "schema": {"type": "number"}},
    {"id": "customfield_4", "name": "Team", "schema": {"type": "option"}},
    {
        "id": "customfield_5",
        "name": "Why",
        "schema": {
            "type": "string",
            "custom": "com.atlassian.jira.plugin.system.customfieldtypes:textarea",
        },
    },
]
_BOUND = re.compile(
    r'^\((.*)\)(?: AND updated >= "(\d{4}-\d\d-\d\d \d\d:\d\d)")? ORDER BY updated ASC, key ASC$'
)

Fault = Callable[[Request], Response | None]


class JiraSite:
    """The state: issues by key, `asked` requests, and faults that come before the usual replies.

    With `loses_replies` what is written is kept, and the reply to it is lost.
    """

    def __init__(self, *, cloud: bool, page: int = 100) -> None:
        self.cloud = cloud
        self.page = page
        self.now = START
        self.issues: dict[str, dict[str, Any]] = {}
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.queries: list[str] = []
        self.faults: list[Fault] = []
        self.loses_replies = False
        self.anonymous = False

    def add(self, description: Any = None, *, at: datetime | None = None, **fields: Any) -> str:
        number = len(self.issues) + 1
        key = f"OPS-{number}"
        stamp = _stamp(at or self.now)
        self.issues[key] = {
            "id": str(10000 + number),
            "key": key,
            "fields": {
                "summary": f"Summary {number}",
                "description": description,
                "created": stamp,
                "updated": stamp,
                "reporter": ANNA,
                "labels": [],
                "components": [],
                "attachment": [],
                "status": {"name": "Open", "statusCategory": {"key": "new"}},
                **fields,
            },
            "comments": [],
        }
        return key

    def touch(self, key: str) -> None:
        self.now += timedelta(seconds=7)
        self.issues[key]["fields"]["updated"] = _stamp(self.now)

    def comment(self, key: str, body: Any, author: dict[str, Any] = ANNA) -> dict[str, Any]:
        self.touch(key)
        comments = self.issues[key]["comments"]
        made = {"id": f"{self.issues[key]['id']}-{len(comments) + 1}", "author": author, "body": body}
        made |= {"created": _stamp(self.now), "properties": []}
        comments.append(made)
        return made

    def attach(self, key: str, name: str, content: bytes, size: int | None = None) -> None:
        self.touch(key)
        number = str(500 + len(self.files))
        self.files[number] = content
        place = (
            f"attachment/content/{number}" if self.cloud else f"../../../secure/attachment/{number}/{name}"
        )
        self.issues[key]["fields"]["attachment"].append(
            {
                "id": number,
                "filename": name,
                "size": len(content) if size is None else size,
                "author": ANNA,
                "created": _stamp(self.now),
                "content": f"https://elsewhere.example/{place}",
            }
        )

    def bodies(self, key: str) -> list[Any]:
        return [comment["body"] for comment in self.issues[key]["comments"]]

    def app(self) -> Starlette:
        base = "/rest/api/3" if self.cloud else "/rest/api/2"
        routes = {
            ("GET", "/myself"): self._myself,
            ("GET", "/field"): lambda request: JSONResponse(FIELDS),
            ("GET", "/search/jql" if self.cloud else "/search"): self._search,
            ("GET", "/issue/{key}"): self._issue,
            ("PUT", "/issue/{key}"): self._edit,
            ("GET", "/issue/{key}/comment"): self._comments,
            ("POST", "/issue/{key}/comment"): self._add_comment,
            ("GET", "/issue/{key}/comment/{id}"): self._comment,
            ("PUT", "/issue/{key}/comment/{id}"): self._edit_comment,
            ("GET", "/attachment/{id}"): self._attachment,
            ("GET", "/attachment/content/{id}"): self._content,
        }
        made = [
            Route(base + path, self._guarded(answer), methods=[method])
            for (method, path), answer in routes.items()
        ]
        secure = Route("/secure/attachment/{id}/{name}", self._guarded(self._content))
        return Starlette(routes=[*made, secure])

    def _guarded(self, answer: Callable[..., Any]) -> Callable[[Request], Any]:
        async def guarded(request: Request) -> Response:
            self.asked.append(f"{request.method} {request.url.path}")
            for fault in self.faults:
                reply = fault(request)
                if reply is not None:
                    return reply
            if request.headers.get("authorization") != self._expected():
                if self.anonymous:
                    headers = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
                    return JSONResponse({"issues": [], "total": 0, "isLast": True}, headers=headers)
                return JSONResponse({"errorMessages": ["Client must be authenticated"]}, 401)
            body = await request.json() if request.method in ("POST", "PUT") else None
            if (key := request.path_params.get("key")) is not None and key not in self.issues:
                return JSONResponse({"errorMessages": ["Issue does not exist: secret words"]}, 404)
            if body is None:
                return answer(request)
            reply = answer(request, body)
            return Response(status_code=502) if self.loses_replies else reply

        return guarded

    def _expected(self) -> str:
        if self.cloud:
            return "Basic " + base64.b64encode(f"bot@example.com:{TOKEN}".encode()).decode()
        return f"Bearer {TOKEN}"

    def _myself(self, request: Request) -> Response:
        return JSONResponse({**BOT, "timeZone": str(ZONE)})

    def _search(self, request: Request) -> Response:
        self.queries.append(request.query_params["jql"])
        found = _BOUND.match(request.query_params["jql"])
        assert found is not None
        bound = datetime.strptime(found[2], "%Y-%m-%d %H:%M").replace(tzinfo=ZONE) if found[2] else None
        issues = sorted(
            (issue for issue in self.issues.values() if bound is None or _updated(issue) >= bound),
            key=lambda issue: (_updated(issue), int(issue["key"].split("-")[1])),
        )
        token = request.query_params.get("nextPageToken", "token-0")
        begin = int(token[6:]) if self.cloud else int(request.query_params.get("startAt", 0))
        end = begin + min(self.page, int(request.query_params["maxResults"]))
        rows = [
            {"id": issue["id"], "key": issue["key"], "fields": {"updated": issue["fields"]["updated"]}}
            for issue in issues[begin:end]
        ]
        if self.cloud:
            more = {"nextPageToken": f"token-{end}"} if end < len(issues) else {"isLast": True}
            return JSONResponse({"issues": rows, **more})
        return JSONResponse(
            {"issues": rows, "startAt": begin, "maxResults": end - begin, "total": len(issues)}
        )

    def _issue(self, request: Request) -> Response:
        issue = self.issues[request.path_params["key"]]
        return JSONResponse(
            {"id": issue["id"], "key": issue["key"], "self": _self(request), "fields": issue["fields"]}
        )

    def _edit(self, request: Request, body: dict[str, Any]) -> Response:
        key = request.path_params["key"]
        fields = self.issues[key]["fields"]
        unknown = sorted(set(body["fields"]) - {field["id"] for field in FIELDS})
        if unknown:
            errors = dict.fromkeys(unknown, "Field cannot be set: secret words")
            return JSONResponse({"errorMessages": [], "errors": errors}, 400)
        for name, operations in body["update"].items():
            for operation in operations:
                for verb, value in operation.items():
                    fields[name] = [one for one in fields[name] if one != value]
                    fields[name] += [value] if verb == "add" else []
        fields.update(body["fields"])
        self.touch(key)
        return Response(status_code=204)

    def _comments(self, request: Request) -> Response:
        comments = self.issues[request.path_params["key"]]["comments"]
        begin = int(request.query_params.get("startAt", 0))
        size = min(self.page, int(request.query_params["maxResults"]))
        page = comments[begin : begin + size]
        return JSONResponse({"comments": page, "startAt": begin, "maxResults": size, "total": len(comments)})

    def _add_comment(self, request: Request, body: dict[str, Any]) -> Response:
        made = self.comment(request.path_params["key"], body["body"], BOT)
        made["properties"] = body.get("properties", [])
        return JSONResponse({**made, "self": _self(request)}, 201)

    def _comment(self, request: Request) -> Response:
        found = self._find(request)
        if found is None:
            return JSONResponse({"errorMessages": ["Can not find a comment"]}, 404)
        return JSONResponse({**found, "self": _self(request)})

    def _edit_comment(self, request: Request, body: dict[str, Any]) -> Response:
        found = self._find(request)
        assert found is not None
        found["body"] = body["body"]
        self.touch(request.path_params["key"])
        return JSONResponse({**found, "self": _self(request)})

    def _find(self, request: Request) -> dict[str, Any] | None:
        comments = self.issues[request.path_params["key"]]["comments"]
        return next((one for one in comments if one["id"] == request.path_params["id"]), None)

    def _attachment(self, request: Request) -> Response:
        files = [file for issue in self.issues.values() for file in issue["fields"]["attachment"]]
        found = next(file for file in files if file["id"] == request.path_params["id"])
        path = f"/secure/attachment/{found['id']}/{found['filename']}"
        return JSONResponse({**found, "content": f"https://elsewhere.example{path}", "self": _self(request)})

    def _content(self, request: Request) -> Response:
        if self.cloud and request.query_params.get("redirect") != "false":
            return Response(status_code=303, headers={"Location": "https://media.example/file?token=1"})
        content = self.files.get(request.path_params["id"])
        return Response(status_code=404) if content is None else Response(content)


def _self(request: Request) -> str:
    # Jira tells the address that it was set up with, which a proxy may hide.
    return f"http://jira.internal/behind{request.url.path}"


def _stamp(at: datetime) -> str:
    text = at.strftime("%Y-%m-%dT%H:%M:%S.%f%z")
    return text[:23] + text[26:]


def _updated(issue: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(issue["fields"]["updated"])
