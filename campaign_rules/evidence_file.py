"""The evidence file: what was collected on one machine, to be diagnosed on any other.

It is JSON: ``schema`` and ``version`` say what it is; ``tool``, ``taken`` and ``target`` where it comes
from; ``artefacts`` holds what was printed, each with its name, command and exit status. Keys may be
added within a version; readers leave alone what they do not know.
"""

from __future__ import annotations

import json
from typing import Any

from attrs import asdict, frozen

from campaign_rules.errors import InputError

SCHEMA = "campaign-rules/evidence"
VERSION = 1


@frozen
class Artefact:
    """One thing collected.

    `kind` is "probe", "command" or "log"; `command` what was run, "" for a log. `taken` is an ISO time
    in UTC. `exit_status` is None for what was not run or did not end, and `note` says why there is no
    text, or not all of it.
    """

    name: str
    kind: str
    taken: str
    text: str = ""
    command: str = ""
    exit_status: int | None = None
    note: str = ""


@frozen
class EvidenceFile:
    """What was collected in one go: with which `tool` and version, and from which `target`."""

    tool: str
    taken: str
    target: str
    artefacts: tuple[Artefact, ...]


def write_evidence(evidence: EvidenceFile) -> str:
    """Return `evidence` as the text of an evidence file."""
    content = {"schema": SCHEMA, "version": VERSION, **asdict(evidence)}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def artefacts_of(text: str) -> tuple[Artefact, ...] | None:
    """Return the artefacts in an evidence file, or None if `text` is none.

    They have a name, a kind, a time and a text; those without text (a command that the machine does not have)
    are left out. Raises
    :class:`InputError` for an evidence file that is damaged or of a later version.
    """
    if not text.lstrip("\ufeff \t\r\n").startswith("{") or f'"{SCHEMA}"' not in text:
        return None
    try:
        content = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"damaged evidence file: {_reason(error)}") from None
    if content.get("schema") != SCHEMA:
        return None
    version = content.get("version")
    if version != VERSION:
        raise InputError(f"evidence file of version {version!r}; this program reads version {VERSION}")
    artefacts = content.get("artefacts")
    if not isinstance(artefacts, list):
        raise InputError("damaged evidence file: no list of artefacts")
    return tuple(one for number, entry in enumerate(artefacts, 1) if (one := _artefact(entry, number)).text)


def _artefact(entry: Any, number: int) -> Artefact:
    given = entry if isinstance(entry, dict) else {}
    name, text = given.get("name"), given.get("text", "")
    if not isinstance(name, str) or not isinstance(text, str):
        raise InputError(f"damaged evidence file: artefact {number} has no name or no text")
    kind, taken = (str(given.get(key) or "") for key in ("kind", "taken"))
    return Artefact(name, kind, taken, text)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, ValueError) else "nested too deeply"
