"""``campaign-rules ask``: an interview that asks what tells most, at a terminal or from a file of answers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import click

from campaign_rules import report
from campaign_rules.cli.files import STANDARD_INPUT, read_file, read_paths, write_private
from campaign_rules.cli.rendering import renderer, terminal_width
from campaign_rules.errors import InputError
from campaign_rules.interview import Answer, Interview, read_interview, write_interview
from campaign_rules.model import KnowledgeBase, NextCheck, State
from campaign_rules.observations import canonical
from campaign_rules.rule_base import load_knowledge

BACK, WHY, STOP = "back", "why", "stop"
_WORDS: Mapping[str, Answer | str] = {
    **dict.fromkeys(("yes", "y", "sì", "si", "s"), Answer.YES),
    **dict.fromkeys(("no", "n"), Answer.NO),
    **dict.fromkeys(("?", "unknown", "don't know", "non so"), Answer.UNKNOWN),
    **dict.fromkeys((BACK, "b", "indietro"), BACK),
    **dict.fromkeys((WHY, "w", "perché", "perche"), WHY),
    **dict.fromkeys((STOP, "q", "fine"), STOP),
}
"""What can be typed, in English and in Italian."""

Lines = Iterator[tuple[str, str]]
"""What is answered, line by line, each with its place (``answers.txt:3``, "" at a terminal)."""


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE_OR_FOLDER]...")
@click.option("--observe", multiple=True, metavar="ID[=VALUE]", help="Something observed; ID@INSTANCE too.")
@click.option("--absent", multiple=True, metavar="ID", help="Something looked for and not found.")
@click.option(
    "--answers", metavar="FILE", help="One answer a line, in place of a terminal; - is standard input."
)
@click.option("--state", "saved", metavar="FILE", help="Keep the interview in FILE, and go on with it.")
@click.option("--format", "output", default="text", metavar="FORMAT", help="As for diagnose.")
@click.option("--language", default="en", metavar="CODE", help="Language of questions and result: en or it.")
@click.option("--rules", "folder", metavar="FOLDER", help="Another rule base, or an overlay.")
def ask(
    files: tuple[str, ...],
    observe: tuple[str, ...],
    absent: tuple[str, ...],
    answers: str | None,
    saved: str | None,
    output: str,
    language: str,
    folder: str | None,
) -> None:
    """Ask what tells most about the root cause, one question after the other, and diagnose.

    Answers are yes, no, ? (don't know), back, why and stop. The interview ends when no answer would change
    how the plan begins. Questions go to standard error, the diagnosis to standard output.
    """
    render = renderer(output)
    report.wording(language)
    knowledge = load_knowledge(folder)
    begun = _resumed(saved, knowledge, language) if not (files or observe or absent) else None
    if begun is None:
        given = [
            *canonical(observe, knowledge.observations),
            *canonical(absent, knowledge.observations, State.ABSENT),
            *read_paths(files, knowledge),
        ]
        begun = Interview(canonical(given, knowledge.observations), knowledge, language)
    for interview in _steps(begun, _lines(answers), ask_again=answers is None and sys.stdin.isatty()):
        if saved:
            write_private(saved, write_interview(interview))
    click.echo(render(interview.diagnosis).rstrip("\n"))


def _steps(interview: Interview, lines: Lines, ask_again: bool) -> Iterator[Interview]:
    """Yield the interview after each answer, the one at the beginning first."""
    yield interview
    _show_ranking(interview)
    while (question := interview.question) is not None:
        _show_question(question, len(interview.answers) + 1, interview.language)
        place, typed = next(lines, ("", STOP))
        try:
            word = _word(typed, place)
            if word == STOP:
                return
            if word == WHY:
                _show_reason(question, interview)
                continue
            interview = interview.back() if word == BACK else interview.answer(Answer(word))
        except InputError as error:
            if not ask_again:
                raise
            click.echo(f"  {error}", err=True)
            continue
        yield interview
        _show_ranking(interview)


def _word(typed: str, place: str) -> Answer | str:
    word = _WORDS.get(" ".join(typed.casefold().split()))
    if word is None:
        where = f"{place}: " if place else ""
        raise InputError(f"{where}{typed.strip()!r} is no answer; write yes, no, ?, back, why or stop")
    return word


def _lines(answers: str | None) -> Lines:
    if answers is None and sys.stdin.isatty():
        with suppress(click.Abort):
            while True:
                yield "", click.prompt("", prompt_suffix="> ", err=True)
        return
    name = answers or STANDARD_INPUT
    shown = "standard input" if name == STANDARD_INPUT else name
    for number, line in enumerate(read_file(name).splitlines(), start=1):
        if line.strip():
            yield f"{shown}:{number}", line


def _show_ranking(interview: Interview) -> None:
    ranking = report.render_ranking(interview.diagnosis, interview.knowledge, width=terminal_width())
    click.echo(f"\n{ranking}", err=True)


def _show_question(check: NextCheck, number: int, language: str) -> None:
    click.echo(f"{number}. {report.render_question(check, language, width=terminal_width())}", err=True)


def _show_reason(check: NextCheck, interview: Interview) -> None:
    click.echo(report.prospects(check, interview.language), err=True)


def _resumed(saved: str | None, knowledge: KnowledgeBase, language: str) -> Interview | None:
    if saved is None or not Path(saved).exists():
        return None
    try:
        return read_interview(read_file(saved), knowledge, language)
    except InputError as error:
        raise InputError(f"{saved}: {error}") from None
