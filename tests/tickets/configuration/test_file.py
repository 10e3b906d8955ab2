"""The worker's file: what it may say, and what is told of each fault."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

import campaign_rules as cr

pytest.importorskip("sqlalchemy")
pytest.importorskip("fastapi")

from campaign_rules.tickets import connecting
from campaign_rules.tickets.configuration.file import read_config, read_policy
from campaign_rules.tickets.configuration.settings import Config, Keys, Triage
from campaign_rules.tickets.connecting import PATH, Connector, connectors, load_connector
from tests.rule_bases import write_rule_base

TOKEN = "sesame-open-thyself"
HOOK = "a-secret-that-nobody-guesses"


@frozen(kw_only=True)
class Settings:
    url: str
    token: str = field(repr=False)
    project: str = ""
    ca: str = field(default="", metadata=PATH)
    seconds: float = 30.0


class EntryPoint:
    name = "desk"

    def load(self) -> Connector:
        return Connector(Settings, lambda settings: settings)


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "entry_points", lambda group: [EntryPoint()])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def written(folder: Path, text: str) -> str:
    file = folder / "tickets.yaml"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return str(file)


def config(folder: Path, text: str, **environment: str) -> Config:
    return read_config(written(folder, text), environment).config


def faults(folder: Path, text: str, **environment: str) -> list[str]:
    with pytest.raises(cr.InputError) as refused:
        read_config(written(folder, text), environment)
    assert TOKEN not in str(refused.value)
    return [line.removeprefix(f"{folder}/tickets.yaml:") for line in str(refused.value).splitlines()]


WHOLE = f"""\
tracker:
  desk:
    url: https://desk.example
    token: {{env: DESK_TOKEN}}
    project: OPS
triage:
  language: it
  threshold: 0.6
  labels: {{diagnosed: found}}
  queues: {{mta: Delivery}}
  fields: {{module: customfield_1}}
  since: 2026-11-01
rules: my-rules
state: sqlite:///state/tickets.db
poll_seconds: 10
threads: 2
webhooks:
  port: 9000
  secrets: [{HOOK}]
