"""What the service answers is what the library finds."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

import campaign_rules as cr
from campaign_rules.service.replies import DiagnosisReply, ExplanationReply
from campaign_rules.serving.cases import Case, Cases
from campaign_rules.serving.problems import Problem
from campaign_rules.serving.settings import Settings
from tests.service.conftest import Serve

GIVEN = ["process-missing-stat@prod", "mails-not-sent"]


def test_a_diagnosis_is_that_of_the_library(serve: Serve, shipped: cr.KnowledgeBase) -> None:
    incident = {"ticket": "No e-mail has left since 9:40. qwertz uiop asdf.", "observations": GIVEN}
    reply = serve(shipped).post("/v1/diagnoses", json=incident)
    read = cr.read_ticket(incident["ticket"], knowledge=shipped)
    expected = cr.diagnose([*read, *GIVEN], knowledge=shipped).to_dict()
    found = reply.json()
    missed = found.pop("not_understood")
    assert [one["text"] for one in missed] == [one.text for one in read.not_understood]
    assert expected.pop("not_understood") == []
    assert [one["id"] for one in found["observations"]] == [one["id"] for one in expected["observations"]]
    assert found["suspects"] == expected["suspects"]
    assert found["plan"] == expected["plan"]


def _unnamed(model: type[BaseModel], document: Any) -> None:
    """Fail if a document has a key that its model does not have, or lacks one."""
    assert model.model_validate(document).model_dump(mode="json", exclude_unset=True) == document


def test_the_models_name_every_key(shipped: cr.KnowledgeBase) -> None:
    found = cr.diagnose(
        ["mails-not-sent", "process-missing-stat@prod", "delivery-start-pending"], knowledge=shipped
    )
    assert found.suspects
    assert found.next_checks
    assert found.plan
    _unnamed(DiagnosisReply, found.to_dict())
    for module in ("stat", "mta", "web"):
        _unnamed(ExplanationReply, found.explanation(module))


def test_the_message_of_a_wrong_id_names_the_right_one(client: TestClient) -> None:
    reply = client.post("/v1/diagnoses", json={"observations": ["stat-mising"]})
    assert reply.status_code == 422
    assert reply.json() == {
        "type": "about:blank",
        "title": HTTPStatus(422).phrase,
        "status": 422,
        "detail": "unknown observation 'stat-mising' (did you mean 'stat-missing'?)",
    }


def test_faults_of_a_body_are_named_by_place(client: TestClient) -> None:
    reply = client.post("/v1/diagnoses", json={"tickets": "x", "attachments": [1]})
    assert reply.json()["detail"] == (
        "attachments.0: Input should be a valid string; tickets: Extra inputs are not permitted"
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"ticket": "\\ud800"}',
        b'{"observations": ["queue=\\udfff"]}',
        b'{"observations": [{"id": "queue", "value": 1e999}]}',
        b'{"observations": [{"id": "queue", "value": true}]}',
        b"[" * 100_000,
        b'{"ticket": 1' + b"0" * 5000 + b"}",
        b"\xff",
        b"",
    ],
    ids=["surrogate", "surrogate value", "infinite", "boolean", "deep", "long number", "no UTF-8", "empty"],
)
def test_hostile_bodies_are_refused_as_problems(client: TestClient, body: bytes) -> None:
    reply = client.post("/v1/diagnoses", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code in (400, 422)
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == reply.status_code


def test_observations_may_be_absent_and_measured(client: TestClient) -> None:
    given = [{"id": "stat-missing", "state": "absent", "instance": "prod"}, {"id": "queue", "value": 2000}]
    found = client.post("/v1/diagnoses", json={"observations": given}).json()
    assert [(one["id"], one["state"], one["value"], one["instance"]) for one in found["observations"]] == [
        ("queue", "present", 2000.0, ""),
        ("stat-missing", "absent", None, "prod"),
    ]


def test_a_session_observes_answers_retracts_explains_and_ends(client: TestClient) -> None:
    opened = client.post("/v1/sessions", json={"observations": ["mails-not-sent"], "language": "it"})
    assert opened.status_code == 201
    path = opened.headers["location"]
    assert path == f"/v1/sessions/{opened.json()['id']}"
    assert client.get(f"{path}/next-check").json()["next_check"]["question"] == "stat non gira?"

    answered = client.post(f"{path}/observations", json={"observations": ["stat-missing"]}).json()
    assert answered["diagnosis"]["suspects"][0]["module"] == "stat"
    why = client.get(f"{path}/explanations/stat").json()["why"]
    assert [one["rule"] for one in why["suspects"][0]["proof"]] == ["no-mail", "stat-gone"]

    denial = {"observations": [{"id": "stat-missing", "state": "absent"}]}
    denied = client.post(f"{path}/observations", json=denial).json()["diagnosis"]
    assert [(one["id"], one["state"]) for one in denied["observations"]] == [
        ("mails-not-sent", "present"),
        ("stat-missing", "absent"),
    ]
    against = client.get(f"{path}/explanations/stat").json()["why_not"]["against"]
    assert [one["rule"] for one in against] == ["stat-runs"]

    client.post(f"{path}/retractions", json={"observations": ["stat-missing"]})
    assert client.get(path).json()["diagnosis"] == opened.json()["diagnosis"]

    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_what_nobody_can_tell_is_not_asked_again(client: TestClient) -> None:
    path = client.post("/v1/sessions", json={"observations": ["mails-not-sent"]}).headers["location"]
    assert client.get(f"{path}/next-check").json()["next_check"]["observation"] == "stat-missing"
    client.post(f"{path}/observations", json={"observations": [{"id": "stat-missing", "state": "unknown"}]})
    assert client.get(f"{path}/next-check").json()["next_check"]["observation"] == "queue"


def test_a_refused_observation_changes_nothing(client: TestClient) -> None:
    path = client.post("/v1/sessions", json={"observations": ["mails-not-sent"]}).headers["location"]
    before = client.get(path).json()
    wrong = {"ticket": "stat", "observations": ["stat-missing", "nonsense"]}
    assert client.post(f"{path}/observations", json=wrong).status_code == 422
    assert client.get(path).json() == before


def test_a_refused_incident_opens_no_session(client: TestClient) -> None:
    assert client.post("/v1/sessions", json={"language": "xx"}).status_code == 422
    assert client.post("/v1/sessions", json={"observations": ["nonsense"]}).status_code == 422
    assert "campaign_rules_sessions 0.0" in client.get("/metrics").text


def test_the_catalogue_tells_what_is_known(client: TestClient) -> None:
    kinds = client.get("/v1/catalogue").json()["kinds"]
    assert kinds == {"modules": 2, "observations": 3, "facts": 1, "rules": 5, "causes": 2, "steps": 2}
    modules = client.get("/v1/catalogue/modules", params={"language": "it"}).json()
    assert modules[0] == {"id": "mta", "label": "Server di consegna"}
    assert client.get("/v1/catalogue/rules/no-mail").json()["then"] == [
        {"verb": "impairs", "target": "mta", "strength": "likely"}
    ]
    missing = client.get("/v1/catalogue/modules/mtb")
    assert missing.status_code == 404
    assert missing.json()["detail"] == "unknown module 'mtb' (did you mean 'mta'?)"


def test_other_methods_are_told_all_that_a_path_allows(client: TestClient) -> None:
    path = client.post("/v1/sessions", json={}).headers["location"]
    refused = client.put(path)
    assert refused.status_code == 405
    assert refused.headers["allow"] == "DELETE, GET"


def test_figures_count_requests_by_route(client: TestClient) -> None:
    path = client.post("/v1/sessions", json={}).headers["location"]
    client.get(path)
    client.get(path)
    figures = client.get("/metrics").text
    assert 'requests_total{method="GET",route="/v1/sessions/{id}",status="200"} 2.0' in figures
    assert "campaign_rules_sessions 1.0" in figures


def test_cases_are_bounded_and_expire(base: cr.KnowledgeBase) -> None:
    now = 0.0
    cases = Cases(Settings(cases=2, case_seconds=10), clock=lambda: now)
    first, second = cases.open(Case(base)), cases.open(Case(base))
    with pytest.raises(Problem) as full:
        cases.open(Case(base))
    assert full.value.status == 503
    now = 9.0
    cases.find(first)
    now = 10.0
    assert len(cases) == 1
    with pytest.raises(Problem):
        cases.find(second)
    cases.find(first)


def test_texts_of_a_case_share_their_tokens(shipped: cr.KnowledgeBase) -> None:
    case = Case(shipped)
    case.tell(ticket="No e-mail has left for ada@example.org since 9:40.")
    case.tell(ticket="No e-mail has left since 9:45.", redact=False)
    case.tell(ticket="No e-mail has left for bob@example.org since 9:50.")
    shown = str(case.diagnosis.to_dict()["observations"])
    assert "<email-1>" in shown
    assert "<email-2>" in shown
