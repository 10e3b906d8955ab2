"""Several machines and instances in one folder: each observation goes where it belongs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import campaign_rules as cr
from campaign_rules.evidence_file import Artefact, EvidenceFile, write_evidence
from campaign_rules.model import State
from tests.evidence.artefacts.samples import in_state, knowledge

PIPELINED = (
    "2021-05-31T08:42:48.582Z\t1\t2\t1\twarning\tlog\t"
    "Connection seems to have been lost. Attempting to reconnect.\n"
)
CROSS_DEVICE = (
    "2021-05-31T08:42:18.124Z\t1\t2\t1\terror\tlog\tUnable to rename file '/tmp/a' to /var/b.xml ;"
    "(errno=18, Invalid cross-device link) (iRc=-52)\n"
)
FRONT = (
    "$ nlserver pdump\nwatchdog (1) - 6.6 Mo\nsyslogd@default (2) - 9 Mo\nweb@default (3) - 50.1 Mo\n"
    "trackinglogd@default (4) - 45 Mo\n"
)
APPLICATION = (
    "$ nlserver pdump\nwatchdog (11) - 6.6 Mo\nsyslogd@default (12) - 9 Mo\nweb@default (13) - 50.1 Mo\n"
    "mta@prod (14) - 9.6 Mo\nwfserver@prod (15) - 11.3 Mo\nstat@prod (16) - 5 Mo\ninMail@prod (17) - 5 Mo\n"
)
MISSING = "$ nlserver monitor -missing\nmta@prod\n"


def write(folder: Path, files: dict[str, str]) -> cr.Evidence:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return cr.read_files([folder], knowledge=knowledge())


def test_logs_go_to_the_instance_of_their_folder(tmp_path: Path) -> None:
    found = in_state(
        write(
            tmp_path,
            {
                "hostA/var/prod/log/mta.log": CROSS_DEVICE,
                "hostA/var/dev/log/mta_2.log": PIPELINED,
                "hostB/var/default/log/web.log": PIPELINED,
            },
        ),
        State.PRESENT,
    )
    assert {
        "log-cross-device-rename@prod",
        "log-connection-lost-retry@dev",
        "log-connection-lost-retry",
    } <= found
    assert (
        not {"log-cross-device-rename", "log-cross-device-rename@dev", "log-connection-lost-retry@prod"}
        & found
    )


def test_a_module_on_one_machine_is_not_missing_on_another(tmp_path: Path) -> None:
    found = write(tmp_path, {"front/pdump.txt": FRONT, "application/pdump.txt": APPLICATION})
    present, absent = in_state(found, State.PRESENT), in_state(found, State.ABSENT)
    assert not {one for one in present if one.startswith(("process-missing-mta", "process-missing-wfserver"))}
    assert {"process-missing-mta@prod", "process-missing-wfserver@prod"} <= absent


def test_what_one_machine_lacks_is_not_denied_by_another(tmp_path: Path) -> None:
    without = APPLICATION.replace("watchdog (11) - 6.6 Mo\n", "")
    found = write(tmp_path, {"front/pdump.txt": FRONT, "application/pdump.txt": without})
    assert "process-missing-watchdog" in in_state(found, State.PRESENT)
    assert "process-missing-watchdog" not in in_state(found, State.ABSENT)


def test_a_module_that_should_run_there_is_missing_although_another_machine_runs_it(tmp_path: Path) -> None:
    found = write(tmp_path, {"front/missing.txt": MISSING, "application/pdump.txt": APPLICATION})
    assert "process-missing-mta@prod" in in_state(found, State.PRESENT)


def test_two_lists_of_one_machine_show_what_was_missing_at_one_time(tmp_path: Path) -> None:
    before = APPLICATION.replace("mta@prod (14) - 9.6 Mo\n", "")
    found = write(tmp_path, {"before.txt": before, "after.txt": APPLICATION})
    assert "process-missing-mta@prod" in in_state(found, State.PRESENT)


def test_each_evidence_file_is_a_machine(tmp_path: Path) -> None:
    def bundle(text: str) -> str:
        artefact = Artefact("nlserver pdump", "command", "2026-11-20T09:30:00Z", text, "nlserver pdump", 0)
        return write_evidence(EvidenceFile("t", "2026-11-20T09:30:00Z", "x", (artefact,)))

    found = write(tmp_path, {"front.json": bundle(FRONT), "application.json": bundle(APPLICATION)})
    assert "process-missing-mta@prod" in in_state(found, State.ABSENT)
    assert not {one for one in in_state(found, State.PRESENT) if one.startswith("process-missing-mta")}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_order_of_files_does_not_matter(tmp_path: Path, order: tuple[int, int]) -> None:
    files = [("a/pdump.txt", FRONT), ("b/pdump.txt", APPLICATION)]
    write(tmp_path, dict(files))
    paths = [tmp_path / files[at][0] for at in order]
    assert cr.read_files(paths, knowledge=knowledge()) == cr.read_files([tmp_path], knowledge=knowledge())


def test_settings_go_to_the_instance_of_their_file(tmp_path: Path) -> None:
    files = {
        "conf/config-prod.xml": '<serverconf><relay address="192.0.2.3"/></serverconf>',
        "conf/config-dev.xml": '<serverconf><mta autoStart="false"/></serverconf>',
    }
    found = in_state(write(tmp_path, files), State.PRESENT)
    assert {"relay-configured@prod", "module-not-started-here=mta@dev"} <= found


def test_an_artefact_without_a_known_time_is_read(tmp_path: Path) -> None:
    content = {
        "schema": "campaign-rules/evidence",
        "version": 1,
        "artefacts": [{"name": "a", "text": MISSING}],
    }
    found = write(tmp_path, {"evidence.json": json.dumps(content)})
    assert "process-missing-mta@prod" in in_state(found, State.PRESENT)
