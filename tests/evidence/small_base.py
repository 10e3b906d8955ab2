"""A small knowledge base for reading evidence: a few modules and observations, the shipped languages."""

from __future__ import annotations

from pathlib import Path

import yaml

from campaign_rules.model import (
    Comparison,
    KnowledgeBase,
    Language,
    Module,
    ObservationType,
    Scale,
    Scope,
    Sign,
    Signs,
    Test,
    ValueKind,
)

LANGUAGES = Path(__file__).parents[2] / "rules" / "language"


def shipped_languages() -> dict[str, Language]:
    found = {}
    for path in sorted(LANGUAGES.glob("*.yaml")):
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))["language"]
        words = {name: tuple(entry[name]) for name in ("negations", "wellbeing", "fillers")}
        synonyms = {name: tuple(listed) for name, listed in entry["synonyms"].items()}
        found[entry["code"]] = Language(entry["code"], synonyms=synonyms, **words)
    return found


def module(name: str, scope: Scope, listed: bool = True, aliases: tuple[str, ...] = ()) -> Module:
    return Module(name, {"en": name}, scope, listed, aliases=aliases)


def missing(name: str, **phrases: tuple[str, ...]) -> ObservationType:
    signs = Signs(phrases, readings=(Sign(f"process.{name}", Test(Comparison.IS, "missing")),))
    return ObservationType(f"process-missing-{name.lower()}", {"en": name}, signs=signs)


def kind(name: str, *log: str, **phrases: tuple[str, ...]) -> ObservationType:
    return ObservationType(name, {"en": name}, signs=Signs(phrases, log=log))


def measured(name: str, reading: str, comparison: Comparison, operand: str | float) -> ObservationType:
    signs = Signs(readings=(Sign(reading, Test(comparison, operand)),))
    return ObservationType(name, {"en": name}, signs=signs, value=ValueKind.NUMBER)


MODULES = (
    module("watchdog", Scope.MACHINE),
    module("web", Scope.MACHINE),
    module("syslogd", Scope.MACHINE),
    module("trackinglogd", Scope.MACHINE),
    module("webmdl", Scope.MACHINE, listed=False, aliases=("redirection",)),
    module("mta", Scope.INSTANCE, aliases=("delivery server",)),
    module("wfserver", Scope.INSTANCE),
    module("inMail", Scope.INSTANCE),
    module("stat", Scope.INSTANCE, listed=False),
    module("wf-cleanup", Scope.INSTANCE, listed=False, aliases=("database cleanup",)),
    module("wf-tracking", Scope.INSTANCE, listed=False, aliases=("tracking workflow",)),
)

OBSERVATIONS = (
    missing(
        "mta",
        en=("the mta is down", "mta is missing", "mta does not start"),
        it=("mta è fermo",),
        fr=("le mta est arrêté",),
        de=("MTA läuft nicht",),
        es=("el mta está parado",),
    ),
    missing("stat", en=("stat is not running",)),
    missing("web", en=("web module is down",)),
    missing("syslogd", en=("syslogd is not running",)),
    missing("trackinglogd", en=("trackinglogd is down",)),
    missing("wfserver", en=("wfserver is down",)),
    missing("inMail", en=("inMail is down",)),
    missing("watchdog", en=("watchdog is down",)),
    kind("mails-not-sent", en=("mails are not sent", "no mail is sent"), it=("le mail non partono",)),
    kind("sms-not-sent", en=("SMS are not sent",)),
    kind("tracking-broken", en=("tracking does not work",)),
    kind("tracking-workflow-failed", en=("tracking workflow in error",)),
    kind("workflow-failed", en=("workflow failed",)),
    kind("workflow-will-not-stop", en=("workflow cannot be stopped",)),
    kind("workflow-stuck", en=("workflow is stuck",)),
    kind("nothing-runs", en=("no process is running", "all processes are down")),
    kind("no-bounces", en=("no bounces",)),
    kind("port-conflict", en=("port conflict",)),
    kind("console-slow", en=("the console is slow",)),
    kind("database-unreachable", en=("the database does not answer",)),
    kind("disk-full", en=("disk is full",)),
    kind("upgrade-failed", en=("upgrade failed",)),
    kind("recent-upgrade", r"\bafter the upgrade\b"),
    kind("cleanup-failed", en=("database cleanup failed",)),
    kind("delivery-pending", en=("delivery is pending",)),
    kind("console-does-not-open", en=("console does not open",)),
    kind("no-opens", en=("no opens",)),
    kind("logs-missing", en=("logs are missing",)),
    kind("log-db-error", r"PGS-220000|ODBC error:"),
    kind("log-no-tasks", r"^No tasks$"),
    kind("log-cross-device", r"unable to rename file '[^']+' to .*errno=18"),
    kind("log-stop-requested", r"Stop requested for '\w+@(?P<instance>[\w-]+)'"),
    ObservationType(
        "log-pool-full",
        {"en": "pool"},
        signs=Signs(log=(r"maximum number of connections has been reached \((?P<value>\d+)\)",)),
        value=ValueKind.NUMBER,
    ),
    ObservationType(
        "operating-system",
        {"en": "os"},
        signs=Signs({"en": ("runs on Linux", "runs on Windows")}, (r"\b(?P<value>linux) kernel",)),
        value=ValueKind.WORD,
        values=("linux", "windows"),
    ),
    measured("build", "campaign.build", Comparison.AT_LEAST, 1),
    measured("many-connections", "connections.open", Comparison.AT_LEAST, 2),
    measured("mta-large", "process.mta.memory_mb", Comparison.AT_LEAST, 1000),
    measured("no-process", "processes.running", Comparison.IS, 0),
    measured("some-missing", "processes.missing", Comparison.AT_LEAST, 1),
    ObservationType(
        "redirection-ill",
        {"en": "redirection"},
        signs=Signs(readings=(Sign("redirection.status", Test(Comparison.IS_NOT, "OK")),)),
        value=ValueKind.WORD,
    ),
)


def example_knowledge() -> KnowledgeBase:
    return KnowledgeBase(
        version="1",
        fingerprint="",
        scale=Scale({}, {}, {}, {}, {}),
        modules={entry.id: entry for entry in MODULES},
        dependencies=(),
        observations={entry.id: entry for entry in OBSERVATIONS},
        facts={},
        rules={},
        causes={},
        steps={},
        languages=shipped_languages(),
    )
