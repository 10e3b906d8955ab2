from __future__ import annotations

from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.collection.logs import find_home, find_logs, read_tail
from campaign_rules.errors import InputError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("default/log/web.log", "default/log/notes.txt", "prod/log/mta.log", "dev/log/mta.log"):
        path = tmp_path / "var" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x\n")
    (tmp_path / "var" / "prod" / "redir").mkdir()
    (tmp_path / "var" / "idle").mkdir()
    return tmp_path


def names(home: Path, instance: str = "") -> list[str]:
    return [path.relative_to(home / "var").as_posix() for path in find_logs(home, instance)]


def test_the_logs_of_all_instances(home: Path) -> None:
    assert names(home) == ["default/log/web.log", "dev/log/mta.log", "prod/log/mta.log"]


def test_the_logs_of_one_instance_and_of_the_machine(home: Path) -> None:
    assert names(home, "prod") == ["default/log/web.log", "prod/log/mta.log"]


def test_an_instance_that_the_server_does_not_have(home: Path) -> None:
    with pytest.raises(InputError, match=r"no instance 'prd' \(did you mean 'prod'\?\)"):
        find_logs(home, "prd")


def test_the_folder_of_campaign(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_home(str(home)) == home
    with pytest.raises(InputError, match="no folder of Campaign"):
        find_home(str(home / "var"))
    monkeypatch.setattr("campaign_rules.collection.logs.HOMES", (str(home / "no"), str(home)))
    assert find_home() == home
    monkeypatch.setattr("campaign_rules.collection.logs.HOMES", ())
    assert find_home() is None


def test_a_short_log_is_kept_whole(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_bytes("è partito\n".encode())
    artefact = read_tail(log, lambda: "now")
    assert (artefact.name, artefact.kind, artefact.taken) == (str(log), "log", "now")
    assert (artefact.text, artefact.note) == ("è partito\n", "")


@pytest.mark.parametrize("longest", range(1, 12))
def test_the_tail_of_a_long_log_begins_with_a_whole_line(tmp_path: Path, longest: int) -> None:
    log = tmp_path / "web.log"
    log.write_bytes(b"one\ntwo\nfour\n")
    text = read_tail(log, lambda: "now", longest).text
    assert text in ("", "four\n", "two\nfour\n")
    assert len(text) <= longest


def test_the_note_says_how_much_was_kept(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_bytes(b"one\ntwo\nfour\n")
    assert read_tail(log, lambda: "now", 8).note == "the last 5 of 13 bytes"


def test_latin_1_and_nul(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_bytes(b"\xe8 partito\0\n")
    assert read_tail(log, lambda: "now").text == "è partito\n"


def test_a_log_that_cannot_be_read_is_listed(tmp_path: Path) -> None:
    artefact = read_tail(tmp_path / "gone.log", lambda: "now")
    assert (artefact.text, artefact.note) == ("", "cannot be read: No such file or directory")


def test_the_path_tells_the_instance(tmp_path: Path) -> None:
    log = tmp_path / "var" / "prod" / "log" / "mta.log"
    log.parent.mkdir(parents=True)
    log.write_text("2024-03-05 09:12:44.120Z 4711 00001a2b 1 error log DNS query failed for 'example.com'\n")
    artefact = read_tail(log, lambda: "now")
    found = {one.id: one.instance for one in cr.read_artifact(artefact.text, artefact.name)}
    assert found["log-dns-query-failed"] == "prod"
