"""The table of readings in the reference names what readers give, and rules test only what is there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.evidence.readers import READERS, ProcessNames, process_names
from campaign_rules.evidence.text_lines import split_lines
from campaign_rules.knowledge import read_scenarios, shipped_rules
from tests.evidence.readers import (
    test_disk_usage,
    test_memory_usage,
    test_open_ports,
    test_process_readings,
    test_settings,
)
from tests.evidence.readers import test_small_readers as small

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "rule-format.md"
MORE = (
    test_disk_usage.HUMAN,
    "Filesystem Inodes IUsed IFree IUse% Mounted on\n/dev/sda1 2621440 21440 2600000 1% /",
    f"$ free -m\n{test_memory_usage.FREE}",
    test_memory_usage.TOP,
    test_open_ports.SS,
    test_open_ports.NETSTAT,
    test_open_ports.UDP,
    test_settings.FRONTAL.replace("</shared>", "</share>"),
    '<web args="-tomcat" autoStart="true"/><archiving autoStart="true"/><dnsConfig nameServers=""/>',
    small.SLA.format(1, 2, "ncs"),
    small.RECORD,
    small.IPCS,
    small.IIS,
    "Authentication-Results: mx; dkim=pass; spf=none; dmarc=pass",
    test_process_readings.WHO,
    "<redir status='OK' date='x' build='9032'/>",
    *(
        f"<indicator name='{name}'><current value='1' display='1%'/><alert value='1'/></indicator>"
        for name in (
            "Memory",
            "Swap Memory",
            "Disk",
            "Load average",
            "File Handles",
            "Processes",
            "Zombie Processes",
            "Core Files",
            "Shared memory segments",
            "Processes too old",
            "Own",
        )
    ),
)


@cache
def names() -> ProcessNames:
    return process_names(cr.load_knowledge().modules.values())


@cache
def documented() -> frozenset[str]:
    rows = re.findall(r"^\| (`[a-z_]+\.(?!yaml).*?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(name for row in rows for name in re.findall(r"`([^`]+)`", row))


@cache
def given() -> frozenset[str]:
    """Every reading that the artefacts of the scenarios and of these tests give."""
    values = [entry.value for entry in read_scenarios(shipped_rules())]
    texts = [text for value in values for text in (value.ticket or "", *value.attachments)]
    return frozenset(
        general(reading.name)
        for text in (*texts, *MORE)
        for reader in READERS
        for reading in reader(split_lines(text, "x"), "x", names())[0]
    )


def general(name: str) -> str:
    """Return the name as the reference writes it, for any module and port."""
    if name in {"config.archiving.autostart", "config.xml"}:
        return name
    modules = "|".join(re.escape(module.id) for module in names().modules.values())
    name = re.sub(rf"^process\.(?:{modules})(?=\.|$)", "process.<module>", name)
    name = re.sub(rf"^config\.(?:{modules})\.autostart$", "config.<module>.autostart", name)
    return re.sub(r"(?<=port[._])\d+(?=\.|$)", "<number>", name)


def test_the_reference_names_exactly_the_readings_that_are_given() -> None:
    assert given() == documented()


def in_rules() -> list[str]:
    observations = cr.load_knowledge().observations.values()
    return sorted({sign.reading for entry in observations for sign in entry.signs.readings})


@pytest.mark.parametrize("name", in_rules())
def test_rules_test_readings_that_are_documented(name: str) -> None:
    assert general(name) in documented()