"""

LEAST = "tracker: {desk: {url: https://desk.example, token: sesame-open-thyself}}\n"


def test_a_whole_file_is_read(folder: Path) -> None:
    read = config(folder, WHOLE, DESK_TOKEN=TOKEN)
    assert read.settings == Settings(url="https://desk.example", token=TOKEN, project="OPS")
    assert read.open_tracker() is read.settings
    triage = read.keys.triage
    assert (triage.language, triage.threshold, triage.queues) == ("it", 0.6, {"mta": "Delivery"})
    assert read.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert (read.keys.poll_seconds, read.keys.threads) == (10.0, 2)
    assert read.keys.webhooks is not None
    assert read.keys.webhooks.secrets == (HOOK,)
    assert read.name == "desk desk.example"
    assert TOKEN not in repr(read)
    assert HOOK not in repr(read)


def test_paths_are_taken_from_the_folder_of_the_file(folder: Path) -> None:
    keys = config(folder, WHOLE, DESK_TOKEN=TOKEN).keys
    assert keys.rules == str(folder / "my-rules")
    assert keys.state == f"sqlite:///{folder}/state/tickets.db"
    assert config(folder, LEAST).keys.state == f"sqlite:///{folder}/tickets.db"
    assert config(folder, f"{LEAST}state: postgresql+psycopg://host/name\n").keys.state == (
        "postgresql+psycopg://host/name"
    )
    given = LEAST.replace("token:", "ca: own.pem, token:")
    assert config(folder, given).settings.ca == str(folder / "own.pem")
    assert config(folder, LEAST).settings.ca == ""


def test_the_name_of_a_tracker_in_the_state_has_no_account(folder: Path) -> None:
    text = LEAST.replace("https://desk.example", "https://bot:sesame@desk.example:8443/itsm/")
    assert config(folder, text).name == "desk desk.example:8443/itsm"


def test_what_is_left_out_has_defaults(folder: Path) -> None:
    read = config(folder, LEAST)
    assert (read.keys.poll_seconds, read.keys.threads, read.keys.webhooks) == (30.0, 1, None)
    assert (read.keys.triage.language, read.since, read.settings.seconds) == ("en", None, 30.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LEAST + "pol_seconds: 3\n", ["2: unknown key 'pol_seconds' (did you mean 'poll_seconds'?)"]),
        (LEAST + "triage:\n  treshold: 0.5\n", ["3: unknown key 'treshold' (did you mean 'threshold'?)"]),
        (LEAST + "poll_seconds: soon\n", ["2: poll_seconds: expected a number, not 'soon'"]),
        (LEAST + "poll_seconds: 1\npoll_seconds: 2\n", ["3: key 'poll_seconds' is given twice"]),
        (
            "tracker:\n  desk:\n    ulr: https://desk.example\n    token: sesame-open-thyself\n",
            ["3: key 'url' is missing", "3: unknown key 'ulr' (did you mean 'url'?)"],
        ),
        (
            LEAST + "webhooks: {host: 0.0.0.0}\n",
            ["2: others reach 0.0.0.0, so give webhooks.secrets, or listen on 127.0.0.1"],
        ),
        (
            LEAST + "webhooks: {secrets: short}\n",
            ["2: a secret needs at least 20 characters; make one with: openssl rand -base64 32"],
        ),
        (LEAST + "triage: {since: lately}\n", ["2: since: 'lately' is no day such as 2026-11-01"]),
    ],
)
def test_every_fault_is_told_with_its_line_and_the_nearest_word(
    folder: Path, text: str, expected: list[str]
) -> None:
    assert faults(folder, text) == expected


def test_numbers_outside_of_their_range_are_refused(folder: Path) -> None:
    for text in ("threads: 0", "poll_seconds: 0", "lease_seconds: -1", "webhooks: {port: 70000}"):
        (fault,) = faults(folder, f"{LEAST}{text}\n")
        assert fault.startswith(("1: ", "2: "))


@pytest.mark.parametrize(
    ("triage", "fault"),
    [
        ("threshold: 2", "3: 'threshold' must be <= 1.0: 2.0"),
        ("language: fr", "3: unknown language 'fr'"),
        ("labels: {diagnosd: x}", "3: unknown verdict 'diagnosd' (did you mean 'diagnosed'?)"),
        ("queues: {mtaa: x}", "3: unknown module 'mtaa' (did you mean 'mta'?)"),
        ("fields: {modul: x}", "3: unknown field 'modul' (did you mean 'module'?)"),
    ],
)
def test_what_is_written_on_tickets_is_checked_against_the_rule_base(
    folder: Path, triage: str, fault: str
) -> None:
    knowledge = cr.load_knowledge(write_rule_base(folder / "rules"))
    read = config(folder, f"{LEAST}triage:\n  {triage}\n")
    with pytest.raises(cr.InputError) as refused:
        read_policy(read, knowledge)
    assert str(refused.value).startswith(f"{folder}/tickets.yaml:{fault}")


def test_known_issues_are_in_a_file_of_their_own(folder: Path) -> None:
    knowledge = cr.load_knowledge(write_rule_base(folder / "rules"))
    read = config(folder, f"{LEAST}triage: {{known_issues: known.yaml}}\n")
    with pytest.raises(cr.InputError, match=r"known\.yaml: no such file"):
        read_policy(read, knowledge)
    issues = folder / "known.yaml"
    issues.write_text("- {module: mta, reason: relay, until: 2026-12-05}\n", encoding="utf-8")
    (issue,) = read_policy(read, knowledge).known_issues
    assert (issue.module, str(issue.until)) == ("mta", "2026-12-05")
    issues.write_text("- {module: mtaa, reason: relay, until: 2026-12-05}\n", encoding="utf-8")
    with pytest.raises(cr.InputError, match=r"known\.yaml:1: unknown module 'mtaa'"):
        read_policy(read, knowledge)


@pytest.mark.parametrize("text", ["", "tracker:\n", "tracker: {desk: {}, jira: {}}\n", "- tracker\n"])
def test_a_file_has_exactly_one_tracker(folder: Path, text: str) -> None:
    (fault,) = faults(folder, text)
    assert "tracker needs exactly one of desk, jira, mail" in fault


def test_an_unknown_tracker_is_named_with_the_nearest_one(folder: Path) -> None:
    (fault,) = faults(folder, "tracker: {jirra: {}}\n")
    assert fault.startswith("1: unknown tracker 'jirra' (did you mean 'jira'?); use one of desk, jira")


def test_a_missing_file_is_told() -> None:
    with pytest.raises(cr.InputError, match="no such file"):
        read_config("nowhere/tickets.yaml")


def secret_file(folder: Path, text: str, mode: int) -> str:
    (folder / "token").write_text(text, encoding="utf-8")
    (folder / "token").chmod(mode)
    return "tracker: {desk: {url: https://desk.example, token: {file: token}}}\n"


def test_a_secret_comes_from_a_file(folder: Path) -> None:
    text = secret_file(folder, f"{TOKEN}\n", 0o600)
    read = read_config(written(folder, text), {})
    assert (read.config.settings.token, read.warnings) == (TOKEN, ())


def test_a_secret_that_others_can_read_is_told_and_one_that_they_can_write_refused(folder: Path) -> None:
    text = secret_file(folder, TOKEN, 0o644)
    (warning,) = read_config(written(folder, text), {}).warnings
    assert "everybody on this machine can read the secrets in it: chmod 600" in warning
    secret_file(folder, TOKEN, 0o640)
    assert read_config(written(folder, text), {}).warnings == ()
    secret_file(folder, TOKEN, 0o660)
    (fault,) = faults(folder, text)
    assert "others can write it, so it is no secret" in fault


def test_a_file_that_holds_a_secret_and_that_others_can_read_is_told(folder: Path) -> None:
    file = Path(written(folder, LEAST))
    assert read_config(str(file), {}).warnings == ()
    file.chmod(0o644)
    (warning,) = read_config(str(file), {}).warnings
    assert warning.startswith(f"{file}: everybody on this machine can read the secrets in it")


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("{env: DESK_TOKEN}", "environment variable DESK_TOKEN is not set, or empty"),
        ("{env: [DESK_TOKEN]}", "env: expected a name"),
        ("{file: nowhere}", "nowhere: cannot be read: No such file or directory"),
    ],
)
def test_a_secret_that_is_not_there_is_told(folder: Path, source: str, fault: str) -> None:
    (told,) = faults(folder, f"tracker:\n  desk:\n    url: https://desk.example\n    token: {source}\n")
    assert told.startswith("4: ")
    assert fault in told


def test_a_secret_that_is_a_number_is_refused_and_not_shown(folder: Path) -> None:
    text = LEAST.replace(TOKEN, "31415926535")
    assert faults(folder, text) == ["1: token: write it in quotation marks, so that it is a text"]


def test_a_state_may_name_its_password(folder: Path) -> None:
    url = f"postgresql+psycopg://worker:{TOKEN}@db/name"
    assert config(folder, f"{LEAST}state: {{env: STATE}}\n", STATE=url).keys.state == url


def test_shipped_trackers_are_named_and_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"jira", "mail", "redmine", "roundup", "servicenow", "webhook", "zammad"} <= set(connectors())
    for name, package in (("jira", "jira"), ("roundup", "tickets")):
        monkeypatch.setitem(sys.modules, f"campaign_rules.tickets.connectors.{name}", None)
        with pytest.raises(cr.InputError, match=rf"pip install 'campaign-rules\[{package}\]'"):
            load_connector(name)


PAGES = sorted((Path(__file__).parents[3] / "docs/how-to").glob("tickets-*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_page_of_each_system_has_a_configuration_that_is_read(folder: Path, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in text.split("```yaml\n")[1:]]
    whole = [block for block in blocks if re.search(r"^tracker:", block, re.MULTILINE)]
    assert whole
    (folder / "known-issues.yaml").touch()
    for block in whole:
        block = re.sub(r"\{file: [^}]+\}", "{env: FROM_A_FILE}", block)
        names = re.findall(r"\{env: (\w+)\}", block)
        read = config(folder, block, **dict.fromkeys(names, HOOK))
        read_policy(read, cr.load_knowledge())
        read.open_tracker().close()


def test_the_settings_of_a_connector_are_checked_with_their_lines(folder: Path) -> None:
    text = "tracker:\n  jira: {url: jira.example, token: sesame-open-thyself, query: project = OPS}\n"
    (fault,) = faults(folder, text)
    assert fault.startswith("2: ")
    assert "jira: url is the whole address" in fault


def test_the_page_names_every_key_and_its_default() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/tickets-config.md").read_text(encoding="utf-8")
    from attrs import NOTHING, fields

    from campaign_rules.tickets.configuration.settings import Webhooks

    for prefix, shape in (("", Keys), ("triage.", Triage), ("webhooks.", Webhooks)):
        for one in fields(shape):
            row = next((line for line in page.splitlines() if line.startswith(f"| `{prefix}{one.name}`")), "")
            assert row, f"{prefix}{one.name} has no row"
            if (
                one.default is not NOTHING
                and isinstance(one.default, str | int | float)
                and one.default != ""
            ):
                assert f"| `{shown(one.default)}` |" in row, row


def shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
