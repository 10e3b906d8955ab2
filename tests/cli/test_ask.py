"""The interview on the command line: answers from a file, a saved state, and what is printed where."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Run

GIVEN = ("ask", "--observe", "mails-not-sent")


def questions(text: str) -> list[str]:
    """Return what was asked, without numbers and costs."""
    lines = [line.partition(". ") for line in text.splitlines()]
    return [asked.partition(" (")[0] for number, _, asked in lines if number.isdecimal()]


def test_answers_come_from_standard_input_and_the_diagnosis_goes_to_standard_output(run: Run) -> None:
    done = run(*GIVEN, "--format", "json", stdin="no\nyes\n")
    assert done.returncode == 0
    found = json.loads(done.stdout)
    states = [one["state"] for one in found["observations"]]
    assert states.count("absent") == 1
    assert states.count("present") == 2
    assert len(questions(done.stderr)) == 3
    assert "First step now: " in done.stderr


def test_answers_come_from_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "answers.txt").write_text("NO\n\n  don't   know\nsì\n", encoding="utf-8")
    done = run(*GIVEN, "--answers", str(tmp_path / "answers.txt"), "--format", "json")
    assert {"present", "absent", "unknown"} == {
        one["state"] for one in json.loads(done.stdout)["observations"]
    }


def test_back_asks_the_same_again(run: Run) -> None:
    asked = questions(run(*GIVEN, stdin="no\nback\nyes\n").stderr)
    assert asked[0] == asked[2]
    there = run(*GIVEN, "--format", "json", stdin="no\nback\nyes\n").stdout
    assert there == run(*GIVEN, "--format", "json", stdin="yes\n").stdout


def test_why_tells_what_the_answers_would_do_and_asks_again(run: Run) -> None:
    done = run(*GIVEN, stdin="why\n")
    first, again = questions(done.stderr)
    assert first == again
    assert "yes: " in done.stderr
    assert ", no: " in done.stderr


def test_stop_ends_with_what_is_known(run: Run) -> None:
    assert len(questions(run(*GIVEN, stdin="no\nstop\nyes\n").stderr)) == 2


@pytest.mark.parametrize("language", ["en", "it"])
def test_the_interview_speaks_the_language(run: Run, language: str) -> None:
    done = run(*GIVEN, "--language", language, stdin="no\n")
    assert {"en": "First step now", "it": "Primo passo ora"}[language] in done.stderr
    assert {"en": "Ask next", "it": "Da chiedere ora"}[language] in done.stdout


def test_a_word_that_is_no_answer_is_named_with_its_line(run: Run, tmp_path: Path) -> None:
    name = tmp_path / "answers.txt"
    name.write_text("no\nperhaps\n", encoding="utf-8")
    done = run(*GIVEN, "--answers", str(name))
    assert done.returncode == 2
    assert f"{name}:2: 'perhaps' is no answer; write yes, no, ?, back, why or stop" in done.stderr
    assert done.stdout == ""


def test_back_before_any_answer_is_named(run: Run) -> None:
    done = run(*GIVEN, stdin="back\n")
    assert done.returncode == 2
    assert "nothing was answered yet" in done.stderr


def test_a_saved_interview_goes_on(run: Run, tmp_path: Path) -> None:
    state = tmp_path / "interview.json"
    at_once = run(*GIVEN, "--format", "json", stdin="no\nyes\n").stdout
    run(*GIVEN, "--state", str(state), stdin="no\n")
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert run("ask", "--state", str(state), "--format", "json", stdin="yes\n").stdout == at_once
    assert run("ask", "--state", str(state), "--format", "json").stdout == at_once


def test_nothing_beside_the_saved_interview_is_touched(run: Run, tmp_path: Path) -> None:
    (tmp_path / "interview.json.new").write_text("mine", encoding="utf-8")
    run(*GIVEN, "--state", str(tmp_path / "interview.json"), stdin="no\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["interview.json", "interview.json.new"]
    assert (tmp_path / "interview.json.new").read_text(encoding="utf-8") == "mine"


def test_a_file_that_is_no_saved_interview_is_named(run: Run, tmp_path: Path) -> None:
    state = tmp_path / "interview.json"
    state.write_text("{", encoding="utf-8")
    done = run("ask", "--state", str(state))
    assert done.returncode == 2
    assert done.stderr.startswith(f"campaign-rules: {state}: no interview that was saved")


def test_without_anything_known_the_likeliest_is_asked_first(run: Run) -> None:
    done = run("ask", stdin="?\n")
    assert done.returncode == 0
