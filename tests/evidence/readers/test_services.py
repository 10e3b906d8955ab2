from __future__ import annotations

import pytest

from campaign_rules.evidence.readers.services import read_services

STATUS = """{mark} {unit}.service - Adobe Campaign Classic
     Loaded: loaded (/usr/lib/systemd/system/{unit}.service; enabled; preset: disabled)
     Active: {active} since Mon 2026-11-02 06:00:01 CET; 3 days ago
    Process: 812 ExecStart=/usr/local/neolane/nl6/bin/nlserver start (code=exited, status=0/SUCCESS)"""


@pytest.mark.parametrize(
    ("unit", "active", "expected"),
    [
        ("nlserver", "active (running)", {"service.nlserver": "running"}),
        ("nlserver6", "failed (Result: exit-code)", {"service.nlserver": "failed"}),
        ("nlserver", "inactive (dead)", {}),
        ("nlserver", "active (exited)", {}),
        ("apache2", "inactive (dead)", {"service.web_server": "stopped"}),
        ("httpd", "failed (Result: signal)", {}),
        ("apache2", "active (running)", {}),
        ("sshd", "failed (Result: exit-code)", {}),
    ],
)
def test_systemctl_status(read, unit: str, active: str, expected: dict[str, str]) -> None:
    for mark in "●×○*":
        assert read(read_services, STATUS.format(mark=mark, unit=unit, active=active)) == expected


def test_sc_query(read) -> None:
    text = "SERVICE_NAME: {}\n        TYPE               : 10  WIN32\n        STATE              : {}\n"
    assert read(read_services, text.format("nlserver6", "4  RUNNING")) == {"service.nlserver": "running"}
    assert read(read_services, text.format("W3SVC", "1  STOPPED")) == {"service.web_server": "stopped"}


@pytest.mark.parametrize(
    "text",
    [
        "Active: failed (Result: exit-code)",
        "nlserver.service" + "\n" * 20 + "Active: failed (x)",
        "nlserver.service",
    ],
)
def test_a_state_without_its_service_tells_nothing(read, text: str) -> None:
    assert read(read_services, text) == {}
