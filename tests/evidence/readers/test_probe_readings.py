from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.evidence.readers import process_names
from campaign_rules.evidence.readers.probe_readings import read_probe
from campaign_rules.evidence.text_lines import split_lines

HOST = "https://prod.example.com"
FORM = "<form><input type=text name=login><input type=password></form>"


def read(text: str) -> list[tuple[str, str | float]]:
    readings, _ = read_probe(split_lines(text, "probe"), "probe", process_names(()))
    return [(reading.name.removeprefix("probe."), reading.value) for reading in readings]


def get(path: str, outcome: str, body: str = "") -> str:
    return f"GET {HOST}{path} -> {outcome}\nContent-Type: text/html\n\n{body}\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("resolve prod.example.com -> 192.0.2.10, 192.0.2.11", [("name_resolution", "ok")]),
        ("resolve prod.example.com -> name not resolved", [("name_resolution", "failed")]),
        ("resolve prod.example.com -> timeout after 10 s", [("name_resolution", "failed")]),
        ("connect prod.example.com:443 -> open", [("port_443", "open")]),
        ("connect prod.example.com:8080 -> timeout after 10 s", [("port_8080", "timeout")]),
        ("connect 2001:db8::1:80 -> unreachable: No route to host", [("port_80", "unreachable")]),
        ("connect prod.example.com:443 -> refused", []),
        (
            "handshake prod.example.com:443 -> accepted until Mar  1 12:00:00 2027 GMT",
            [("certificate", "valid")],
        ),
        (
            "handshake prod.example.com:443 -> not accepted: certificate has expired",
            [("certificate", "invalid")],
        ),
        ("handshake prod.example.com:443 -> failed: wrong version number", [("certificate", "invalid")]),
        ("handshake prod.example.com:443 -> timeout after 10 s", []),
        (f"GET {HOST}/r/test -> not tried: name not resolved", []),
        (f"GET {HOST}/nl/jsp/ping.jsp -> certificate not accepted: expired", []),
    ],
)
def test_the_way_to_the_server(line: str, expected: list[tuple[str, str]]) -> None:
    assert read(line) == expected


@pytest.mark.parametrize(
    ("outcome", "body", "expected"),
    [
        ("200 in 0.10 s", "<redir status='OK'/>", [("rtest", "answers")]),
        ("200 in 0.10 s", "hello", [("rtest", "answers"), ("redirection.status", "HTTP 200")]),
        ("404 in 0.10 s", "", [("rtest", "answers"), ("redirection.status", "HTTP 404")]),
        ("302 in 0.10 s", "", [("rtest", "answers"), ("redirection.status", "HTTP 302")]),
        ("502 in 0.10 s", "Bad gateway", [("rtest", "no-answer")]),
        ("timeout after 10 s", "", [("rtest", "no-answer")]),
        ("refused", "", [("rtest", "no-answer")]),
        ("connection broken: EOF", "", [("rtest", "no-answer")]),
        ("200 in 5.00 s", "<redir status='OK'/>", [("rtest", "answers"), ("pace", "slow")]),
    ],
)
def test_the_redirection(outcome: str, body: str, expected: list[tuple[str, str]]) -> None:
    assert [found for found in read(get("/r/test", outcome, body)) if found[0] != "front"] == expected


@pytest.mark.parametrize(
    ("outcome", "body", "expected"),
    [
        ("200 in 0.10 s", "OK", [("ping", "ok")]),
        ("200 in 0.10 s", "<html><title>Ping</title><body> OK </body></html>", [("ping", "ok")]),
        ("200 in 0.10 s", "", [("ping", "not-ok")]),
        ("200 in 0.10 s", "Not OK", [("ping", "not-ok")]),
        ("500 in 0.10 s", "OK", [("ping", "not-ok")]),
        ("504 in 0.10 s", "", [("ping", "not-ok")]),
        ("timeout after 10 s", "", [("ping", "not-ok")]),
        ("200 in 7.00 s", "OK", [("pace", "slow")]),
        ("401 in 0.10 s", "", []),
        ("403 in 0.10 s", "", []),
        ("302 in 0.10 s", "", []),
        ("200 in 0.10 s", "Access denied", []),
        ("500 in 0.10 s", "No session token", []),
    ],
)
def test_the_ping_page(outcome: str, body: str, expected: list[tuple[str, str]]) -> None:
    assert [
        found for found in read(get("/nl/jsp/ping.jsp", outcome, body)) if found[0] != "front"
    ] == expected


