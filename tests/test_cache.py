"""What is kept in files: whole, for one key, and only from a place that nobody else can write to."""

from __future__ import annotations

import os
import stat
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from campaign_rules import cache as cache_module
from campaign_rules.cache import VARIABLE, Cache, chosen, code_digest, digest

KEY, OTHER = digest(["one"]), digest(["another"])
CONTENT = b"first line\nsecond line\n" * 1000

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@pytest.fixture
def kept(tmp_path: Path) -> Cache:
    cache = Cache(tmp_path / "made" / "kept")
    cache.write("thing", KEY, CONTENT)
    return cache


@pytest.fixture
def file(kept: Cache) -> Path:
    (found,) = kept.folder.iterdir()
    return found


def test_what_was_written_is_read_under_its_name_and_key_only(kept: Cache) -> None:
    assert kept.read("thing", KEY) == CONTENT
    assert kept.read("thing", OTHER) is None
    assert kept.read("other", KEY) is None


@posix
def test_folder_and_file_are_for_their_owner_only(kept: Cache, file: Path) -> None:
    assert stat.S_IMODE(kept.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_changed_byte_is_noticed(kept: Cache, file: Path) -> None:
    content = bytearray(file.read_bytes())
    for place in (0, 20, 100, len(content) // 2, len(content) - 1):
        changed = content.copy()
        changed[place] ^= 1
        file.write_bytes(changed)
        assert kept.read("thing", KEY) is None


def test_a_part_of_a_file_is_nothing(kept: Cache, file: Path) -> None:
    content = file.read_bytes()
    for size in (0, 1, 50, 170, len(content) // 2, len(content) - 1):
        file.write_bytes(content[:size])
        assert kept.read("thing", KEY) is None


def test_a_file_under_the_name_of_another_is_nothing(kept: Cache, file: Path) -> None:
    file.rename(file.with_name(file.name.replace(KEY, OTHER)))
    assert kept.read("thing", OTHER) is None


@posix
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_to_is_not_read(kept: Cache, file: Path, mode: int) -> None:
    file.chmod(mode)
    assert kept.read("thing", KEY) is None
    kept.write("thing", KEY, CONTENT)
    assert kept.read("thing", KEY) == CONTENT


@posix
@pytest.mark.parametrize("mode", [0o720, 0o702, 0o1777])
def test_a_folder_that_others_may_write_to_is_neither_read_nor_written(kept: Cache, mode: int) -> None:
    kept.folder.chmod(mode)
    assert kept.read("thing", KEY) is None
    kept.write("thing", OTHER, CONTENT)
    kept.folder.chmod(0o700)
    assert kept.read("thing", OTHER) is None


@posix
def test_what_somebody_else_owns_is_neither_read_nor_written(
    kept: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as somebody:
        somebody.setattr(os, "geteuid", lambda: kept.folder.stat().st_uid + 1)
        assert kept.read("thing", KEY) is None
        kept.write("thing", OTHER, CONTENT)
    assert kept.read("thing", OTHER) is None


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root may give files away")
def test_a_file_of_somebody_else_in_a_folder_of_ours_is_not_read(kept: Cache, file: Path) -> None:
    os.chown(file, os.geteuid() + 1, -1)
    assert kept.read("thing", KEY) is None
    kept.write("thing", KEY, CONTENT)
    assert kept.read("thing", KEY) == CONTENT


@posix
def test_a_link_is_not_followed_and_a_pipe_not_waited_for(kept: Cache, file: Path) -> None:
    elsewhere = kept.folder.parent / "elsewhere"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    assert kept.read("thing", KEY) is None
    file.unlink()
    os.mkfifo(file, 0o600)
    assert kept.read("thing", KEY) is None


def test_where_nothing_can_be_written_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    cache = Cache(tmp_path / "file" / "kept")
    cache.write("thing", KEY, CONTENT)
    assert cache.read("thing", KEY) is None


@posix
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() == 0, reason="root may read anywhere")
def test_an_unreadable_folder_is_as_if_nothing_were_kept(kept: Cache) -> None:
    kept.folder.chmod(0)
    kept.write("thing", OTHER, CONTENT)
    assert kept.read("thing", KEY) is None
    kept.folder.chmod(0o700)
    assert kept.read("thing", KEY) == CONTENT


@posix
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_read_all_the_same(kept: Cache) -> None:
    kept.folder.chmod(0o500)
    kept.write("thing", OTHER, CONTENT)
    assert kept.read("thing", KEY) == CONTENT
    assert kept.read("thing", OTHER) is None
    kept.folder.chmod(0o700)


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(
    kept: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "replace", refuse)
    kept.write("thing", OTHER, CONTENT)
    assert len(list(kept.folder.iterdir())) == 1


def test_threads_that_write_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "kept")
    with ThreadPoolExecutor(8) as pool:
        seen = list(
            pool.map(lambda _: (cache.write("thing", KEY, CONTENT), cache.read("thing", KEY)), range(80))
        )
    assert {content for _, content in seen} == {CONTENT}
    assert len(list(cache.folder.iterdir())) == 1


def test_processes_that_write_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "kept")
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        done = [pool.submit(cache.write, "thing", KEY, CONTENT) for _ in range(40)]
        seen = [pool.submit(cache.read, "thing", KEY) for _ in range(10)]
    assert [one.result() for one in done] == [None] * 40
    assert {one.result() for one in seen} == {CONTENT}
    assert len(list(cache.folder.iterdir())) == 1


def test_the_oldest_files_make_room_and_nothing_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "KEPT", 2)
    cache = Cache(tmp_path / "kept")
    keys = [digest([str(number)]) for number in range(4)]
    cache.folder.mkdir(mode=0o700)
    (cache.folder / "notes.txt").write_text("mine", encoding="utf-8")
    for age, key in enumerate(reversed(keys)):
        cache.write("thing", key, CONTENT)
        os.utime(cache.folder / f"thing-{key}.kept", ns=(age, age))
    cache.write("thing", keys[0], CONTENT)
    assert [cache.read("thing", key) is not None for key in keys] == [True, True, False, False]
    assert (cache.folder / "notes.txt").exists()


def test_the_environment_moves_the_cache_or_turns_it_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert chosen(True) == Cache(tmp_path)
    for word in ("off", " OFF "):
        monkeypatch.setenv(VARIABLE, word)
        assert chosen(True) is None


def test_a_folder_or_none_may_be_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "off")
    assert chosen(tmp_path) == chosen(str(tmp_path)) == Cache(tmp_path)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert chosen(False) is None


@pytest.mark.parametrize(
    ("platform", "variable", "below"),
    [
        ("linux", "XDG_CACHE_HOME", "campaign-rules"),
        ("win32", "LOCALAPPDATA", "campaign-rules"),
        ("darwin", "HOME", "Library/Caches/campaign-rules"),
    ],
)
def test_the_cache_is_where_the_platform_keeps_caches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, variable: str, below: str
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(sys, "platform", platform)
    assert chosen(True) == Cache(tmp_path / below)


def test_a_relative_home_of_caches_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    assert chosen(True) is None


def test_parts_of_a_digest_cannot_run_into_one_another() -> None:
    assert len({digest(parts) for parts in (["ab", "c"], ["a", "bc"], ["abc"], ["a", "b", "c"])}) == 4


def test_the_digest_of_code_covers_the_rooms_asked_for() -> None:
    assert code_digest("knowledge") == code_digest("knowledge") != code_digest("evidence")
