"""The eleven rows of the page *Modules and frequent issues*, as people report them, in both languages."""

from __future__ import annotations

import json

import pytest

import campaign_rules as cr

ROWS = [
    (
        ("export",),
        "An export job that was scheduled has failed.",
        "Un'esportazione programmata non è riuscita.",
    ),
    (("import",), "The scheduled import failed.", "L'importazione pianificata è fallita."),
    (
        ("inMail",),
        "Bounce mails are no longer being retrieved.",
        "Le mail di rimbalzo non vengono più recuperate.",
    ),
    (("mta", "stat"), "Emails are no longer being sent.", "Le e-mail non vengono più inviate"),
    (
        ("stat", "mta"),
        "No more e-mails go out of the platform.",
        "Nessuna e-mail esce più dalla piattaforma.",
    ),
    (("syslogd",), "Log lines are missing.", "Mancano delle righe nei log."),
    (("tracking",), "Tracking logs no longer come in.", "I log di tracciamento non arrivano più."),
    (
        ("trackinglogd",),
        "Tracking information is missing, and the redirection log files do not grow any more.",
        "Mancano le informazioni di tracciamento e i file di log di reindirizzamento non crescono più.",
    ),
    (("watchdog", "nlserver-service"), "No process starts any more.", "Nessun processo si avvia più."),
    (
        ("web",),
        "We cannot access the platform: an xtk:session error appears in the console.",
        "Impossibile accedere alla piattaforma: nella console compare un errore xtk:session.",
    ),
    (
        ("wfserver",),
        "Workflows are no longer being executed.",
        "I flussi di lavoro non vengono più eseguiti.",
    ),
]
ADVICE = {
    "export": {"en": ["delta", "full"], "it": ["delta", "completa"]},
    "import": {"en": ["delta", "full", "duplicate"], "it": ["delta", "completa", "duplicat"]},
    "inMail": {"en": ["start inMail"], "it": ["start inMail"]},
    "mta": {"en": ["start mta"], "it": ["start mta"]},
    "stat": {"en": ["start stat"], "it": ["start stat"]},
    "syslogd": {"en": ["6666"], "it": ["6666"]},
    "tracking": {"en": ["racking"], "it": ["racci"]},
    "trackinglogd": {"en": ["start trackinglogd"], "it": ["start trackinglogd"]},
    "watchdog": {"en": ["start nlserver"], "it": ["start nlserver"]},
    "web": {"en": ["start web"], "it": ["start web"]},
    "wfserver": {"en": ["restart wfserver", "-verbose"], "it": ["restart wfserver", "-verbose"]},
}
CASES = [
    pytest.param(modules, ticket, language, id=f"{modules[0]}-{language}")
    for modules, *tickets in ROWS
    for ticket, language in zip(tickets, ("en", "it"), strict=True)
]


@pytest.mark.parametrize(("modules", "ticket", "language"), CASES)
def test_the_symptom_leads_to_the_module(modules: tuple[str, ...], ticket: str, language: str) -> None:
    diagnosis = cr.diagnose(cr.read_ticket(ticket), language=language)
    ranked = [suspect.module for suspect in diagnosis.suspects][:3]
    assert ranked, diagnosis.observations
    assert ranked[0] in modules
    if modules[0] in ("mta", "stat"):
        assert {"mta", "stat"} <= set(ranked)


@pytest.mark.parametrize(("modules", "ticket", "language"), CASES)
def test_the_advice_is_in_the_plan(modules: tuple[str, ...], ticket: str, language: str) -> None:
    diagnosis = cr.diagnose(cr.read_ticket(ticket), language=language)
    advice = ADVICE[modules[0]][language]
    text = json.dumps([(step.action, step.command) for step in diagnosis.plan], ensure_ascii=False)
    assert all(word in text for word in advice), text


@pytest.mark.parametrize(("modules", "ticket", "language"), CASES)
def test_labels_are_in_the_language_of_the_result(
    modules: tuple[str, ...], ticket: str, language: str
) -> None:
    result = cr.diagnose(cr.read_ticket(ticket), language=language).to_dict()
    knowledge = cr.load_knowledge()
    for item in result["observations"]:
        assert item["label"] == knowledge.observations[item["id"]].label[language]
    for item in result["suspects"]:
        assert item["label"] == knowledge.modules[item["module"]].label[language]