@pytest.mark.parametrize(
    ("outcome", "body", "expected"),
    [
        ("200 in 0.10 s", FORM, [("relay", "open"), ("logon", "form")]),
        ("200 in 6.00 s", FORM, [("relay", "open"), ("pace", "slow")]),
        ("200 in 0.10 s", "", [("relay", "open"), ("logon", "blank")]),
        ("200 in 0.10 s", "<title>x</title><!-- <p>y</p> -->", [("relay", "open"), ("logon", "blank")]),
        ("200 in 0.10 s", "<script>go()</script>", [("relay", "open")]),
        ("200 in 0.10 s", "Welcome", [("relay", "open")]),
        ("200 in 0.10 s", "java.lang.NullPointerException", [("relay", "open"), ("logon", "java-error")]),
        ("500 in 0.10 s", "HTTP Status 500", [("logon", "java-error")]),
        ("500 in 0.10 s", "Internal Server Error", [("logon", "no-page")]),
        ("timeout after 10 s", "", [("logon", "no-page")]),
        ("403 in 0.10 s", "", [("relay", "forbidden")]),
        ("404 in 0.10 s", "", []),
        ("302 in 0.10 s", "", []),
    ],
)
def test_the_logon_page(outcome: str, body: str, expected: list[tuple[str, str]]) -> None:
    assert [
        found for found in read(get("/nl/jsp/logon.jsp", outcome, body)) if found[0] != "front"
    ] == expected


@pytest.mark.parametrize(
    ("checks", "front"),
    [
        ([get("/r/test", "timeout after 10 s"), get("/nl/jsp/logon.jsp", "200 in 0.1 s", FORM)], ["answers"]),
        ([get("/r/test", "timeout after 10 s"), get("/nl/jsp/logon.jsp", "refused")], ["silent"]),
        ([get("/r/test", "503 in 0.1 s"), get("/nl/jsp/logon.jsp", "refused")], []),
        (["connect h:443 -> refused", get("/r/test", "not tried: refused")], ["silent"]),
        (
            [
                "connect h:8080 -> refused",
                "connect h:443 -> timeout after 3 s",
                get("/r/test", "not tried: timeout after 3 s"),
            ],
            ["silent"],
        ),
        (
            [
                "connect h:443 -> open",
                "handshake h:443 -> timeout after 3 s",
                get("/r/test", "not tried: timeout after 3 s"),
            ],
            ["silent"],
        ),
        (["resolve h -> name not resolved", get("/r/test", "not tried: name not resolved")], []),
        (["handshake h:443 -> not accepted: x", get("/r/test", "not tried: certificate not accepted")], []),
        (["connect h:8080 -> refused"], []),
    ],
)
def test_whether_the_front_answers(checks: list[str], front: list[str]) -> None:
    assert [value for name, value in read("\n".join(checks)) if name == "front"] == front


def test_the_lines_of_a_reply_belong_to_the_probe() -> None:
    text = f"before\n{get('/r/test', '404 in 0.10 s', 'Not Found')}more\nconnect h:443 -> open\nafter"
    readings, used = read_probe(split_lines(text, "p"), "p", process_names(()))
    assert used == {2, 3, 4, 5, 6, 7}
    assert readings[1].provenance.line == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "connect to the server -> it fails",
        "GET /r/test HTTP/1.1",
        "resolve ->",
        "GET https:// -> 200 in 0.1 s",
        "GET https://prod.example.com/other -> 200 in 0.10 s",
    ],
)
def test_other_text_is_no_check_of_a_page(text: str) -> None:
    assert [found for found in read(text) if found[0] != "front"] == []


PIECES = st.sampled_from(
    [
        "GET ",
        HOST,
        "/r/test",
        "/nl/jsp/logon.jsp",
        " -> ",
        "200 in 0.1 s",
        "\n",
        "<script>",
        "<!--",
        "-->",
        "<input",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5)).map("".join))
def test_no_text_is_too_strange(text: str) -> None:
    read(text)
