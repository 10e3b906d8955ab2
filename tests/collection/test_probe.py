"""A server in each documented state, probed: what is observed, and what is suspected."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping

import pytest
from attrs import define, evolve

import campaign_rules as cr
from campaign_rules.collection.probe import probe
from campaign_rules.collection.target import Target
from campaign_rules.errors import InputError
from tests.collection.campaign_server import (
    FORM,
    HEALTHY,
    LOGON,
    NOT_FOUND,
    OK,
    PING,
    RTEST,
    Page,
    campaign_server,
)

BLANK = Page("<html><head><title>Campaign</title></head><body></body></html>")
JAVA_ERROR = Page("<h1>HTTP Status 500</h1><pre>org.apache.jasper.JasperException: no compiler</pre>", 500)
DATABASE_DOWN = Page("PGS-220000 PostgreSQL error: could not connect to server: Connection refused", 500)
DENIED = Page("<h1>Forbidden</h1>", 403)


SUBJECT = "subject-"
"""What words a text uses is observed as well."""


@define
class Clock:
    """A clock that stands still unless a page moves it."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def probed(pages: Mapping[str, Page], **how: object) -> str:
    with campaign_server(pages) as (port, _):
        return probe(Target("http", "localhost", port), **{"timeout": 5.0, **how})  # type: ignore[arg-type]


def states(transcript: str) -> dict[str, str]:
    observations = cr.read_artifact(transcript, "probe")
    found = {observation.id: str(observation.state) for observation in observations}
    return {name: state for name, state in found.items() if not name.startswith(SUBJECT)}


def first_suspect(transcript: str) -> str:
    suspects = cr.diagnose(cr.read_artifact(transcript, "probe")).suspects
    return suspects[0].module if suspects else ""


WELL = {
    "address-not-resolved": "absent",
    "logonjsp-blank": "absent",
    "logonjsp-java-error": "absent",
    "logonjsp-ok": "present",
    "ping-not-ok": "absent",
    "ping-ok": "present",
    "relay-403": "absent",
    "rtest-no-answer": "absent",
    "rtest-ok": "present",
    "rtest-short-form": "present",
    "rtest-wrong-content": "absent",
    "webserver-no-answer": "absent",
}


@pytest.mark.parametrize(
    ("pages", "changed", "suspect"),
    [
        pytest.param({}, {}, "", id="healthy"),
        pytest.param(
            {RTEST: NOT_FOUND},
            {"rtest-ok": "absent", "rtest-wrong-content": "present", "rtest-short-form": None},
            "webmdl",
            id="tracking down",
        ),
        pytest.param(
            {PING: DATABASE_DOWN},
            {
                "ping-ok": "absent",
                "ping-not-ok": "present",
                "database-product-out-of-reach": "present",
                "db-unreachable": "present",
                "log-db-error": "present",
            },
            "database",
            id="database down",
        ),
        pytest.param(
            {PING: Page("Error")},
            {"ping-ok": "absent", "ping-not-ok": "present"},
            "database",
            id="database down, without a reason",
        ),
        pytest.param(
            {PING: Page(), LOGON: BLANK},
            {
                "ping-ok": "absent",
                "ping-not-ok": "present",
                "logonjsp-ok": "absent",
                "logonjsp-blank": "present",
            },
            "web",
            id="blank page",
        ),
        pytest.param(
            {PING: JAVA_ERROR, LOGON: JAVA_ERROR},
            {
                "ping-ok": "absent",
                "ping-not-ok": "present",
                "logonjsp-ok": "absent",
                "logonjsp-java-error": "present",
                "relay-403": None,
            },
            "jvm",
            id="Java error",
        ),
        pytest.param({PING: DENIED}, {"ping-ok": None, "ping-not-ok": None}, "", id="ping for others only"),
    ],
)
def test_a_state_is_observed_and_explained(
    pages: Mapping[str, Page], changed: Mapping[str, str | None], suspect: str
) -> None:
    transcript = probed({**HEALTHY, **pages})
    assert states(transcript) == {name: state for name, state in {**WELL, **changed}.items() if state}
    assert first_suspect(transcript) == suspect


def test_a_slow_server() -> None:
    clock = Clock()
    late = [evolve(page, before=lambda: clock.wait(7.4)) for page in (Page("OK"), FORM)]
    transcript = probed({RTEST: OK, PING: late[0], LOGON: late[1]}, clock=clock, timeout=10.0)
    assert f"{PING} -> 200 in 7.40 s" in transcript
    found = states(transcript)
    assert found["web-slow"] == "present"
    assert not {"ping-ok", "ping-not-ok", "logonjsp-ok"} & set(found)
    assert first_suspect(transcript) == "web"


def test_a_quick_reply_does_not_deny_that_the_server_is_slow() -> None:
    assert "web-slow" not in states(probed(HEALTHY))


@pytest.fixture
def never() -> Iterator[Callable[[], object]]:
    """Give what does not return before the test ends."""
    released = threading.Event()
    yield released.wait
    released.set()


def test_a_server_that_hangs(never: Callable[[], object]) -> None:
    hanging = Page(before=never)
    transcript = probed({RTEST: hanging, PING: hanging, LOGON: hanging}, timeout=0.5)
    assert transcript.count("-> timeout after 0.5 s") == 3
    found = states(transcript)
    silent = {"rtest-no-answer", "ping-not-ok", "webserver-no-answer"}
    assert {name for name, state in found.items() if state == "present"} == silent
    assert first_suspect(transcript) == "web-server"


