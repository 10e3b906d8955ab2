"""Who may read what: tokens, signatures, hosts, limits, and what never shows in a log or a figure."""

from __future__ import annotations

import logging
import re
import threading
import time

import pytest
from starlette.testclient import TestClient

import campaign_rules as cr
from campaign_rules.service import ServiceSettings
from campaign_rules.serving.problems import Problem
from campaign_rules.serving.signatures import ID, SIGNATURE, TIMESTAMP, Webhooks, sign
from tests.service.conftest import OTHER, TOKEN, Serve

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = 1_614_265_330
MESSAGE = b'{"ticket": "mails not sent", "observations": ["stat-missing@prod"]}'

READABLE = (
    ("GET", "/openapi.json"),
    ("GET", "/metrics"),
    ("GET", "/v1/catalogue"),
    ("GET", "/v1/catalogue/modules"),
    ("GET", "/v1/catalogue/modules/mta"),
    ("POST", "/v1/diagnoses"),
    ("POST", "/v1/sessions"),
    ("GET", "/v1/sessions/x"),
    ("DELETE", "/v1/sessions/x"),
    ("POST", "/v1/sessions/x/observations"),
    ("POST", "/v1/sessions/x/retractions"),
    ("GET", "/v1/sessions/x/next-check"),
    ("GET", "/v1/sessions/x/explanations/mta"),
    ("GET", "/nothing/here"),
)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer("a-token-that-nobody-guesse"),
        bearer(""),
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer \xe9"},
    ],
    ids=["none", "shorter", "empty", "no scheme", "another scheme", "not ASCII"],
)
@pytest.mark.parametrize(("method", "path"), READABLE)
def test_nothing_is_readable_without_a_known_token(
    serve: Serve, method: str, path: str, headers: dict[str, str]
) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    reply = serve(tokens=(TOKEN,)).request(method, path, headers=encoded, content=b"{")  # type: ignore[arg-type]
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["detail"] == "show a token: Authorization: Bearer TOKEN"


def test_the_paths_of_the_list_are_all_that_the_service_documents(serve: Serve) -> None:
    client = serve(tokens=(TOKEN,))
    paths = client.get("/openapi.json", headers=bearer(TOKEN)).json()["paths"]
    documented = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    for method, path in documented - {("GET", "/health")}:
        pattern = re.sub(r"{\w+}", r"[^/]+", path)
        assert any(verb == method and re.fullmatch(pattern, one) for verb, one in READABLE), path


def test_every_known_token_opens(serve: Serve) -> None:
    client = serve(tokens=(TOKEN, OTHER))
    for token in (TOKEN, OTHER):
        assert client.post("/v1/diagnoses", json={}, headers=bearer(token)).status_code == 200


def test_health_needs_no_token_and_tells_nothing_else(serve: Serve) -> None:
    assert serve(tokens=(TOKEN,)).get("/health").json() == {"status": "ok"}


def test_a_session_is_its_openers_alone(serve: Serve) -> None:
    client = serve(tokens=(TOKEN, OTHER))
    path = client.post("/v1/sessions", json={}, headers=bearer(TOKEN)).headers["location"]
    assert client.get(path, headers=bearer(TOKEN)).status_code == 200
    assert client.get(path, headers=bearer(OTHER)).status_code == 404
    assert client.delete(path, headers=bearer(OTHER)).status_code == 404
    assert client.get(path, headers=bearer(TOKEN)).status_code == 200


def test_without_a_token_the_host_has_to_be_this_machine(client: TestClient) -> None:
    for host in ("127.0.0.1", "localhost:8765", "[::1]:8765"):
        assert client.get("/v1/catalogue", headers={"Host": host}).status_code == 200
    for host in ("evil.example:8765", "127.0.0.1.evil.example", ""):
        assert client.get("/v1/catalogue", headers={"Host": host}).status_code == 421


