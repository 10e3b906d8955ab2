"""Which of the domain facts the shipped rule base holds: ``python benchmarks/domain_coverage.py FOLDER``.

FOLDER has ``modules.yaml``, ``dependencies.yaml``, ``observations.yaml`` and ``causes.yaml``. An id is
covered when the rule base has it, or an entry that ``domain_coverage.yaml`` beside this file names for it; or
it is listed there with the reason why it is left out. Prints a line for every id that is not simply
there under its own name (all ids with ``--all``), then the observations whose phrases lack a language. Exits
with 1 when something is neither covered nor listed, when the mapping names what does not exist, or when
phrases lack a language.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import campaign_rules as cr
from campaign_rules.model import ObservationType

MAPPING = Path(__file__).with_suffix(".yaml")
LANGUAGES = ("en", "it", "fr", "de", "es")
STATES = ("covered", "mapped", "left out", "missing", "stale")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Line(NamedTuple):
    state: str
    id: str
    note: str = ""

    @property
    def fails(self) -> bool:
        return self.state in ("missing", "stale")


def main(arguments: list[str]) -> int:
    folders = [name for name in arguments if not name.startswith("-")]
    if len(folders) != 1 or not (folder := Path(folders[0])).is_dir():
        print("usage: python benchmarks/domain_coverage.py FOLDER [--all]", file=sys.stderr)
        return 2
    knowledge = cr.load_knowledge()
    mapping = _read(MAPPING)
    edges = {f"{edge.module} -> {edge.on}" for edge in knowledge.dependencies}
    everything = {
        *knowledge.modules,
        *knowledge.observations,
        *knowledge.facts,
        *knowledge.rules,
        *knowledge.causes,
        *knowledge.steps,
    }
    failed = False
    for kind, ids, own, known in (
        ("modules", _ids(folder, "modules"), knowledge.modules, everything),
        ("edges", _edges(folder), edges, edges),
        (
            "observations",
            _ids(folder, "observations"),
            {**knowledge.observations, **knowledge.facts},
            everything,
        ),
        ("causes", _ids(folder, "causes"), knowledge.causes, everything),
    ):
        lines = list(_compare(ids, own, known, mapping.get(kind) or {}))
        counts = {state: sum(line.state == state for line in lines) for state in STATES}
        print(f"{kind}: {len(ids)}, " + ", ".join(f"{count} {state}" for state, count in counts.items()))
        for line in lines:
            if line.state != "covered" or "--all" in arguments:
                print(f"  {line.state:8}  {line.id}  {line.note}".rstrip())
        failed = failed or any(line.fails for line in lines)
    lacking = [line for entry in knowledge.observations.values() for line in _lacking(entry)]
    phrased = sum(bool(entry.signs.phrases) for entry in knowledge.observations.values())
    print(f"observations with phrases: {phrased}, {len(lacking)} lack a language")
    print(*lacking, sep="\n", end="\n" if lacking else "")
    return int(failed or bool(lacking))


def _compare(
    ids: Iterable[str], own: Iterable[str], known: Iterable[str], mapping: Mapping[str, Any]
) -> Iterator[Line]:
    ids, own, known = tuple(ids), set(own), set(known)
    for name in ids:
        entry = mapping.get(name)
        if entry is None:
            yield Line("covered", name) if name in own else Line("missing", name)
        elif isinstance(entry, dict) and "left_out" in entry:
            yield Line("left out", name, entry["left_out"])
        else:
            full = entry if isinstance(entry, dict) else {"as": entry}
            targets = full["as"] if isinstance(full["as"], list) else [full["as"]]
            note = ", ".join(targets) + (f" ({full['because']})" if "because" in full else "")
            wrong = [target for target in targets if target not in known]
            if wrong:
                yield Line("stale", name, f"the rule base has no {', '.join(wrong)}")
            else:
                yield Line("mapped", name, note)
    for name in mapping:
        if name not in ids:
            yield Line("stale", name, "the domain facts have no such id")


def _ids(folder: Path, kind: str) -> list[str]:
    return [entry["id"] for entry in _read(folder / f"{kind}.yaml")[kind]]


def _edges(folder: Path) -> list[str]:
    found = _read(folder / "dependencies.yaml")["edges"]
    return list(dict.fromkeys(f"{edge['from']} -> {edge['to']}" for edge in found))


def _lacking(entry: ObservationType) -> list[str]:
    missing = [code for code in LANGUAGES if not entry.signs.phrases.get(code)]
    return [f"  {entry.id}: {', '.join(missing)}"] if entry.signs.phrases and missing else []


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
