from __future__ import annotations

import itertools
import ssl
from collections.abc import Callable, Mapping

import pytest

from campaign_rules.collection.requests import LONGEST_BODY, MOST_REDIRECTS, Reply, ask, open_client
from campaign_rules.collection.target import Target
from campaign_rules.errors import InputError
from tests.collection.campaign_server import RTEST, Page, campaign_server


def asked(pages: Mapping[str, Page], clock: Callable[[], float] = lambda: 0.0) -> tuple[Reply, list[str]]:
    with campaign_server(pages) as (port, seen), open_client(5.0, ssl.create_default_context()) as client:
        return ask(client, Target("http", "127.0.0.1", port), RTEST, 5.0, clock), seen.paths


def redirect(to: str) -> Page:
    return Page("moved", 302, {"Location": to})


def test_the_reply_is_kept_with_the_headers_that_matter() -> None:
    headers = {"Content-Type": "text/xml", "Set-Cookie": "__sessiontoken=s3cret", "X-Other": "1"}
    reply, _ = asked({RTEST: Page("<redir status='OK'/>\n", 200, headers)})
    first, *others = reply.transcript.splitlines()
    assert first.endswith("/r/test -> 200 in 0.00 s")
    assert [line for line in others if not line.startswith("Server: ")] == [
        "Content-Type: text/xml",
        "",
        "<redir status='OK'/>",
    ]


def test_a_redirect_on_the_same_host_is_followed() -> None:
    reply, paths = asked({RTEST: redirect("/elsewhere"), "/elsewhere": Page("here")})
    assert paths == ["GET /r/test", "GET /elsewhere"]
    assert "/r/test -> 200 in" in reply.transcript
    assert reply.transcript.splitlines()[1].startswith("Redirected to: http://127.0.0.1:")
    assert reply.body == "here"


def test_a_redirect_to_another_host_is_not_followed() -> None:
    reply, paths = asked({RTEST: redirect("http://localhost:1/r/test")})
    assert paths == ["GET /r/test"]
    assert "/r/test -> 302 in" in reply.transcript
    assert "Location: http://localhost:1/r/test" in reply.transcript


def test_redirects_in_a_circle_end() -> None:
    reply, paths = asked({RTEST: redirect(RTEST)})
    assert len(paths) == MOST_REDIRECTS + 1
    assert "/r/test -> 302 in" in reply.transcript


def test_cookies_are_not_sent_back() -> None:
    pages = {
        RTEST: Page("", 302, {"Location": "/elsewhere", "Set-Cookie": "a=b; Path=/"}),
        "/elsewhere": Page(),
    }
    with campaign_server(pages) as (port, seen), open_client(5.0, ssl.create_default_context()) as client:
        ask(client, Target("http", "127.0.0.1", port), RTEST, 5.0, lambda: 0.0)
        ask(client, Target("http", "127.0.0.1", port), "/elsewhere", 5.0, lambda: 0.0)
    assert len(seen.requests) == 3
    assert not any("Cookie" in headers for _, headers in seen.requests)


def test_a_long_body_is_cut() -> None:
    reply, _ = asked({RTEST: Page("x" * (3 * LONGEST_BODY))})
    assert reply.body == "x" * LONGEST_BODY


def test_a_body_that_comes_too_slowly_is_a_timeout() -> None:
    times = itertools.chain([0.0], itertools.repeat(5.1))
    reply, _ = asked({RTEST: Page("late")}, clock=lambda: next(times))
    assert reply.transcript.endswith("/r/test -> timeout after 5 s")
    assert reply.body == ""


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "no-such-charset"])
def test_a_body_of_any_charset(charset: str) -> None:
    page = Page("modalità\0", 200, {"Content-Type": f"text/html; charset={charset}"})
    assert asked({RTEST: page})[0].body.startswith("modalit")


def test_the_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert asked({RTEST: Page("direct")})[0].body == "direct"


def test_a_connection_that_breaks() -> None:
    def breaks() -> None:
        raise ConnectionResetError

    reply, _ = asked({RTEST: Page(before=breaks)})
    assert "/r/test -> connection broken: " in reply.transcript


def test_a_redirect_to_a_certificate_of_another_server(
    trust: ssl.SSLContext, served: Callable[..., ssl.SSLContext]
) -> None:
    with campaign_server(tls=served("other.example.com")) as (secure, seen):
        pages = {RTEST: redirect(f"https://localhost:{secure}/r/test")}
        with (
            campaign_server(pages) as (port, _),
            open_client(5.0, trust) as client,
            pytest.raises(InputError, match="certificate is that of another server"),
        ):
            ask(client, Target("http", "localhost", port), RTEST, 5.0, lambda: 0.0)
    assert seen.paths == []


def test_a_redirect_to_an_expired_certificate(
    trust: ssl.SSLContext, served: Callable[..., ssl.SSLContext]
) -> None:
    with campaign_server(tls=served(until=2001)) as (secure, _):
        pages = {RTEST: redirect(f"https://localhost:{secure}/r/test")}
        with campaign_server(pages) as (port, _), open_client(5.0, trust) as client:
            reply = ask(client, Target("http", "localhost", port), RTEST, 5.0, lambda: 0.0)
    assert reply.transcript.endswith("-> certificate not accepted: certificate has expired")