def test_too_many_requests_of_one_client_leave_the_others_alone(serve: Serve) -> None:
    client = serve(tokens=(TOKEN, OTHER), requests_per_minute=3)
    codes = [client.get("/v1/catalogue", headers=bearer(TOKEN)).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    refused = client.get("/v1/catalogue", headers=bearer(TOKEN))
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert client.get("/v1/catalogue", headers=bearer(OTHER)).status_code == 200


def test_guesses_of_a_token_count_for_the_address(serve: Serve) -> None:
    client = serve(tokens=(TOKEN,), requests_per_minute=2)
    codes = [client.get("/metrics", headers=bearer(f"guess-number-{n}")).status_code for n in range(3)]
    assert codes == [401, 401, 429]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_refused(serve: Serve, chunked: bool) -> None:
    content = b'{"ticket": "' + 200 * b"x" + b'"}'
    given = iter([content[:50], content[50:]]) if chunked else content
    headers = {"Content-Type": "application/json"}
    reply = serve(body_bytes=100).post("/v1/diagnoses", content=given, headers=headers)
    assert reply.status_code == 413
    assert reply.json()["detail"] == "the body is larger than 100 bytes; send less"


def webhook(
    body: bytes = MESSAGE, name: str = "m1", stamp: int = NOW, secret: str = SECRET
) -> dict[str, str]:
    return {ID: name, TIMESTAMP: str(stamp), SIGNATURE: sign(secret, name, stamp, body)}


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of https://github.com/standard-webhooks/standard-webhooks (libraries/python)."""
    signed = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", NOW, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "changed",
    [
        {SIGNATURE: ""},
        {SIGNATURE: "v1,AAAA"},
        {SIGNATURE: sign("another-secret-of-webhooks", "m1", NOW, MESSAGE)},
        {SIGNATURE: sign(SECRET, "m1", NOW, MESSAGE + b" ")},
        {SIGNATURE: sign(SECRET, "m1", NOW, MESSAGE).replace("v1", "v2")},
        {ID: ""},
        {ID: "m2"},
        {TIMESTAMP: str(NOW + 1)},
        {TIMESTAMP: "now"},
        {TIMESTAMP: "\u0661"},
        {TIMESTAMP: "9" * 400},
    ],
)
def test_a_message_with_a_wrong_signature_is_refused(changed: dict[str, str]) -> None:
    webhooks = Webhooks((SECRET,), clock=lambda: NOW)
    with pytest.raises(Problem) as refused:
        webhooks.verify(webhook() | changed, MESSAGE)
    assert refused.value.status == 401
    webhooks.verify(webhook(), MESSAGE)


@pytest.mark.parametrize("away", [-301, 301])
def test_an_old_or_early_message_is_refused(away: int) -> None:
    webhooks = Webhooks((SECRET,), clock=lambda: NOW)
    with pytest.raises(Problem):
        webhooks.verify(webhook(stamp=NOW + away), MESSAGE)


def test_a_message_counts_once_for_as_long_as_its_timestamp_does() -> None:
    now = float(NOW)
    webhooks = Webhooks((SECRET,), clock=lambda: now)
    early = webhook(stamp=NOW + 300)
    webhooks.verify(early, MESSAGE)
    for seconds in (0, 300, 600):
        now = NOW + seconds
        with pytest.raises(Problem):
            webhooks.verify(early, MESSAGE)
    webhooks.verify(webhook(name="m2", stamp=NOW + 600), MESSAGE)


def test_one_of_several_secrets_and_signatures_is_enough() -> None:
    headers = webhook()
    headers[SIGNATURE] = f"v1a,xyz {headers[SIGNATURE]}"
    Webhooks(("an-older-secret-of-ours", SECRET), clock=lambda: NOW).verify(headers, MESSAGE)


def test_a_secret_that_is_no_base64_is_refused_at_the_start() -> None:
    with pytest.raises(cr.InputError, match="must go on in base64"):
        Webhooks(("whsec_!!!!!!!!!!!!!!!!!!!!",))


