"""Nothing that leaves shows a planted secret, and the diagnosis is the one that the secrets would give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.cli import main
from campaign_rules.cli.rendering import _RENDERERS
from campaign_rules.evidence import redact_texts
from campaign_rules.knowledge import read_scenarios, shipped_rules
from campaign_rules.model import Evidence
from tests.evidence.planted_secrets import PLANTED
from tests.planted_folder import showing, write_planted

BATCHES = [PLANTED[at::5] for at in range(5)]
EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "incidents").iterdir())
SCENARIOS = [entry.value for entry in read_scenarios(shipped_rules())]


def outputs(evidence: Evidence) -> Iterator[str]:
    """Yield all that can be shown of a diagnosis, in every format and language."""
    for language in ("en", "it"):
        diagnosis = cr.diagnose(evidence, language=language, engine="semi-naive")
        for render in _RENDERERS.values():
            yield render(diagnosis)
        for suspect in diagnosis.suspects:
            yield diagnosis.why(suspect.module)
        yield from (diagnosis.why_not(module) for module in ("web", "mta", "inMail"))
    yield repr(diagnosis)
    yield repr(evidence)


def concluded(evidence: Evidence) -> object:
    """Return all of a diagnosis but the excerpts."""
    found = cr.diagnose(evidence, engine="semi-naive")
    observed = [(one.id, one.state, one.value, one.instance) for one in found.observations]
    return observed, found.suspects, found.plan, found.next_checks, found.unused, found.unexplained


@pytest.mark.parametrize("batch", range(len(BATCHES)))
def test_no_output_shows_a_planted_secret(batch: int, tmp_path: Path) -> None:
    folder = write_planted(tmp_path, BATCHES[batch])
    hidden, plain = cr.read_files([folder]), cr.read_files([folder], redact=False)
    assert concluded(hidden) == concluded(plain)
    assert showing("\n".join(outputs(hidden)), BATCHES[batch]) == []
    assert len(showing("\n".join(outputs(plain)), BATCHES[batch])) > 20
    assert {entry.kind for entry in hidden.ledger.entries} >= {"email", "host", "ip", "login", "password"}
    assert not plain.ledger.entries


@pytest.mark.parametrize("arguments", [(), ("--format", "json"), ("--why", "mta", "--language", "it")])
def test_the_command_line_shows_none(
    arguments: Sequence[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = write_planted(tmp_path, BATCHES[0])
    ticket = folder / "anna.file@acme.net.eml"
    ticket.write_text("The mta is down, says jane.roe@acme.net", encoding="utf-8")
    command = ["campaign-rules", "diagnose", str(folder), "--ticket", str(ticket), *arguments]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert not ended.value.code
    assert "is a binary file; left out" in printed.err
    assert "values replaced by tokens" in printed.err
    assert showing(printed.out + printed.err, BATCHES[0]) == []


@pytest.mark.parametrize("option", [(), ("--ticket",)])
def test_errors_show_none(
    option: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_planted(tmp_path, BATCHES[0])
    missing = next((folder / "home").rglob("mta.log")).with_name("mta.lgo")
    monkeypatch.setattr("sys.argv", ["campaign-rules", "diagnose", *option, str(missing)])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert ended.value.code == 2
    assert "no such file" in printed.err
    assert showing(printed.err) == []


def test_an_error_shows_its_path_when_asked(tmp_path: Path) -> None:
    missing = tmp_path / "backup9.acme.net" / "mta.log"
    with pytest.raises(cr.InputError, match="backup9"):
        cr.read_files([missing], redact=False)
    with pytest.raises(cr.InputError, match="<host-1>") as raised:
        cr.read_files([missing])
    assert raised.value.__suppress_context__


def redacted_before(texts: Sequence[str]) -> list[str]:
    return list(redact_texts(texts)[0])


def same_after_redaction(ticket: str, attachments: Sequence[str]) -> None:
    first, *others = redacted_before([ticket, *attachments])
    plain = cr.read_ticket(ticket, attachments, redact=False)
    assert concluded(cr.read_ticket(ticket, attachments)) == concluded(plain)
    assert concluded(cr.read_ticket(first, others)) == concluded(plain)


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_example_is_diagnosed_alike_before_and_after(folder: Path) -> None:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    same_after_redaction("", [path.read_text(encoding="utf-8") for path in files])


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(one, id=one.id, marks=() if at % 5 == 0 else pytest.mark.slow)
        for at, one in enumerate(SCENARIOS[::5])
    ],
)
def test_a_scenario_is_diagnosed_alike_before_and_after(scenario) -> None:
    same_after_redaction(scenario.ticket, scenario.attachments)


def test_a_redacted_folder_is_diagnosed_alike(tmp_path: Path) -> None:
    folder = write_planted(tmp_path / "plain", ())
    plain = cr.read_files([folder], redact=False)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".bin"]
    for path, text in zip(files, redacted_before([path.read_text("utf-8") for path in files]), strict=True):
        path.write_text(text, encoding="utf-8")
    after = cr.read_files([folder])
    assert concluded(after) == concluded(plain)
    assert {"module-not-started-here", "stat-shared", "sessions-open"} <= {one.id for one in after}
