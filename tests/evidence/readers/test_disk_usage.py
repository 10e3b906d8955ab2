from __future__ import annotations

import pytest

from campaign_rules.evidence.readers.disk_usage import read_disk_usage
from campaign_rules.evidence.readers.reader import process_names
from campaign_rules.evidence.text_lines import split_lines

HUMAN = """Filesystem      Size  Used Avail Use% Mounted on
udev            7.8G     0  7.8G   0% /dev
tmpfs           1.6G  1.6G     0 100% /run
/dev/sda1        40G   12G   26G  32% /
/dev/sdb1       200G  190G   10G  95% /usr/local/neolane
/dev/loop3       56M   56M     0 100% /snap/core18/2128"""


def test_the_fullest_volume_counts(read) -> None:
    assert read(read_disk_usage, HUMAN) == {"disk.used_percent": 95}


@pytest.mark.parametrize(
    "text",
    [
        "Filesystem     1024-blocks     Used Available Capacity Mounted on\n/dev/sda1 41251136 1 2 88% /",
        "File system    1K-blocchi   Usati Disponib. Uso% Montato su\n/dev/sda1 41251136 1 2 88% /",
        "Sys. de fichiers blocs de 1K Utilisé Disponible Uti% Monté sur\n/dev/sda1 41251136 1 2 88% /",
        "Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/mapper/a-long-name\n  41251136 1 2 88% /",
        "$ df -P\nFilesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 9 8 1 88% /\n\nBye",
    ],
)
def test_options_and_languages(read, text: str) -> None:
    assert read(read_disk_usage, text) == {"disk.used_percent": 88}


def test_inodes_are_another_measure(read) -> None:
    text = "Filesystem      Inodes  IUsed   IFree IUse% Mounted on\n/dev/sda1      2621440 2621440 0  100% /"
    assert read(read_disk_usage, text) == {"disk.inodes_used_percent": 100}


@pytest.mark.parametrize(
    "text",
    [
        "$ df -h | grep -v tmpfs\n" + HUMAN,
        HUMAN.rpartition("\n")[0] + "\n...",
        HUMAN.rpartition("\n")[0] + "\n/dev/loop3   56M",
        "Filesystem Size Used Avail Use% Mounted on\n/dev/sda2 1G 200M 800M 20% /boot",
        "/dev/sda1        40G   12G   26G  32% /",
        "Filesystem use is at 95%",
    ],
)
def test_a_part_tells_nothing(read, text: str) -> None:
    assert read(read_disk_usage, text) == {}


def test_the_place_is_the_row_of_that_volume() -> None:
    (reading,), used = read_disk_usage(split_lines("Hi\n" + HUMAN + "\n\nBye", "df"), "df", process_names([]))
    assert (reading.provenance.line, reading.provenance.text.split()[-1]) == (6, "/usr/local/neolane")
    assert used == frozenset(range(2, 8))
