"""Plots: what is drawn, read off the axes."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

import campaign_rules as cr
from campaign_rules import plots
from campaign_rules.errors import InputError, UnknownNameError

matplotlib = pytest.importorskip("matplotlib")


@pytest.fixture(autouse=True)
def off_screen() -> Iterator[None]:
    from matplotlib import pyplot

    matplotlib.use("agg")
    yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def diagnosis() -> cr.Diagnosis:
    return cr.diagnose(["mails-not-sent", "delivery-pending"])


def test_suspects_are_bars_as_long_as_they_are_likely(diagnosis: cr.Diagnosis) -> None:
    axes = plots.plot_suspects(diagnosis)
    lengths = [bar.get_width() for bar in axes.patches][::-1]
    assert lengths == [one.probability for one in diagnosis.suspects]
    names = [label.get_text() for label in axes.get_yticklabels()][::-1]
    assert names == [one.module for one in diagnosis.suspects]


def test_evidence_is_a_bar_for_each_weight(diagnosis: cr.Diagnosis) -> None:
    axes = plots.plot_evidence(diagnosis, "stat")
    (stat,) = [one for one in diagnosis.suspects if one.module == "stat"]
    assert [bar.get_width() for bar in axes.patches][::-1] == [one.decibans for one in stat.evidence]
    assert "stat" in axes.get_xlabel()


def test_the_graph_names_the_root_cause_and_its_symptoms(diagnosis: cr.Diagnosis) -> None:
    texts = [text.get_text() for text in plots.plot_graph(diagnosis).texts if text.get_text()]
    assert texts[0].startswith(f"{diagnosis.suspects[0].module}: ")
    assert "No e-mail is sent any more" in texts


def test_plots_go_where_they_are_put(diagnosis: cr.Diagnosis) -> None:
    from matplotlib import pyplot

    _, rows = pyplot.subplots(3)
    assert plots.plot_suspects(diagnosis, ax=rows[0]) is rows[0]
    assert plots.plot_evidence(diagnosis, ax=rows[1]) is rows[1]
    assert plots.plot_graph(diagnosis, ax=rows[2]) is rows[2]


def test_what_cannot_be_drawn_is_said(diagnosis: cr.Diagnosis, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no module is suspected"):
        plots.plot_evidence(cr.diagnose([]))
    with pytest.raises(UnknownNameError, match="unknown suspect 'statt'"):
        plots.plot_evidence(diagnosis, "statt")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"campaign-rules\[plot\]"):
        plots.plot_suspects(diagnosis)