def test_a_signed_ticket_is_diagnosed_without_a_token(serve: Serve) -> None:
    client, now = serve(tokens=(TOKEN,), webhook_secrets=(SECRET,)), int(time.time())
    headers = webhook(stamp=now)
    reply = client.post("/v1/webhooks/tickets", content=MESSAGE, headers=headers)
    assert reply.json()["suspects"][0]["module"] == "stat"
    again = client.post("/v1/webhooks/tickets", content=MESSAGE, headers=headers)
    assert again.status_code == 401
    assert client.post("/v1/webhooks/tickets", content=MESSAGE, headers=bearer(TOKEN)).status_code == 401
    broken = client.post("/v1/webhooks/tickets", content=b"{", headers=webhook(b"{", "m3", now))
    assert broken.status_code == 422


def test_without_secrets_there_are_no_webhooks(client: TestClient) -> None:
    assert client.post("/v1/webhooks/tickets", content=MESSAGE, headers=webhook()).status_code == 404


PRIVATE = "kowalski-4711"


def test_logs_and_figures_hold_nothing_of_what_was_asked(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = serve()
    ticket = {"ticket": f"Mails not sent, says {PRIVATE}.", "attachments": [f"error of {PRIVATE}"]}
    path = client.post("/v1/sessions", json=ticket).headers["location"]
    client.post("/v1/diagnoses", json={"observations": [PRIVATE]})
    client.post("/v1/diagnoses", json={PRIVATE: PRIVATE})
    client.post("/v1/diagnoses", content=f"{{{PRIVATE}")
    client.get(f"/v1/catalogue/modules/{PRIVATE}?language={PRIVATE}")
    client.get(f"/{PRIVATE}")
    client.request(PRIVATE.upper(), "/v1/diagnoses")
    client.get(path)
    own = [
        record for record in caplog.records if not record.name.startswith(("httpx", "httpcore", "asyncio"))
    ]
    logged = "\n".join(record.getMessage() for record in own)
    figures = client.get("/metrics").text
    assert "route=/v1/sessions/{id} status=200" in logged
    assert 'route="/v1/diagnoses",status="422"' in figures
    for shown in (logged, figures):
        assert PRIVATE not in shown.lower()
        assert path.rpartition("/")[2] not in shown


def test_an_unexpected_failure_tells_its_place_and_not_its_message(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError(PRIVATE)

    monkeypatch.setattr("campaign_rules.serving.cases.canonical", fail)
    reply = serve().post("/v1/diagnoses", json={"observations": ["stat-missing"]})
    assert reply.status_code == 500
    assert reply.headers["content-type"] == "application/problem+json"
    assert PRIVATE not in reply.text + caplog.text
    assert f"RuntimeError at {__file__}" in caplog.text


def test_work_that_takes_too_long_is_given_up_and_the_service_goes_on(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = threading.Event()
    real = cr.diagnosis.diagnose  # type: ignore[attr-defined]

    def slow(*args: object, **kwargs: object) -> object:
        hold.wait(60)
        return real(*args, **kwargs)

    client = serve(diagnosis_seconds=0.05, threads=1)
    monkeypatch.setattr("campaign_rules.session.diagnose", slow)
    try:
        late = client.post("/v1/diagnoses", json={"observations": ["stat-missing"]})
    finally:
        hold.set()
    assert late.status_code == 503
    assert late.json()["detail"] == "this took more than 0.05 s; send less at a time"
    assert client.get("/health").status_code == 200


def test_texts_are_redacted_unless_asked_otherwise(serve: Serve, shipped: cr.KnowledgeBase) -> None:
    client = serve(shipped)
    ticket = {"ticket": "No e-mail has left for ada.lovelace@example.org since 9:40."}
    assert "ada.lovelace" not in client.post("/v1/diagnoses", json=ticket).text
    assert "ada.lovelace" in client.post("/v1/diagnoses", json=ticket | {"redact": False}).text


def test_two_services_keep_their_sessions_apart(serve: Serve) -> None:
    path = serve().post("/v1/sessions", json={}).headers["location"]
    assert serve().get(path).status_code == 404


def test_a_token_is_not_shown_by_its_settings() -> None:
    settings = ServiceSettings(tokens=(TOKEN,), webhook_secrets=(SECRET,))
    assert TOKEN not in repr(settings)
    assert SECRET not in repr(settings)
