"""A rule base by way of the cache is what it is without, for exactly the files that it came from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from campaign_rules.cache import Cache
from campaign_rules.errors import InputError, KnowledgeError
from campaign_rules.knowledge import load, loading, shipped_rules
from campaign_rules.model import KnowledgeBase
from tests.rule_bases import AREA, write_rule_base

Checked = Callable[[], int]


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "kept")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_rule_base(tmp_path / "rules")


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Checked:
    """How often a rule base was read and checked."""
    calls = []
    really = loading.load_with_warnings

    def count(*arguments: object) -> object:
        calls.append(arguments)
        return really(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "load_with_warnings", count)
    return lambda: len(calls)


def same(one: KnowledgeBase, other: KnowledgeBase) -> bool:
    names = [field.name for field in attrs.fields(KnowledgeBase)]
    return [getattr(one, name) for name in names] == [getattr(other, name) for name in names]


def test_the_shipped_rule_base_is_the_same_either_way(cache: Cache, checked: Checked) -> None:
    first = load(shipped_rules(), cache=cache)
    again = load(shipped_rules(), cache=cache)
    assert checked() == 1
    assert same(first, again)
    assert repr(again) == repr(first)


def test_without_a_cache_it_is_checked_each_time(folder: Path, checked: Checked) -> None:
    assert same(load(folder), load(folder))
    assert checked() == 2


@pytest.mark.parametrize("name", ["area.yaml", "knowledge.yaml", "language/en.yaml"])
def test_a_changed_file_is_read_again(folder: Path, cache: Cache, checked: Checked, name: str) -> None:
    before = load(folder, cache=cache)
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    after = load(folder, cache=cache)
    assert checked() == 2
    assert after.fingerprint != before.fingerprint
    assert same(after, load(folder))


def test_another_file_or_another_place_is_read_again(folder: Path, cache: Cache, checked: Checked) -> None:
    load(folder, cache=cache)
    (folder / "area.yaml").rename(folder / "region.yaml")
    load(folder, cache=cache)
    (folder / "more.yaml").write_text("facts: []\n", encoding="utf-8")
    load(folder, cache=cache)
    assert checked() == 3
    (folder / "language" / "it.yaml").rename(folder / "it.yaml")
    with pytest.raises(KnowledgeError, match="unknown key 'language'"):
        load(folder, cache=cache)


def test_scenarios_are_no_part_of_it(folder: Path, cache: Cache, checked: Checked) -> None:
    load(folder, cache=cache)
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "mta.yaml").write_text("scenarios: []\n", encoding="utf-8")
    load(folder, cache=cache)
    assert checked() == 1


def test_a_fault_is_found_each_time_and_by_its_line(folder: Path, cache: Cache) -> None:
    (folder / "area.yaml").write_text(AREA.replace("impairs: mta,", "impairs: mtaa,"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(KnowledgeError, match=r"area.yaml:\d+: .*'mtaa' \(did you mean 'mta'"):
            load(folder, cache=cache)
    assert not cache.folder.exists()


def test_a_folder_of_something_else_is_refused_either_way(tmp_path: Path, cache: Cache) -> None:
    with pytest.raises(InputError, match="not a folder of rules"):
        load(tmp_path / "none", cache=cache)


def test_an_overlay_is_kept_for_what_lies_below_it_and_for_its_name(
    folder: Path, tmp_path: Path, cache: Cache, checked: Checked
) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "overlay.yaml").write_text("disable: {rules: [no-mail]}\n", encoding="utf-8")
    first = load(ours, folder, cache)
    assert same(first, load(ours, folder, cache))
    assert same(first, load(ours, folder))
    assert checked() == 2
    theirs = ours.rename(tmp_path / "theirs")
    assert load(theirs, folder, cache).version == first.version.replace("ours", "theirs")
    with (folder / "area.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert load(theirs, folder, cache).fingerprint != first.fingerprint
    assert checked() == 4


def test_what_is_kept_of_the_base_below_is_not_that_of_the_overlay(
    folder: Path, tmp_path: Path, cache: Cache
) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "overlay.yaml").write_text("disable: {rules: [no-mail]}\n", encoding="utf-8")
    assert "no-mail" in load(folder, cache=cache).rules
    assert "no-mail" not in load(ours, folder, cache).rules
    assert "no-mail" in load(folder, cache=cache).rules


def test_a_spoilt_file_is_made_anew(folder: Path, cache: Cache, checked: Checked) -> None:
    first = load(folder, cache=cache)
    (kept,) = cache.folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:-10])
    assert same(load(folder, cache=cache), first)
    assert same(load(folder, cache=cache), first)
    assert checked() == 2