def test_an_application_server_that_hangs(never: Callable[[], object]) -> None:
    hanging = Page(before=never)
    transcript = probed({**HEALTHY, PING: hanging, LOGON: hanging}, timeout=1.0)
    found = states(transcript)
    assert (found["rtest-ok"], found["webserver-no-answer"], found["ping-not-ok"]) == (
        "present",
        "absent",
        "present",
    )
    assert first_suspect(transcript) == "web"


def test_a_balancer_without_a_server() -> None:
    gone = Page("<h1>Service Unavailable</h1>", 503)
    found = states(probed({RTEST: gone, PING: gone, LOGON: gone}))
    assert found["rtest-no-answer"] == "present"
    assert not {"rtest-wrong-content", "webserver-no-answer"} & set(found)


def test_nothing_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        transcript = probe(Target("http", "127.0.0.1", taken.getsockname()[1]), timeout=5.0)
    assert transcript.count("-> not tried: refused") == 3
    assert states(transcript) == {"address-not-resolved": "absent", "webserver-no-answer": "present"}
    assert first_suspect(transcript) == "web-server"


def test_the_name_is_unknown() -> None:
    def lookup(host: str) -> tuple[str, ...]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    transcript = probe(Target("https", "prod.example.com", 443), timeout=5.0, lookup=lookup)
    assert transcript.splitlines()[0] == "resolve prod.example.com -> name not resolved"
    assert states(transcript) == {"address-not-resolved": "present"}
    assert first_suspect(transcript) == "dns"


def test_the_name_server_does_not_answer(never: Callable[[], object]) -> None:
    def lookup(host: str) -> tuple[str, ...]:
        never()
        return ()

    transcript = probe(Target("https", "prod.example.com", 443), timeout=0.05, lookup=lookup)
    assert transcript.splitlines()[0] == "resolve prod.example.com -> timeout after 0.05 s"
    assert states(transcript) == {"address-not-resolved": "present"}


def test_a_healthy_server_over_tls(trust: ssl.SSLContext, served: Callable[..., ssl.SSLContext]) -> None:
    with campaign_server(tls=served()) as (port, _):
        transcript = probe(Target("https", "localhost", port), timeout=5.0, trust=trust)
    assert f"handshake localhost:{port} -> accepted until Jan  1 00:00:00 2999 GMT" in transcript
    assert states(transcript) == {**WELL, "https-certificate-problem": "absent"}
    everything = {observation.id for observation in cr.read_artifact(transcript, "probe")}
    assert not {name for name in everything if name.startswith(SUBJECT)}


def test_an_expired_certificate(trust: ssl.SSLContext, served: Callable[..., ssl.SSLContext]) -> None:
    with campaign_server(tls=served(until=2001)) as (port, seen):
        transcript = probe(Target("https", "localhost", port), timeout=5.0, trust=trust)
    assert seen.paths == []
    assert "-> not accepted: certificate has expired" in transcript
    assert states(transcript) == {"address-not-resolved": "absent", "https-certificate-problem": "present"}
    assert first_suspect(transcript) == "web-server"


def test_an_issuer_that_is_not_trusted(served: Callable[..., ssl.SSLContext]) -> None:
    with campaign_server(tls=served()) as (port, _):
        transcript = probe(Target("https", "localhost", port), timeout=5.0)
    assert states(transcript)["https-certificate-problem"] == "present"


def test_a_server_without_tls(trust: ssl.SSLContext) -> None:
    with campaign_server() as (port, _):
        transcript = probe(Target("https", "localhost", port), timeout=5.0, trust=trust)
    assert f"handshake localhost:{port} -> failed" in transcript
    assert states(transcript)["https-certificate-problem"] == "present"


def test_the_certificate_of_another_server_stops_the_probe(
    trust: ssl.SSLContext, served: Callable[..., ssl.SSLContext]
) -> None:
    with (
        campaign_server(tls=served("other.example.com")) as (port, seen),
        pytest.raises(InputError, match="the certificate is that of another server"),
    ):
        probe(Target("https", "localhost", port), timeout=5.0, trust=trust)
    assert seen.paths == []


def test_another_instance_stops_the_probe() -> None:
    pages = {**HEALTHY, RTEST: Page("<redir status='OK' instance='dev' host='' localHost='x'/>")}
    with (
        campaign_server(pages) as (port, seen),
        pytest.raises(InputError, match="answers as instance 'dev', not 'prod'"),
    ):
        probe(Target("http", "localhost", port, "prod"), timeout=5.0)
    assert seen.paths == [f"GET {RTEST}"]


def test_nothing_but_the_documented_pages_is_asked_for_and_nothing_is_sent() -> None:
    with campaign_server() as (port, seen):
        probe(Target("http", "localhost", port), timeout=5.0)
    assert seen.paths == [f"GET {path}" for path in (RTEST, PING, LOGON)]
    for _, headers in seen.requests:
        assert {name.casefold() for name in headers} <= {
            "host",
            "accept",
            "accept-encoding",
            "connection",
            "user-agent",
        }


def test_further_ports_are_tried_and_rule_nothing_out() -> None:
    with campaign_server() as (port, _), socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        other = taken.getsockname()[1]
        transcript = probe(Target("http", "127.0.0.1", port), timeout=5.0, ports=(other, port))
    lines = transcript.splitlines()
    assert lines[1:3] == [
        f"connect 127.0.0.1:{other} -> refused",
        f"connect 127.0.0.1:{port} -> open",
    ]
    assert first_suspect(transcript) == ""
    assert states(transcript)["webserver-no-answer"] == "absent"


def test_what_is_being_done_is_announced() -> None:
    heard: list[str] = []
    with campaign_server() as (port, _):
        probe(Target("http", "localhost", port), timeout=5.0, announce=heard.append)
    assert heard == [
        "looking up localhost",
        f"trying port {port}",
        *(f"asking for {path}" for path in (RTEST, PING, LOGON)),
    ]
