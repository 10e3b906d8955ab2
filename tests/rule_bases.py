"""A small rule base as text, for tests that need one of their own."""

from __future__ import annotations

from pathlib import Path

KNOWLEDGE = """\
version: "1"
scale:
  strengths: {certain: 20, likely: 13, possible: 7}
  propagation: {strong: 0.8, weak: 0.2}
  frequencies: {common: 1.0, occasional: 0.4, rare: 0.1}
  cures: {usually: 0.8}
  disruption_minutes: {none: 0, low: 5, high: 30}
"""

LANGUAGE = """\
language:
  code: {code}
  negations: [not]
"""

AREA = """\
modules:
  - id: mta
    label: {en: Delivery server, it: Server di consegna}
    scope: instance
    listed: true
    depends_on:
      - {on: stat, strength: strong}
  - id: stat
    label: {en: Statistics server, it: Server statistiche}
    scope: instance
    listed: true
observations:
  - id: mails-not-sent
    label: {en: No mail is sent, it: Nessuna mail inviata}
    signs:
      phrases: {en: [mails not sent]}
  - id: stat-missing
    label: {en: stat does not run, it: stat non gira}
    question: {en: Does stat not run?, it: stat non gira?}
  - id: queue
    label: {en: Mails in the queue, it: Mail in coda}
    value: number
facts:
  - id: queue-long
    label: {en: The queue is long, it: La coda è lunga}
rules:
  - id: no-mail
    when: {all: [mails-not-sent]}
    then: [{impairs: mta, strength: likely}]
  - id: stat-gone
    when: {all: [stat-missing]}
    then: [{supports: stat-stopped, strength: certain}, {impairs: stat, strength: likely}]
  - id: stat-runs
    when: {all: [{absent: stat-missing}]}
    then: [{refutes: stat-stopped, strength: certain}]
  - id: long-queue
    when: {all: [{fact: queue, at_least: 1000}]}
    then: [{derives: queue-long}]
  - id: mta-slow
    when: {all: [queue-long], unless: []}
    then: [{supports: mta-overloaded, strength: possible}]
causes:
  - id: stat-stopped
    module: stat
    label: {en: stat is stopped, it: stat è fermo}
    remedy: [start-stat]
  - id: mta-overloaded
    module: mta
    label: {en: Too much to send, it: Troppo da inviare}
    remedy: [wait]
steps:
  - id: start-stat
    action: {en: Start stat, it: Avviare stat}
    commands: [nlserver start stat@<instance>]
    disruption: low
  - id: wait
    action: {en: Wait, it: Attendere}
    place: anywhere
"""


def write_rule_base(folder: Path, area: str = AREA, knowledge: str = KNOWLEDGE) -> Path:
    """Write the small rule base, or `area` in its place, into `folder`; return `folder`."""
    (folder / "language").mkdir(parents=True)
    (folder / "knowledge.yaml").write_text(knowledge, encoding="utf-8")
    (folder / "area.yaml").write_text(area, encoding="utf-8")
    for code in ("en", "it"):
        (folder / "language" / f"{code}.yaml").write_text(LANGUAGE.format(code=code), encoding="utf-8")
    return folder
