"""A folder as an administrator hands it over, with secrets planted in every kind of file it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from campaign_rules.evidence_file import Artefact, EvidenceFile, write_evidence
from tests.evidence.planted_secrets import PLANTED

OWN = (
    "stat9-front.acme.net",
    "10.77.1.9",
    "10.77.1.10",
    "10.77.1.11",
    "acme9crm",
    "S3tt1ngsPw",
    "jane.roe",
    "crm_ops9",
    "dbsrv9x",
    "prod9.acme.net",
    "front9x",
    "maria.nobody@acme.net",
    "Qw3rtyUi9",
    "tom.planted",
    "backup9.acme.net",
    "anna.file@acme.net",
)
"""The secrets of the files below, besides those of the planted lines."""

_LOG = "2023-05-12T09:40:01.123Z 2345 00002E7A 1 error log {sign} (-instance:shop{number}) {planted}"
_SIGN = "PGS-220000 PostgreSQL error: could not connect to server: Connection refused"
_SETTINGS = """<serverconf>
  <shared>
    <dataStore hosts="*"><dataSource name="default">
      <dbcnx encrypted="false" login="acme9crm:acme9crm" password="S3tt1ngsPw" provider="PostgreSQL"
        server="dbsrv9x"/>
    </dataSource></dataStore>
    <dnsConfig localDomain="acme.net" nameServers="10.77.1.10,10.77.1.11"/>
  </shared>
  <mta autoStart="true" statServerAddress="stat9-front.acme.net:7777"><relay address="10.77.1.9"/></mta>
  <stat autoStart="false"/>
  <securityZone name="vpn"><subNetwork name="office" mask="10.77.1.9/24"/></securityZone>
</serverconf>
"""
_WHO = """12:00:00 >   Application server for Adobe Campaign Classic (7.3 build 9032@a1b2c3d) of 1/2/21
web@default (9984) - 50.1 Mo
watchdog (2273) - 6.6 Mo
syslogd (2274) - 6.6 Mo
mta@prod (9986) - 9.6 Mo
Connections ------------------
Last Access IP Instance Login
12/05/2023 10:11:12 10.77.1.9 prod jane.roe|crm_ops9
Connection pool -----------------
Datasource Server Provider Login
default dbsrv9x PostgreSQL acme9crm
"""
_PROBE = """resolve prod9.acme.net -> 10.77.1.9
connect prod9.acme.net:443 -> open
handshake prod9.acme.net:443 -> accepted

GET https://prod9.acme.net/r/test -> 200 in 0.10 s
Content-Type: text/html

<redir status='KO' date='2023-05-12 09:30:00.112Z' build='9032' host='prod9.acme.net' localHost='front9x'/>

GET https://prod9.acme.net/nl/jsp/ping.jsp -> 500 in 0.20 s

<html>java.lang.NullPointerException at front9x password=Qw3rtyUi9</html>
"""
_TICKET = """Hello,
since this morning no e-mail leaves, write to maria.nobody@acme.net with the password Qw3rtyUi9 if in doubt.
The mta on prod9.acme.net is down; I logged in as "tom.planted" from 10.77.1.9 and saw it.
{planted}
"""


def write_planted(folder: Path, planted: Iterable[tuple[str, str, tuple[str, ...]]] = PLANTED) -> Path:
    """Write the files below `folder`, each planted line into a log, a ticket and an evidence file."""
    lines = [line for _, line, _ in planted]
    logs = [_LOG.format(sign=_SIGN, number=at, planted=line) for at, line in enumerate(lines)]
    home = folder / "home" / "tom.planted" / "backup9.acme.net" / "var" / "prod" / "log"
    bundle = EvidenceFile(
        "campaign-rules 1",
        "2023-05-12T09:30:00Z",
        "https://prod9.acme.net",
        (
            Artefact("probe of https://prod9.acme.net", "probe", "2023-05-12T09:30:00Z", _PROBE),
            Artefact(
                "/home/tom.planted/var/prod/log/web.log", "log", "2023-05-12T09:30:00Z", "\n".join(logs)
            ),
        ),
    )
    files = {
        home / "mta.log": "\n".join(logs),
        home / "anna.file@acme.net.log": "12:00:00 >>> Connection refused to 10.77.1.9:5432",
        folder / "conf" / "config-prod.xml": _SETTINGS,
        folder / "pdump-who.txt": _WHO,
        folder / "probe.txt": _PROBE,
        folder / "ticket.txt": _TICKET.format(planted="\n".join(f"Odd thing seen: {line}" for line in lines)),
        folder / "evidence.json": write_evidence(bundle),
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (home / "dump-anna.file@acme.net.bin").write_bytes(bytes(range(256)) * 40)
    return folder


def showing(text: str, planted: Iterable[tuple[str, str, tuple[str, ...]]] = PLANTED) -> list[str]:
    """Return the planted secrets that `text` shows, whatever it escapes."""
    plain = re.sub(r"\\(.)", r"\1", text).casefold()
    flat = " ".join(plain.split())
    hidden = [*OWN, *(part for _, _, parts in planted for part in parts)]
    return sorted({part for part in hidden if _stands(" ".join(part.split()).casefold(), plain, flat)})


def _stands(part: str, *texts: str) -> bool:
    """Tell whether `part` stands in a text, and as a word of its own if it is short."""
    pattern = re.escape(part) if len(part) > 4 else rf"(?<!\w){re.escape(part)}(?!\w)"
    return any(re.search(pattern, text) for text in texts)


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
