"""Netreport, tracking log files, shared memory, indicators, mail headers, access logs and start traces."""

from __future__ import annotations

import pytest

from campaign_rules.evidence.readers.access_log import read_access_log
from campaign_rules.evidence.readers.indicators import read_indicators
from campaign_rules.evidence.readers.mail_headers import read_mail_headers
from campaign_rules.evidence.readers.netreport import read_netreport
from campaign_rules.evidence.readers.restarts import read_restarts
from campaign_rules.evidence.readers.shared_memory import read_shared_memory
from campaign_rules.evidence.readers.tracking_log import read_tracking_log

SLA = "dev\tdevrd.domain.com\t{}\t2012-06-13 16:47:05\t{}\t{}"


def test_the_worst_service_of_netreport(read) -> None:
    rows = [SLA.format(0, 12, "http"), SLA.format(3, 9000, "redir"), SLA.format(1, 80, "ncs")]
    assert read(read_netreport, "\n".join(rows)) == {"netreport.severity": 3}
    assert read(read_netreport, rows[0]) == {"netreport.severity": 0}
    assert read(read_netreport, rows[0].replace("\t", " ")) == {}


RECORD = (
    "50x000000000FD7EC86\t2017-06-24T21:00:50.96\t1f506d71\t1aeab4b6\t1af77020\t0\t"
    "e5155671-4ab7-4ce4-a763-3b82dda6d881\th\t\tMozilla/5.0 (Macintosh; Intel Mac OS X 10_12_4)\t52.46.20.64"
)
BROKEN = RECORD.replace("h\t\tMozilla", "h\tMozilla")
"""The sample of the documentation, which shows a malformed line: a field is gone."""


@pytest.mark.parametrize(
    ("rows", "malformed"),
    [
        ([RECORD], 0),
        ([RECORD + ", 10.0.0.1"], 0),
        ([RECORD + "\tmore text"], 0),
        ([RECORD, BROKEN, RECORD], 1),
        ([RECORD, RECORD[:60]], 1),
        ([RECORD.replace("1aeab4b6", "1aeXb4b6")], 1),
    ],
)
def test_lines_of_a_tracking_log_file(read, rows: list[str], malformed: int) -> None:
    path = "/usr/local/neolane/nl6/var/prod/redir/log/0x0000000000000001.log"
    text = "".join(f"{row}\n" for row in rows)
    assert read(read_tracking_log, text, path) == {"tracking.malformed_lines@prod": malformed}


def test_a_tracking_line_may_be_cut_where_the_text_ends(read) -> None:
    assert read(read_tracking_log, f"{RECORD}\n{RECORD[:60]}") == {"tracking.malformed_lines": 0}
    assert read(read_tracking_log, f"{RECORD}\n{RECORD.replace('1aeab4b6', '1aeX')}") == {
        "tracking.malformed_lines": 1
    }


def test_a_tracking_line_that_lost_its_tabs_is_not_judged(read) -> None:
    assert read(read_tracking_log, BROKEN.replace("\t", " ")) == {}


IPCS = """------ Shared Memory Segments --------
key        shmid      owner      perms      bytes      nattch     status
0x52020679 2097153    adobe   666        93608      8
0x52020680 2097154    neolane   666        93608      0
0x0052e2c1 32768      postgres   600        56         6"""


def test_segments_of_campaign(read) -> None:
    assert read(read_shared_memory, IPCS) == {"shared_memory.segments": 2}
    assert read(read_shared_memory, IPCS + "\n0x5202") == {}
    assert read(read_shared_memory, IPCS.replace("adobe", "root").replace("neolane", "root")) == {}


ZOMBIES = """<indicator name='Zombie Processes'>
<current label='Current Value' value='{}' display=''/>
<warning value='2'/>  <alert value='2'/>
<max label='Max Value' value='2'/>
</indicator>"""
AVAILABILITY = """<indicator name='Availability'>
<current label='Last update of data' display='2012-09-03 10:00'/>
<current label='Availability last month' display='100.00%'/>
</indicator>"""


def test_indicators_of_the_product(read) -> None:
    assert read(read_indicators, ZOMBIES.format(3)) == {"indicator.zombies": 3}
    text = "<indicator name='Memory'><current label='Used' value='14' display='92 %'/></indicator>"
    assert read(read_indicators, text) == {"indicator.memory_percent": 92}
    assert read(read_indicators, text.replace(" %", "")) == {}


