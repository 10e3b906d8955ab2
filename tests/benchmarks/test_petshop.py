"""The PetShop protocol, on a made-up folder of the same shape."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pytest

from benchmarks import petshop
from benchmarks.petshop import Alarm, Issue

NODES = ("shop", "search_AWS::Fargate", "lb_remote", "table_AWS::Table")


def write_metrics(path: Path, rows: list[list[float | None]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["microservice", *NODES])
        writer.writerow(["metric", *["latency"] * len(NODES)])
        writer.writerow(["statistic", *["Average"] * len(NODES)])
        writer.writerow(["unix_timestamp", *[""] * len(NODES)])
        for time, row in enumerate(rows):
            writer.writerow([time, *("" if value is None else value for value in row)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "low_traffic"
    normal = [[1.0 + 0.01 * (step % 5)] * len(NODES) for step in range(60)]
    write_metrics(place / "noissue" / "metrics.csv", normal)
    quiet, slow = normal[0], [3.0, 4.0, 4.0, None]
    write_metrics(place / "train" / "issue_0" / "metrics.csv", [quiet, quiet, slow, slow, quiet])
    target = {"node": "shop", "metric": "latency", "agg": "Average"}
    (place / "train" / "issue_0" / "target.json").write_text(
        json.dumps({"target": target, "root_cause": {"node": "search_AWS::Fargate"}}), encoding="utf-8"
    )
    edges = {
        ("shop", "lb_remote"),
        ("shop", "search_AWS::Fargate"),
        ("search_AWS::Fargate", "table_AWS::Table"),
    }
    with (place / "graph.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["", *NODES])
        for caller in NODES:
            writer.writerow([caller, *(float((caller, callee) in edges) for callee in NODES)])
    return tmp_path


def test_issues_are_read_with_their_alarm_and_culprit(folder: Path) -> None:
    (issue,) = petshop.issues(folder, "train")
    assert (issue.scenario, issue.alarm) == ("low_traffic", Alarm("shop", "latency", "Average"))
    assert issue.culprit == "search_AWS::Fargate"
    assert issue.graph.number_of_edges() == 3
    assert math.isnan(issue.measured["table_AWS::Table", "latency", "Average"][2])
    assert list(petshop.issues(folder, "other")) == []


def test_aliases_are_less_likely_and_the_culprit_comes_first(folder: Path) -> None:
    (issue,) = petshop.issues(folder, "train")
    with_prior = petshop.rank(issue, petshop.onset, 0.2)
    assert with_prior[0][0] == "search_AWS::Fargate"
    assert dict(petshop.rank(issue, petshop.onset, 1.0))["lb_remote"] > dict(with_prior)["lb_remote"]


def test_quiet_windows_are_cut_from_normal_operation_and_report_nothing(folder: Path) -> None:
    windows = list(petshop.quiet_windows(folder, "train"))
    assert len(windows) == petshop.CUTS
    assert {len(window.measured["shop", "latency", "Average"]) for window in windows} == {5}
    assert all(petshop.rank(window, petshop.onset, 0.2) == [] for window in windows)


def issue_of(normal: list[float], measured: list[float], metric: str = "latency") -> Issue:
    key = ("n", metric, "Average")
    return Issue("s", None, {key: normal}, {key: measured}, Alarm("n", metric, "Average"))


NORMAL = [1.0, 1.1, 0.9, 1.0, 1.1, 0.9, 1.0, 1.1, 0.9, 1.0, 1.1, 0.9]


def test_the_onset_detector_sees_what_is_harmful_and_new() -> None:
    assert petshop.onset(issue_of(NORMAL, [1.0, 1.0, 5.0, 5.0, 5.0]), "n") > 0.9
    assert petshop.onset(issue_of(NORMAL, [1.0, 1.0, 0.1, 0.1, 0.1]), "n") == 0.0
    assert petshop.onset(issue_of(NORMAL, [5.0, 5.0, 5.0, 5.0, 5.0]), "n") == 0.0
    assert petshop.onset(issue_of(NORMAL, [1.0, 1.0, 0.1, 0.1, 0.1], "availability"), "n") > 0.5
    assert petshop.onset(issue_of(NORMAL[:5], [1.0] * 5), "n") is None


def test_the_detector_of_the_paper_sees_any_deviation() -> None:
    assert petshop.paper_style(issue_of(NORMAL, [1.0, 1.0, 0.1, 0.1, 0.1]), "n") > 0.5
    assert petshop.paper_style(issue_of(NORMAL, [5.0] * 5), "n") > 0.5
    assert petshop.paper_style(issue_of(NORMAL, [1.0] * 5), "n") == 0.0


def test_the_report_has_a_row_for_every_detector_and_the_published_one(folder: Path) -> None:
    shown = petshop.report(folder, "train")
    assert "| onset detector, prior .2 for aliases | 1.000 / 1.000 |" in shown
    assert "as published" in shown
    assert shown.count("\n| ") == 6
