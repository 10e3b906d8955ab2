"""Folders of rules: which they are, which files count, and what tells two of the same content apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from campaign_rules.cache import code_digest, digest
from campaign_rules.errors import InputError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

BASE_FILE = "knowledge.yaml"
OVERLAY_FILE = "overlay.yaml"
LANGUAGES = "language"


def shipped_rules() -> Traversable:
    """Return the folder of the rule base that comes with the package."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "rules", package.parent / "rules"):
        if folder.is_dir():
            return folder
    from importlib.resources import files  # slow to import, and only needed inside an archive

    archived = files("campaign_rules") / "rules"
    if archived.is_dir():
        return archived
    raise InputError("the rule base is missing from this installation; install campaign-rules again")


def is_overlay(folder: Traversable) -> bool:
    """Return whether `folder` holds rules, but no ``knowledge.yaml`` of its own."""
    if not folder.is_dir() or folder.joinpath(BASE_FILE).is_file():
        return False
    return bool(yaml_files(folder) or yaml_files(folder.joinpath(LANGUAGES)))


def yaml_files(folder: Traversable) -> list[Traversable]:
    """Return the files of rules that lie in `folder` itself, by name; none if there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(
        (file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name
    )


def name_of(overlay: Traversable) -> str:
    """Return what an overlay that gives itself no name is called in versions."""
    name = overlay.resolve().name if isinstance(overlay, Path) else overlay.name
    return "-".join(re.findall(r"[A-Za-z0-9]+", name)) or "overlay"


def content_key(folder: Traversable, below: Traversable | None = None) -> str:
    """Return a digest of all that a rule base comes from: its files, those below it, and the code that reads.

    Raises InputError when there is no rule base to lay an overlay over, OSError for what cannot be read.
    """
    parts: list[bytes | str] = [code_digest("knowledge")]
    if is_overlay(folder):
        parts += ["overlay", name_of(folder), *_contents(below or shipped_rules())]
    return digest([*parts, "rules", *_contents(folder)])


def _contents(folder: Traversable) -> Iterator[bytes | str]:
    for place in ("", LANGUAGES):
        for file in yaml_files(folder.joinpath(place) if place else folder):
            yield f"{place}/{file.name}"
            yield file.read_bytes()
