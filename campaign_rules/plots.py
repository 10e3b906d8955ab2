"""A diagnosis as plots with matplotlib, to be put beside others in a notebook or a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_rules import report
from campaign_rules.diagnosis import Diagnosis
from campaign_rules.errors import InputError, UnknownNameError
from campaign_rules.model import Suspect
from campaign_rules.texts import text_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FOR, AGAINST, NEUTRAL = "#b3261e", "#1b6e3c", "#8a93a5"


def plot_suspects(diagnosis: Diagnosis, ax: Axes | None = None) -> Axes:
    """Draw the probability of each suspect as a bar, the likeliest on top, and return the axes.

    Raises InputError where matplotlib is not installed.
    """
    ax = ax or _axes()
    suspects = diagnosis.suspects[::-1]
    bars = ax.barh([report.named(one) for one in suspects], [one.probability for one in suspects], color=FOR)
    ax.bar_label(bars, [report.percent(one.probability) for one in suspects], padding=3)
    ax.set_xlim(0, 1)
    ax.set_xlabel(report.wording(diagnosis.language)["probability"])
    return ax


def plot_evidence(diagnosis: Diagnosis, module: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the weights of evidence (decibans) for and against a suspect, and return the axes.

    `module` is the first suspect unless it is named. Raises UnknownNameError for a module that is no suspect,
    InputError without any suspect and where matplotlib is not installed.
    """
    suspect = _suspect(diagnosis, module)
    ax = ax or _axes()
    weights = suspect.evidence[::-1]
    labels = [
        text_in(diagnosis.knowledge.observations[one.observation].label, diagnosis.language)
        + (f" ({one.through})" if one.through else "")
        for one in weights
    ]
    places = range(len(weights))
    colours = [FOR if one.decibans > 0 else AGAINST for one in weights]
    ax.barh(places, [one.decibans for one in weights], color=colours)
    ax.set_yticks(places, labels)
    ax.axvline(0, color=NEUTRAL, linewidth=1)
    words = report.wording(diagnosis.language)
    ax.set_xlabel(words["weight_for"].format(suspect=report.named(suspect)))
    return ax


def plot_graph(diagnosis: Diagnosis, ax: Axes | None = None) -> Axes:
    """Draw how the fault of the first suspect shows, root cause on top, and return the axes.

    Lines lead from a module (square) to those that need it, and on to the symptoms (dots). Raises InputError
    without any suspect and where matplotlib is not installed.
    """
    _suspect(diagnosis, None)
    ax = ax or _axes()
    tree = report.trace_blame(diagnosis, diagnosis.knowledge)
    for row, entry in enumerate(tree):
        place = (entry.depth, -row)
        if entry.parent >= 0:
            start = tree[entry.parent].depth
            ax.plot([start, start, entry.depth], [-entry.parent, -row, -row], color=FOR, zorder=1)
        ax.plot(*place, marker="s" if entry.module else "o", color=FOR, markersize=8, zorder=2)
        text = f"{entry.module}: {entry.label}" if entry.module else entry.label
        ax.annotate(text, place, (10, 0), textcoords="offset points", va="center")
    ax.set_xlim(-0.3, max(entry.depth for entry in tree) + 4)
    ax.set_ylim(-len(tree) + 0.4, 0.6)
    ax.axis("off")
    return ax


def _suspect(diagnosis: Diagnosis, module: str | None) -> Suspect:
    if not diagnosis.suspects:
        raise InputError("nothing to draw: no module is suspected")
    if module is None:
        return diagnosis.suspects[0]
    for suspect in diagnosis.suspects:
        if suspect.module == module:
            return suspect
    raise UnknownNameError("suspect", module, [one.module for one in diagnosis.suspects])


def _axes() -> Axes:
    try:
        from matplotlib import pyplot
    except ModuleNotFoundError:
        raise InputError("plots need matplotlib: pip install 'campaign-rules[plot]'") from None
    return pyplot.subplots(layout="constrained")[1]
