from __future__ import annotations

import pytest

from campaign_rules.evidence.log_lines import LogLine, instance_name, path_instance, read_log_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2021-05-31T08:43:09.156Z\t66462\t66501\t1\terror\tlog\tINT-150012 The HTTP query returned (403)",
            LogLine(
                "INT-150012 The HTTP query returned (403)",
                "log",
                "error",
                "INT-150012",
                "2021-05-31T08:43:09.156Z",
            ),
        ),
        (
            "2011-10-04 11:57:51.804Z B67B28C0 1 info log Updating table 'NmcTrackingLogMessages'",
            LogLine("Updating table 'NmcTrackingLogMessages'", "log", "info", "", "2011-10-04 11:57:51.804Z"),
        ),
        (
            "AAAA-MM-DD HH:MM:SS.749Z        00002E7A          1     warning    log     The document",
            LogLine("The document", "log", "warning", "", "AAAA-MM-DD HH:MM:SS.749Z"),
        ),
        ("17:33:57 >   Server started", LogLine("Server started", "console", "info", "", "17:33:57")),
        ("17:33:57 >> careful", LogLine("careful", "console", "warning", "", "17:33:57")),
        ("HH:MM:SS >>> broken", LogLine("broken", "console", "error", "", "HH:MM:SS")),
        (
            "16/05/2016 12:49:03    fileTransfer    Couldn't resolve host name",
            LogLine("Couldn't resolve host name", "journal", "", "", "16/05/2016 12:49:03"),
        ),
        (
            "03/11/2021 6:35:29 AM BAS-010015 Cannot open file",
            LogLine("BAS-010015 Cannot open file", "journal", "", "BAS-010015", "03/11/2021 6:35:29 AM"),
        ),
        ("plain words", LogLine("plain words")),
        ("", LogLine("")),
    ],
)
def test_layouts(text: str, expected: LogLine) -> None:
    assert read_log_line(text) == expected


@pytest.mark.parametrize(
    ("text", "instance"),
    [
        (
            "12:17:21 >   Running task 'mta@prod' ('nlserver mta -tracefile:mta@prod')",
            "prod",
        ),
        ("12:17:21 >   Stop requested for 'mta@prod' (pid=29188, tid=-1224824320)...", "prod"),
        ("nlserversms -noconsole -tracefile:sms@acme -instance:acme -detach", "acme"),
        ("Running task 'web@default' ('nlserver web -tracefile:web@default -instance:default')", ""),
        ("mail to someone@example.org bounced", ""),
        ("mail to 'someone@example.org' bounced", ""),
        ("connected as 'deploy@bastion'", ""),
    ],
)
def test_the_instance_of_a_trace(text: str, instance: str) -> None:
    assert read_log_line(text).instance == instance


@pytest.mark.parametrize(
    ("source", "instance"),
    [
        ("/usr/local/neolane/nl6/var/prod/log/mta.log", "prod"),
        (r"C:\nl6\var\acme\log\mta.log", "acme"),
        ("var/default/log/web.log", ""),
        ("mta.log", ""),
    ],
)
def test_the_instance_of_a_log_folder(source: str, instance: str) -> None:
    assert path_instance(source) == instance


@pytest.mark.parametrize(
    ("name", "instance"),
    [
        ("prod", "prod"),
        ("eu-1.prod_2", "eu-1.prod_2"),
        ("default", ""),
        ("Default", ""),
        ("$(reboot)", ""),
        ("a;b", ""),
    ],
)
def test_what_cannot_be_an_instance_is_none(name: str, instance: str) -> None:
    assert instance_name(name) == instance
