from __future__ import annotations

import pytest

from campaign_rules.evidence.readers.open_ports import read_open_ports

SS = """State    Recv-Q   Send-Q     Local Address:Port     Peer Address:Port  Process
LISTEN   0        128              0.0.0.0:22            0.0.0.0:*      users:(("sshd",pid=801,fd=3))
LISTEN   0        100            127.0.0.1:8005          0.0.0.0:*      users:(("nlserver",pid=2211,fd=12))
LISTEN   0        100                    *:8080                *:*      users:(("jenkins",pid=99,fd=12))"""
UDP = """Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
udp   UNCONN 0      0            0.0.0.0:6666      0.0.0.0:*     users:(("nlserver syslogd",pid=7,fd=4))
udp   UNCONN 0      0      127.0.0.53%lo:53        0.0.0.0:*"""
NETSTAT = """Active Internet connections (only servers)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN      801/sshd
tcp6       0      0 :::8080                 :::*                    LISTEN      2211/nlserver
udp        0      0 0.0.0.0:6666            0.0.0.0:*                           7/snmptrapd
udp        0      0 0.0.0.0:68              0.0.0.0:*                           9/dhclient"""
WINDOWS = """Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:80             0.0.0.0:0              LISTENING       4
  TCP    0.0.0.0:8080           0.0.0.0:0              LISTENING       2211
  TCP    10.0.0.1:50123         10.0.0.9:8005          ESTABLISHED     2211
  UDP    0.0.0.0:6666           *:*                                    7"""


def test_ss_names_the_programs(read) -> None:
    assert read(read_open_ports, SS) == {
        "port.8005.listening": "yes",
        "port.8005.program": "campaign",
        "port.8080.listening": "yes",
        "port.8080.program": "other",
    }


def test_udp_ports(read) -> None:
    assert read(read_open_ports, UDP) == {
        "port.6666.listening": "yes",
        "port.6666.program": "campaign",
        "port.7777.listening": "no",
        "port.7777.program": "none",
    }


def test_netstat(read) -> None:
    found = read(read_open_ports, NETSTAT)
    assert (found["port.8080.program"], found["port.6666.program"]) == ("campaign", "other")
    assert (found["port.8005.listening"], found["port.7777.listening"]) == ("no", "no")


def test_netstat_of_windows_does_not_name_programs(read) -> None:
    assert read(read_open_ports, WINDOWS) == {
        "port.8080.listening": "yes",
        "port.6666.listening": "yes",
        "port.8005.listening": "no",
        "port.8005.program": "none",
    }


def test_a_search_for_one_port_tells_of_that_port_only(read) -> None:
    text = "# ss -ltnp 'sport = :8080'\nState Recv-Q Send-Q Local Address:Port Peer Address:Port Process\n"
    assert read(read_open_ports, text) == {"port.8080.listening": "no", "port.8080.program": "none"}


@pytest.mark.parametrize(
    "text",
    [
        "$ ss -ltnp | head -2\n" + SS.rpartition("\n")[0],
        SS.rpartition("\n")[0] + "\n[...]",
        SS.rpartition("\n")[0] + "\nLISTEN   0    1",
        "\n".join(SS.split("\n")[:2]),
        SS.rpartition("\n")[0] + "\nLISTEN 0 5 *:webcache *:*",
    ],
)
def test_a_part_or_names_of_ports_deny_nothing(read, text: str) -> None:
    found = read(read_open_ports, text)
    assert not [name for name in found if name.startswith("port.8080")]
    assert "no" not in found.values()


def test_connections_are_no_listeners(read) -> None:
    text = SS.replace(
        "LISTEN   0        100                    *:8080 ", "ESTAB    0        0   10.0.0.1:8080 "
    )
    assert read(read_open_ports, text)["port.8080.listening"] == "no"