@pytest.mark.parametrize(("value", "state"), [(1, "fine"), (2, "warning"), (5, "alert"), (9, "alert")])
def test_indicators_of_a_script(read, value: int, state: str) -> None:
    text = (
        ZOMBIES.format(value)
        .replace("Zombie Processes", "Queue")
        .replace("<alert value='2'", "<alert value='5'")
    )
    assert read(read_indicators, text) == {"indicator.custom": state}


def test_an_indicator_without_thresholds_only_informs(read) -> None:
    assert read(read_indicators, AVAILABILITY) == {}
    assert read(read_indicators, AVAILABILITY + ZOMBIES.format(0)) == {"indicator.zombies": 0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Authentication-Results: mx.google.com;\n   dkim=pass header.i=@a.com;\n   spf=none\nFrom: x",
            {"mail.dkim": "pass", "mail.spf": "none"},
        ),
        (
            "Authentication-Results: mx; dkim=none (message not signed); dmarc=pass",
            {"mail.dkim": "none", "mail.dmarc": "pass"},
        ),
        ("Authentication-Results: mx; dkim=none; dkim=pass header.d=b", {"mail.dkim": "pass"}),
        ("Authentication-Results: mx; dkim=fail", {}),
        ("Authentication-Results: mx;\nSubject: dkim=none", {}),
        ("the result was dkim=none", {}),
    ],
)
def test_authentication_results(read, text: str, expected: dict[str, str]) -> None:
    assert read(read_mail_headers, text) == expected


APACHE = '10.0.0.{} - - [23/Nov/2026:10:11:12 +0100] "GET {} HTTP/1.1" {} 512 "-" "curl/8"'
IIS = """#Software: Microsoft Internet Information Services 10.0
#Fields: date time cs-method cs-uri-stem cs-uri-query s-port sc-status sc-substatus time-taken
2026-11-23 09:00:01 GET /r/test - 443 200 0 15
2026-11-23 09:01:01 GET /r/test - 443 404 0 15
2026-11-23 09:02:01 GET /nl/jsp/logon.jsp - 443 403 14 15"""


def test_access_log_of_apache(read) -> None:
    rows = [
        APACHE.format(1, "/r/test", 404),
        APACHE.format(1, "/r/test?x=1", 200),
        APACHE.format(2, "/nl/jsp/logon.jsp", 403),
        APACHE.format(2, "/nms/x.jssp?a", 200),
        "garbage",
    ]
    assert read(read_access_log, "\n".join(rows)) == {"access.rtest_status": 200, "access.pages_refused": 1}
    assert read(read_access_log, rows[3]) == {"access.pages_refused": 0}
    assert read(read_access_log, APACHE.format(1, "/r/?id=h1", 302)) == {}


def test_access_log_of_iis(read) -> None:
    assert read(read_access_log, IIS) == {"access.rtest_status": 404, "access.pages_refused": 1}
    assert read(read_access_log, IIS.split("\n", 2)[2]) == {}


START = (
    "{} >   Start of the '{}' ('nlserver {} -tracefile:{} -instance:default -detach') task in a new process"
)


def start(time: str, task: str) -> str:
    return START.format(time, task, task.partition("@")[0], task)


def test_a_module_that_is_started_again_and_again(read) -> None:
    text = "\n".join(start(f"12:{minute}:21", "mta@prod") for minute in (10, 20, 30))
    assert read(read_restarts, text) == {"process.mta.starts_per_hour@prod": 3}
    assert read(read_restarts, text.replace("mta@prod", "web@default")) == {"process.web.starts_per_hour": 3}


def test_two_traces_of_one_start_count_once_and_few_starts_tell_nothing(read) -> None:
    twice = [start("12:10:21", "mta@prod"), start("12:10:21", "mta@prod"), start("12:40:21", "mta@prod")]
    assert read(read_restarts, "\n".join(twice)) == {}
    hours = [start(f"{hour}:00:00", "mta@prod") for hour in (10, 11, 12, 13)]
    assert read(read_restarts, "\n".join(hours)) == {}
    days = [
        f"2026-11-0{day} 06:00:01.100Z B67B28C0 1 info log " + start("", "mta@prod")[5:] for day in (1, 2, 3)
    ]
    assert read(read_restarts, "\n".join(days)) == {}
    same = [line.replace("06:00:01", f"06:1{at}:01") for at, line in enumerate([days[0]] * 3)]
    assert read(read_restarts, "\n".join(same)) == {"process.mta.starts_per_hour@prod": 3}
