"""Copies of the shipped rule base, broken by hand in many places: each break is caught at its line."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign_rules.errors import KnowledgeError
from campaign_rules.knowledge import load
from campaign_rules.knowledge.entries import Entries, read_entries

RULES = Path(__file__).parents[2] / "rules"
BREAKS = 40


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped rule base that stays as it is."""
    return Path(shutil.copytree(RULES, tmp_path_factory.mktemp("sound") / "rules"))


@pytest.fixture(scope="module")
def shipped(sound: Path) -> Entries:
    return read_entries(sound)


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(sound, tmp_path / "rules"))


def problems(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as refused:
        load(folder)
    return [problem.removeprefix(f"{folder}/") for problem in refused.value.problems]


def rewrite(path: Path, line: int, old: str, new: str) -> None:
    """Replace `old` by `new` in `line` (from 1) of a file."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert old in lines[line - 1], (path, line, old)
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("".join(lines), encoding="utf-8")


def spread(found: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """Some of many, from beginning to end."""
    assert len(found) >= BREAKS
    return found[:: len(found) // BREAKS]


def keys(folder: Path) -> Iterator[tuple[str, int, str]]:
    for path in sorted(folder.glob("*.yaml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if path.name != "knowledge.yaml" and (
                key := re.match(r"    (label|when|then|remedy|kind|minutes):", line)
            ):
                yield path.name, number, key[1]


def test_a_misspelt_key(folder: Path) -> None:
    chosen = spread(list(keys(folder)))
    for file, line, key in chosen:
        rewrite(folder / file, line, f"{key}:", f"{key}{key[-1]}:")
    found = problems(folder)
    for file, line, key in chosen:
        wrong = f"{file}:{line}: unknown key '{key}{key[-1]}' (did you mean '{key}'?)"
        assert wrong in found, wrong


def test_a_renamed_entry_is_missed_where_it_is_used(folder: Path, shipped: Entries) -> None:
    """A cause gets an other id: every rule that concludes it, and the cause, are named."""
    chosen = spread(
        [(Path(one.file.name).name, one.file.line(one.path), one.value.id) for one in shipped.causes]
    )
    for file, line, cause in chosen:
        rewrite(folder / file, line, cause, f"{cause}-x")
    found = problems(folder)
    for file, line, cause in chosen:
        assert f"{file}:{line}: cause '{cause}-x' is supported by no rule" in found
        rule = next(one for one in shipped.rules for then in one.value.then if then.target == cause)
        place = f"{Path(rule.file.name).name}:{rule.file.line((*rule.path, 'then'), cause)}"
        assert any(line.startswith(f"{place}: unknown cause '{cause}'") for line in found), place


def test_a_swapped_id(folder: Path, shipped: Entries) -> None:
    """A remedy names its cause's module where it should name a step."""
    chosen = []
    for entry in shipped.causes:
        step = entry.value.remedy[-1].step
        line = entry.file.line(entry.path, step)
        text = Path(entry.file.name).read_text(encoding="utf-8").splitlines()[line - 1]
        if entry.value.module not in {one.value.id for one in shipped.steps} and text.count(step) == 1:
            chosen.append((Path(entry.file.name).name, line, f"{step} {entry.value.module}"))
    chosen = spread(chosen)
    for file, line, words in chosen:
        rewrite(folder / file, line, *words.split())
    found = problems(folder)
    for file, line, words in chosen:
        wrong = f"{file}:{line}: unknown step '{words.split()[1]}'"
        assert any(one.startswith(wrong) for one in found), wrong


def test_a_dropped_reference(folder: Path, shipped: Entries) -> None:
    """The only remedy that has a step loses it: the step is named, at its own line."""
    uses = Counter(remedy.step for cause in shipped.causes for remedy in cause.value.remedy)
    steps = {one.value.id: one for one in shipped.steps}
    chosen = []
    for cause in shipped.causes:
        step = cause.value.remedy[-1].step
        line = cause.file.line(cause.path, step)
        text = Path(cause.file.name).read_text(encoding="utf-8").splitlines()[line - 1]
        if uses[step] == 1 and len(cause.value.remedy) > 1 and re.fullmatch(rf" +- {step}", text):
            chosen.append((Path(cause.file.name).name, line, step))
    chosen = chosen[:BREAKS]
    assert chosen
    for file, line, step in chosen:
        rewrite(folder / file, line, f"- {step}", f"#{'-' * len(step)}")
    found = problems(folder)
    for _, _, step in chosen:
        entry = steps[step]
        place = f"{Path(entry.file.name).name}:{entry.file.line(entry.path)}"
        assert f"{place}: step '{step}' is in no cause's remedy" in found
