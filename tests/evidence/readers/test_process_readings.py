from __future__ import annotations

import pytest

from campaign_rules.evidence.readers import process_names
from campaign_rules.evidence.readers.process_readings import read_processes
from campaign_rules.evidence.text_lines import split_lines
from campaign_rules.model import Module
from tests.evidence.small_base import MODULES

BANNER = "17:33:57 >   Application server for Adobe Campaign Classic (7.X YY.R build 9032@SHA1) of 01/02/2021"
ROWS = """web@default (9984) - 50.1 Mo
watchdog (2273) - 6.6 Mo
trackinglogd@default (9985) - 45,6 Mo
mta@test (9986) - 9.6 Mo
syslogd@default (7611) - 9.2 MB
wfserver@test (9340) - 11.3 Mb"""


def read(text: str, modules: tuple[Module, ...] = MODULES) -> dict[tuple[str, str], str | float]:
    readings, _ = read_processes(split_lines(text, "pdump.txt"), "pdump.txt", process_names(modules))
    return {(reading.name, reading.instance): reading.value for reading in readings}


def missing(readings: dict[tuple[str, str], str | float]) -> set[tuple[str, str]]:
    return {name for name, value in readings.items() if value == "missing"}


def test_a_complete_listing_says_what_runs_and_what_does_not() -> None:
    found = read(f"{BANNER}\n{ROWS}")
    assert found["process.mta", "test"] == "running"
    assert found["process.mta.memory_mb", "test"] == 9.6
    assert found["process.trackinglogd.memory_mb", ""] == 45.6
    assert found["process.web", ""] == "running"
    assert found["processes.running", ""] == 6
    assert found["campaign.build", ""] == 9032
    assert missing(found) == {("process.inMail", "test")}


@pytest.mark.parametrize(
    "banner",
    [
        "HH:MM:SS > Application server for Adobe Campaign Classic (7.X YY.R build 9032@SHA1) of DD/MM/YYYY",
        "HH:MM:SS > Application Server for Adobe Campaign Classic (7.X YY.R build 9032@SHA1) of DD/MM/YYYY",
        "HH:MM:SS > Application server for Adobe Campaign Version X.Y (build 9032) of DD/MM/YYYY",
        "HH:MM:SS > Application Server for Adobe Campaign version x.x (build 9032) dated xx/xx/xxxx",
    ],
)
def test_every_banner_opens_a_listing(banner: str) -> None:
    found = read(f"{banner}\nwatchdog (2273) - 6.6 Mo")
    assert found["campaign.build", ""] == 9032
    assert ("process.mta", "") in missing(found)


def test_a_banner_with_placeholders_has_no_build() -> None:
    assert (
        read("HH:MM:SS > Application server for Adobe Campaign Version X.Y (build XXXX) of DD/MM/YYYY") == {}
    )


@pytest.mark.parametrize(
    "text",
    [
        "No tasks",
        "no task",
        f"{BANNER}\nNo tasks",
        "HH:MM:SS > Application Server for Adobe Campaign version x.x (build xxx) dated xx/xx/xxxx No tasks",
        "$ nlserver pdump\n12:00:00 >   No tasks",
    ],
)
def test_no_tasks_means_that_every_listed_module_is_missing(text: str) -> None:
    found = read(text)
    assert found["processes.running", ""] == 0
    assert missing(found) == {(f"process.{entry.id}", "") for entry in MODULES if entry.listed}


def test_each_instance_of_the_listing_is_judged_alone() -> None:
    found = read(f"{BANNER}\nwatchdog (1) - 6.6 Mo\nmta@prod (2) - 9.6 Mo\nwfserver@dev (3) - 9.6 Mo")
    assert found["process.mta", "prod"] == "running"
    assert ("process.mta", "dev") in missing(found)
    assert ("process.wfserver", "prod") in missing(found)
    assert ("process.web", "") in missing(found)


def test_default_is_no_instance() -> None:
    found = read(f"{BANNER}\nwatchdog (1) - 6.6 Mo\nmta@default (2) - 9.6 Mo")
    assert found["process.mta", ""] == "running"


def test_names_match_in_any_case_and_unknown_names_are_left_alone() -> None:
    found = read(f"{BANNER}\ninmail@prod (2) - 9.6 Mo\nfancy@prod (3) - 1 Mo")
    assert found["process.inMail", "prod"] == "running"
    assert not any("fancy" in name for name, _ in found)


