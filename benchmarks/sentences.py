"""How many sentences are read rightly that deny or only mention a symptom, and that assert one.

Usage: python -m benchmarks.sentences [--wrong]

The sets are `tests/evidence/sentences/*.yaml`. A denied sentence is right when it asserts none of its
symptoms, an asserted one when it asserts all of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

import campaign_rules as cr
from campaign_rules.model import State

FOLDER = Path(__file__).parents[1] / "tests" / "evidence" / "sentences"
LANGUAGES = ("en", "it", "fr", "de", "es")
SETS = (
    *("denied", "denied_more", "denied_unseen", "denied_last"),
    *("asserted", "asserted_unseen", "asserted_last"),
)


def wrong_ones(rows: list[dict[str, Any]], denied: bool) -> Iterator[str]:
    """Yield the sentences that are read wrongly."""
    for row in rows:
        present = {seen.id for seen in cr.read_ticket(row["text"]) if seen.state is State.PRESENT}
        if any((name in present) is denied for name in row["symptoms"]):
            yield row["text"]


def measure(name: str, show: bool) -> str:
    """Return one row of the table."""
    entries = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    right: list[int] = []
    for code in LANGUAGES:
        wrong = list(wrong_ones(entries[code], name.startswith("denied")))
        right.append(len(entries[code]) - len(wrong))
        if show:
            print(*(f"{name} {code}: {text}" for text in wrong), sep="\n", end="\n" if wrong else "")
    total = sum(len(entries[code]) for code in LANGUAGES)
    shares = " | ".join(f"{count}/{len(entries[code])}" for code, count in zip(LANGUAGES, right, strict=True))
    return f"| {name.replace('_', ' ')} | {total} | {sum(right) / total:.2f} | {shares} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--wrong", action="store_true", help="print the sentences that are read wrongly")
    options = parser.parse_args()
    rows = [measure(name, options.wrong) for name in SETS]
    print(f"| sentences | number | right | {' | '.join(LANGUAGES)} |")
    print("| --- | --- | --- |" + " --- |" * len(LANGUAGES))
    print(*rows, sep="\n")


if __name__ == "__main__":
    main()
