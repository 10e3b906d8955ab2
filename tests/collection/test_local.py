from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from campaign_rules.collection.commands import COMMANDS, Finished
from campaign_rules.collection.local import collect_local
from campaign_rules.errors import InputError
from campaign_rules.evidence_file import Artefact


@pytest.fixture
def home(tmp_path: Path) -> Path:
    log = tmp_path / "var" / "prod" / "log" / "mta.log"
    log.parent.mkdir(parents=True)
    log.write_text("a line\n")
    return tmp_path


def collected(home: str, instance: str = "", heard: list[str] | None = None) -> tuple[Artefact, ...]:
    def run(arguments: Sequence[str], timeout: float) -> Finished:
        return Finished(0, f"output of {' '.join(arguments)}\n")

    return collect_local(
        now=lambda: "now",
        timeout=5.0,
        instance=instance,
        home=home,
        run=run,
        find=lambda program: None if program == "free" else program,
        announce=(heard if heard is not None else []).append,
    )


def test_everything_is_collected_in_order(home: Path) -> None:
    heard: list[str] = []
    artefacts = collected(str(home), "prod", heard)
    log = str(home / "var" / "prod" / "log" / "mta.log")
    assert [one.name for one in artefacts] == [*(choices[0] for choices in COMMANDS), log]
    assert [one.name for one in artefacts if not one.text] == ["free -m"]
    assert artefacts[0].text == "$ nlserver pdump\noutput of nlserver pdump\n"
    assert heard == [*(f"running {choices[0]}" for choices in COMMANDS), f"reading {log}"]


def test_nothing_is_run_on_a_server_without_the_instance(home: Path) -> None:
    heard: list[str] = []
    with pytest.raises(InputError, match="no instance 'dev'"):
        collected(str(home), "dev", heard)
    assert heard == []


def test_a_machine_without_campaign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaign_rules.collection.logs.HOMES", ())
    assert collected("")[-1] == Artefact("logs of Campaign", "log", "now", note="not available")


def test_an_instance_is_named_where_there_is_no_campaign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaign_rules.collection.logs.HOMES", ())
    with pytest.raises(InputError, match="no installation of Campaign"):
        collected("", "prod")
