from __future__ import annotations

import pytest

from campaign_rules.evidence.readers.memory_usage import read_memory_usage

FREE = """               total        used        free      shared  buff/cache   available
Mem:           16000       14400         200         100        1400         800
Swap:           2000        1900         100"""
TOP = """top - 10:11:12 up 12 days,  3:04,  1 user,  load average: 7.95, 6.20, 5.10
Tasks: 312 total,   1 running, 309 sleeping,   0 stopped,   2 zombie
%Cpu(s): 91.0 us,  4.0 sy,  0.0 ni,  3.5 id,  1.0 wa,  0.0 hi,  0.5 si,  0.0 st
MiB Mem :  16000.0 total,    200.0 free,  14400.0 used,   1400.0 buff/cache
MiB Swap:   2000.0 total,    100.0 free,   1900.0 used.    800.0 avail Mem"""


def test_free_counts_what_is_available(read) -> None:
    assert read(read_memory_usage, FREE) == {"memory.used_percent": 95, "swap.used_percent": 95}


@pytest.mark.parametrize("head", ["$ free -m\n", "[neolane@app1 ~]$ /usr/bin/free -tm\n", "free --mega -m\n"])
def test_the_unit_of_free_comes_from_its_command(read, head: str) -> None:
    assert read(read_memory_usage, head + FREE)["memory.available_mb"] == pytest.approx(800)


def test_the_unit_of_free_comes_from_a_suffix(read) -> None:
    text = FREE.replace("16000", "16Gi").replace("14400", "15Gi").replace("  800", "512Mi")
    assert read(read_memory_usage, text)["memory.available_mb"] == 512


def test_an_old_free_without_the_column_available(read) -> None:
    text = """             total       used       free     shared    buffers     cached
Mem:          8000       7000       1000          0        500       3500
-/+ buffers/cache:       3000       5000
Swap:            0          0          0"""
    assert read(read_memory_usage, text) == {"memory.used_percent": 37.5}


def test_top(read) -> None:
    assert read(read_memory_usage, TOP) == {
        "load.one_minute": 7.95,
        "host.restarted": "no",
        "processes.zombies": 2,
        "cpu.used_percent": 96.5,
        "swap.used_percent": 95,
        "memory.available_mb": 800,
        "memory.used_percent": 95,
    }


@pytest.mark.parametrize(
    ("up", "restarted"),
    [("4 min", "yes"), ("0:58", "yes"), ("3:10", None), ("1 day,  2:10", "no"), ("200 days, 5 min", "no")],
)
def test_since_when_the_machine_is_up(read, up: str, restarted: str | None) -> None:
    found = read(read_memory_usage, f" 10:11:12 up {up},  2 users,  load average: 0,15, 0,20, 0,10")
    assert found.get("host.restarted") == restarted
    assert found["load.one_minute"] == 0.15


@pytest.mark.parametrize(
    "text", ["Mem: 1 2 3 4 5 6", "We have memory: 16 GB total, 14 used", "total used free shared x\n", ""]
)
def test_other_text_is_left_alone(read, text: str) -> None:
    assert read(read_memory_usage, text) == {}