@pytest.mark.parametrize(
    "text",
    [
        "mta@test (9986) - 9.6 Mo",
        "web@default (9984) - 50.1 Mo\n[...]\nmta@test (9986) - 9.6 Mo",
        f"{BANNER}\nweb@default (9984) - 50.1 Mo\n...",
        f"{BANNER}\nweb@default (9984) - 50.1 Mo\nmta@te",
        "$ nlserver pdump | grep web\nweb@default (9984) - 50.1 Mo\nwatchdog (1) - 2 Mo",
        "We see that web@default (9984) - 50.1 Mo is large, and watchdog (1) - 2 Mo too",
    ],
)
def test_a_cut_filtered_or_quoted_listing_says_nothing_about_absence(text: str) -> None:
    found = read(text)
    assert "running" in found.values()
    assert not missing(found)
    assert ("processes.running", "") not in found


@pytest.mark.parametrize(
    "text",
    ["$ nlserver pdump\nmta@test (9986) - 9.6 Mo", "watchdog (2273) - 6.6 Mo\nmta@test (9986) - 9.6 Mo"],
)
def test_a_prompt_or_a_module_of_the_machine_makes_a_listing_complete(text: str) -> None:
    assert ("process.wfserver", "test") in missing(read(text))


def test_monitor_missing_names_what_is_missing_and_nothing_else() -> None:
    found = read(f"{BANNER}\ninMail@test\nmta@test\nwfserver@test")
    assert missing(found) == {
        ("process.inMail", "test"),
        ("process.mta", "test"),
        ("process.wfserver", "test"),
    }
    assert found["processes.missing", ""] == 3
    assert "running" not in found.values()


def test_an_empty_monitor_missing_needs_its_command() -> None:
    assert read(f"$ nlserver monitor -missing\n{BANNER}")["processes.missing", ""] == 0
    assert ("processes.missing", "") not in read(BANNER)
    assert read("Please run nlserver monitor -missing and tell us.") == {}


def test_bare_names_alone_are_what_monitor_missing_prints() -> None:
    assert missing(read("mta@prod\n\nwfserver@prod\n")) == {
        ("process.mta", "prod"),
        ("process.wfserver", "prod"),
    }
    assert read("the instance\nmta@prod") == {}


WHO = """
Connections ------------------------------------------------------
Last Access IP Instance Login
12/03/2021 10:11:12 127.0.0.1 default formation_fr|tracking
DD/MM/YYYY HH:MM:SS 127.0.0.1 default internal|monitoring

Connection pool --------------------------------------------------
Datasource Server Provider Login
default xxxxx myserver myprovider test400
"""


def test_open_connections_are_counted() -> None:
    assert read(f"{BANNER}\n{ROWS}\n{WHO}")["connections.open", ""] == 2
    assert read("Connections -----------\nLast Access IP Instance Login\n")["connections.open", ""] == 0


def test_two_listings_in_one_text_are_read_apart() -> None:
    first, second = (f"{BANNER}\nwatchdog (1) - 6 Mo\nmta@{name} (2) - 9 Mo" for name in "ab")
    found = read(f"{first}\n\nlater:\n{second}")
    assert found["process.mta", "a"] == "running"
    assert found["process.mta", "b"] == "running"
    assert ("process.wfserver", "a") in missing(found)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_quoting_do_not_matter(end: str) -> None:
    text = end.join(f"> {line}" for line in f"{BANNER}\n{ROWS}".split("\n"))
    assert read(text) == read(f"{BANNER}\n{ROWS}")


def test_the_order_of_rows_does_not_matter() -> None:
    turned = "\n".join(reversed(ROWS.split("\n")))
    assert read(f"{BANNER}\n{turned}") == read(f"{BANNER}\n{ROWS}")


def test_readings_name_their_line() -> None:
    readings, used = read_processes(split_lines(f"Hello\n{BANNER}\n{ROWS}", "x"), "x", process_names(MODULES))
    place = {(reading.name, reading.instance): reading.provenance for reading in readings}
    assert place["process.mta", "test"].line == 6
    assert place["process.mta", "test"].text == "mta@test (9986) - 9.6 Mo"
    assert place["process.inMail", "test"].line == 2
    assert used == frozenset(range(2, 9))


@pytest.mark.parametrize("unit", [("102400 Ko", 100.0), ("0.5 Go", 512.0), ("7 MB", 7.0)])
def test_units(unit: tuple[str, float]) -> None:
    assert read(f"mta@p (1) - {unit[0]}")["process.mta.memory_mb", "p"] == unit[1]


def test_empty_text() -> None:
    assert read("") == {}
