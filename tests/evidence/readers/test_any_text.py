"""Every reader on text that is mixed, cut or hostile: no error, no invented lines, no endless search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_rules.evidence.readers import READERS, process_names
from campaign_rules.evidence.readers.disk_usage import read_disk_usage
from campaign_rules.evidence.readers.memory_usage import read_memory_usage
from campaign_rules.evidence.readers.open_ports import read_open_ports
from campaign_rules.evidence.readers.settings import read_settings
from campaign_rules.evidence.text_lines import split_lines
from campaign_rules.model import Reading
from tests.evidence.readers import test_disk_usage, test_memory_usage, test_open_ports, test_settings
from tests.evidence.readers import test_small_readers as small
from tests.evidence.small_base import MODULES

NAMES = process_names(MODULES)
SAMPLES = (
    test_disk_usage.HUMAN,
    test_memory_usage.FREE,
    test_memory_usage.TOP,
    test_open_ports.SS,
    test_open_ports.NETSTAT,
    test_open_ports.WINDOWS,
    test_settings.FRONTAL,
    small.SLA.format(1, 2, "ncs"),
    small.RECORD,
    small.IPCS,
    small.ZOMBIES.format(3),
    small.IIS,
    small.start("12:10:21", "mta@prod"),
    "● nlserver.service - x\nActive: failed (Result: exit-code)",
    "Authentication-Results: mx; dkim=pass",
    "$ nlserver pdump\nwatchdog (1) - 2 Mo\nmta@prod (2) - 3 Mo",
)
FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(SAMPLES),
        st.text(max_size=30),
        st.sampled_from(["\n", "\n\n", "...", "<mta ", "<!--"]),
    ),
    max_size=6,
)


def read_all(text: str) -> list[Reading]:
    lines = split_lines(text, "x")
    numbers = {line.number for line in lines}
    readings: list[Reading] = []
    for reader in READERS:
        found, used = reader(lines, "x", NAMES)
        assert used <= numbers
        assert all(reading.provenance.line in numbers for reading in found)
        readings.extend(found)
    return readings


@given(FRAGMENTS, st.integers(0, 400), st.integers(0, 40))
def test_cut_and_mixed_artefacts(parts: list[str], start: int, less: int) -> None:
    text = "".join(parts)
    read_all(text[start : len(text) - less])


@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    read_all(data.decode("latin-1"))


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_cut_artefact_denies_nothing_that_the_whole_did_not_deny(sample: str) -> None:
    denials = {"missing", "no", "none"}
    whole = {reading.name for reading in read_all(sample) if reading.value in denials}
    for end in range(0, len(sample), 7):
        cut = sample[:end] + "\n[...]"
        assert {reading.name for reading in read_all(cut) if reading.value in denials} <= whole


def test_several_artefacts_in_one_text(read) -> None:
    text = "\n".join(
        (
            "Hello,",
            test_disk_usage.HUMAN,
            "",
            test_memory_usage.FREE,
            test_open_ports.NETSTAT,
            test_settings.FRONTAL,
        )
    )
    assert read(read_disk_usage, text) == {"disk.used_percent": 95}
    assert read(read_memory_usage, text)["memory.used_percent"] == 95
    assert read(read_open_ports, text)["port.8005.listening"] == "no"
    assert read(read_settings, text)["config.pool.maxcnx"] == 90


HOSTILE = (
    "<mta ",
    "<mta a='",
    "<!--",
    "<!-- -",
    '<mta a="b" ',
    "<serverconf>",
    "<redir ",
    "<indicator name='x",
    "0 ",
    "1 2 3 9% ",
    "tcp ",
    "LISTEN 0 0 *:1 *:2 ",
    "Mem: 1 ",
    "total used free shared ",
    "Filesystem ",
    "Authentication-Results: dkim=",
    "a" * 50 + "x",
    "0xa\t",
    '1 [2026-11-23 10:11] "GET ',
    "' ('",
    "Start of the 'mta@",
    "$ sudo /a/df ",
    "> ",
    "State Recv-Q Send-Q ",
    "dev\t",
    "Cpu(s):,",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_repeated_pieces_are_read_to_the_end(piece: str) -> None:
    read_all(piece * (60_000 // len(piece)))
    read_all((piece + "\n") * 2_000)
