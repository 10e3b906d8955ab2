"""A small ServiceNow that keeps what is written: tables, journals, groups and attachments.

Shapes of requests and replies are those of its documented Table and Attachment APIs.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

USER = "campaign.bot"
PASSWORD = "servicenow-secret"
START = datetime(2026, 3, 2, 9, 0, 0, tzinfo=UTC)
JOURNALS = ("comments", "work_notes")
_CONDITION = re.compile(r"([a-z_]+)(>=|=|IN)(.*)")

Fault = Callable[[Request], Response | None]


class ServiceNowSite:
    """The state: rows of tables, files, `asked` requests, and faults that come before the usual replies.

    With `loses_replies` what is written is kept, and the reply to it is lost.
    """

    def __init__(self) -> None:
        self.now = START
        self.tables: dict[str, list[dict[str, str]]] = {
            "incident": [],
            "sys_journal_field": [],
            "sys_user_group": [{"sys_id": _sys_id(900), "name": "Delivery"}],
        }
        self.attachments: list[dict[str, str]] = []
        self.files: dict[str, bytes] = {}
        self.hidden: set[str] = set()
        self.read_only: set[str] = set()
        self.journal_hidden = False
        self.asked: list[str] = []
        self.queries: list[str] = []
        self.faults: list[Fault] = []
        self.loses_replies = False

    def add(self, description: str = "", *, at: datetime | None = None, **columns: str) -> str:
        number = len(self.tables["incident"]) + 1
        stamp = _stamp(at or self.now)
        self.tables["incident"].append(
            {
                "sys_id": _sys_id(number),
                "number": f"INC{number:07}",
                "short_description": f"Summary {number}",
                "description": description,
                "sys_created_on": stamp,
                "sys_created_by": "anna",
                "sys_updated_on": stamp,
                "sys_updated_by": "anna",
                "sys_mod_count": "0",
                "active": "true",
                "state": "1",
                "assignment_group": "",
                "u_module": "",
                "u_diagnosis": "",
                **columns,
            }
        )
        return f"INC{number:07}"

    def row(self, key: str) -> dict[str, str]:
        return next(row for row in self.tables["incident"] if row["number"] == key)

    def touch(self, key: str, by: str = "anna") -> None:
        self.now += timedelta(seconds=7)
        row = self.row(key)
        count = str(int(row["sys_mod_count"]) + 1)
        row |= {"sys_updated_on": _stamp(self.now), "sys_mod_count": count, "sys_updated_by": by}

    def comment(self, key: str, text: str, by: str = "anna", journal: str = "comments") -> None:
        self.touch(key, by)
        entry = {"sys_id": _sys_id(10_000 + len(self.tables["sys_journal_field"])), "name": "incident"}
        entry |= {"element_id": self.row(key)["sys_id"], "element": journal, "value": text}
        entry |= {"sys_created_on": _stamp(self.now), "sys_created_by": by}
        self.tables["sys_journal_field"].append(entry)

    def attach(self, key: str, name: str, content: bytes, size: int | None = None) -> None:
        number = _sys_id(20_000 + len(self.attachments))
        self.files[number] = content
        self.attachments.append(
            {
                "sys_id": number,
                "table_name": "incident",
                "table_sys_id": self.row(key)["sys_id"],
                "file_name": name,
                "size_bytes": str(len(content) if size is None else size),
                "sys_created_by": "anna",
                "sys_created_on": _stamp(self.now),
                "download_link": f"https://elsewhere.example/api/now/attachment/{number}/file",
            }
        )

    def notes(self, key: str) -> list[str]:
        own = self.row(key)["sys_id"]
        return [row["value"] for row in self.tables["sys_journal_field"] if row["element_id"] == own]

    def app(self) -> Starlette:
        routes = {
            ("GET", "/api/now/table/{table}"): self._list,
            ("GET", "/api/now/table/{table}/{id}"): self._get,
            ("PATCH", "/api/now/table/{table}/{id}"): self._patch,
            ("GET", "/api/now/v1/attachment"): self._attachments,
            ("GET", "/api/now/v1/attachment/{id}/file"): self._file,
        }
        return Starlette(
            routes=[
                Route(path, self._guarded(answer), methods=[method])
                for (method, path), answer in routes.items()
            ]
        )

    def _guarded(self, answer: Callable[..., Response]) -> Callable[[Request], Any]:
        wanted = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

        async def guarded(request: Request) -> Response:
            self.asked.append(f"{request.method} {request.url.path}")
            for fault in self.faults:
                reply = fault(request)
                if reply is not None:
                    return reply
            if request.headers.get("authorization") != wanted:
                error = {
                    "message": "User Not Authenticated",
                    "detail": "Required to provide Auth information",
                }
                return JSONResponse({"error": error, "status": "failure"}, 401)
            if request.method != "PATCH":
                return answer(request)
            reply = answer(request, await request.json())
            return Response(status_code=502) if self.loses_replies else reply

        return guarded

    def _list(self, request: Request) -> Response:
        table, parameters = request.path_params["table"], request.query_params
        self.queries.append(parameters["sysparm_query"])
        found = _selected(self.tables[table], parameters["sysparm_query"])
        begin = int(parameters["sysparm_offset"])
        page = found[begin : begin + int(parameters["sysparm_limit"])]
        if table == "sys_journal_field" and self.journal_hidden:
            page, found = [], []
        seen = [self._shown(table, row) for row in page if row["sys_id"] not in self.hidden]
        columns = parameters.get("sysparm_fields", "").split(",")
        result = [{name: row[name] for name in row if columns == [""] or name in columns} for row in seen]
        return JSONResponse({"result": result}, headers={"X-Total-Count": str(len(found))})

    def _get(self, request: Request) -> Response:
        row = self._find(request)
        return JSONResponse({"result": self._shown(request.path_params["table"], row)})

    def _patch(self, request: Request, body: dict[str, str]) -> Response:
        row = self._find(request)
        for name, text in body.items():
            if name in JOURNALS:
                if name not in self.read_only:
                    self.comment(row["number"], text, USER, name)
            elif name in row and name not in self.read_only:  # the Table API is silent about others
                row[name] = text
        self.touch(row["number"], USER)
        return self._get(request)

    def _find(self, request: Request) -> dict[str, str]:
        rows = self.tables[request.path_params["table"]]
        return next(row for row in rows if row["sys_id"] == request.path_params["id"])

    def _shown(self, table: str, row: dict[str, str]) -> dict[str, dict[str, str]]:
        shown = {
            name: {"value": text, "display_value": self._display(name, text)} for name, text in row.items()
        }
        if table == "incident":
            for journal in JOURNALS:
                entries = [
                    f"{entry['sys_created_on']} - {entry['sys_created_by']} ({journal})\n{entry['value']}\n\n"
                    for entry in self.tables["sys_journal_field"]
                    if entry["element_id"] == row["sys_id"] and entry["element"] == journal
                ]
                shown[journal] = {"value": "", "display_value": "".join(reversed(entries))}
        return shown

    def _display(self, name: str, text: str) -> str:
        if name.endswith("_on"):  # in the time zone of the account
            there = datetime.fromisoformat(f"{text}+00:00") - timedelta(hours=8)
            return there.strftime("%Y-%m-%d %H:%M:%S")
        groups = {row["sys_id"]: row["name"] for row in self.tables["sys_user_group"]}
        return groups.get(text, text) if name == "assignment_group" else text

    def _attachments(self, request: Request) -> Response:
        found = _selected(self.attachments, request.query_params["sysparm_query"])
        return JSONResponse({"result": found}, headers={"X-Total-Count": str(len(found))})

    def _file(self, request: Request) -> Response:
        content = self.files.get(request.path_params["id"])
        if content is None:
            return JSONResponse({"error": {"message": "No Record found"}, "status": "failure"}, 404)
        return Response(content)


def _selected(rows: list[dict[str, str]], query: str) -> list[dict[str, str]]:
    found, orders = rows, []
    for part in query.split("^"):
        if part.startswith("ORDERBY"):
            orders.append(part[7:])
            continue
        condition = _CONDITION.fullmatch(part)
        assert condition is not None, part
        name, operator, wanted = condition.groups()
        found = [row for row in found if _holds(row[name], operator, wanted)]
    return sorted(found, key=lambda row: [row[name] for name in orders])


def _holds(text: str, operator: str, wanted: str) -> bool:
    match operator:
        case "=":
            return text == wanted
        case ">=":
            return text >= wanted
        case _:
            return text in wanted.split(",")


def _sys_id(number: int) -> str:
    return f"{number:032x}"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
