"""The entries of a folder of rules, each with the place it was written at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import Any, Generic, TypeVar

import attrs
from attrs import field, frozen

from campaign_rules.errors import InputError, KnowledgeError
from campaign_rules.knowledge.documents import (
    AreaFile,
    BaseFile,
    LanguageFile,
    ModuleEntry,
    RuleEntry,
    Scenario,
    ScenarioFile,
)
from campaign_rules.knowledge.findings import Finding, Severity
from campaign_rules.knowledge.folders import BASE_FILE, LANGUAGES, OVERLAY_FILE, yaml_files
from campaign_rules.knowledge.structure import structure
from campaign_rules.knowledge.yaml_source import Path, YamlFile, parse_yaml
from campaign_rules.model import Cause, FactType, Language, ObservationType, Step

T = TypeVar("T")

AREA_SECTIONS = tuple(attribute.name for attribute in attrs.fields(AreaFile))


@frozen(eq=False)
class Entry(Generic[T]):
    """A value and where it stands. `inherited` entries are those of the rule base below an overlay."""

    value: T
    file: YamlFile
    path: Path
    inherited: bool = False

    @property
    def place(self) -> str:
        """The file and line of this entry."""
        return self.file.place(self.path)

    def finding(
        self, message: str, word: str | None = None, severity: Severity = Severity.ERROR, within: str = ""
    ) -> Finding:
        """Return a finding at the line of this entry, or of `word` inside it, or inside its key `within`."""
        path = (*self.path, within) if within else self.path
        return Finding(self.file.name, self.file.line(path, word), message, severity)

    def idle(self, message: str, word: str | None = None) -> Finding:
        """Return a finding about an entry without effect: a warning, if an overlay made it so."""
        return self.finding(message, word, Severity.WARNING if self.inherited else Severity.ERROR)

    def problem(self, message: str, word: str | None = None) -> str:
        """Return `message` behind the file and line of this entry, or of `word` inside it."""
        return str(self.finding(message, word))


@frozen(eq=False)
class Entries:
    """Everything written in a folder of rules, in the order of the files' names.

    `disabled` tells where an overlay disabled an entry, by section and id.
    """

    base: Entry[BaseFile]
    fingerprint: str
    modules: tuple[Entry[ModuleEntry], ...]
    observations: tuple[Entry[ObservationType], ...]
    facts: tuple[Entry[FactType], ...]
    rules: tuple[Entry[RuleEntry], ...]
    causes: tuple[Entry[Cause], ...]
    steps: tuple[Entry[Step], ...]
    languages: tuple[Entry[Language], ...]
    disabled: Mapping[tuple[str, str], str] = field(factory=dict)


@frozen(eq=False)
class Folder(Generic[T]):
    """What the files of one folder say: its head file, and the entries section by section."""

    head: Entry[T] | None
    sections: Mapping[str, tuple[Entry[Any], ...]]
    fingerprint: str


@frozen(eq=False)
class _Parsed(Generic[T]):
    """A file that was read, and what it says."""

    file: YamlFile
    document: T
    digest: bytes

    def entries(self, section: str) -> list[Entry[Any]]:
        values: Iterable[Any] = getattr(self.document, section)
        return [Entry(value, self.file, (section, position)) for position, value in enumerate(values)]


def read_entries(folder: Traversable) -> Entries:
    """Read a whole rule base: ``knowledge.yaml``, ``*.yaml`` and ``language/*.yaml``.

    Raises InputError when `folder` is none, KnowledgeError for files that cannot be read.
    """
    if not folder.is_dir() or not folder.joinpath(BASE_FILE).is_file():
        raise InputError(f"{folder}: not a folder of rules (it has neither {BASE_FILE} nor {OVERLAY_FILE})")
    if folder.joinpath(OVERLAY_FILE).is_file():
        raise KnowledgeError(
            [
                f"{folder.joinpath(OVERLAY_FILE)}:1: a folder with {BASE_FILE} is a whole rule base; "
                "an overlay has none"
            ]
        )
    found = read_folder(folder, BASE_FILE, BaseFile)
    assert found.head is not None
    return Entries(base=found.head, fingerprint=found.fingerprint, disabled={}, **found.sections)


def read_folder(folder: Traversable, head_name: str, head_shape: type[T]) -> Folder[T]:
    """Read the files of `folder`, all but its scenarios; the head file may be missing.

    Raises KnowledgeError for files that cannot be read.
    """
    head_files = [file for file in (folder.joinpath(head_name),) if file.is_file()]
    area_files = [file for file in yaml_files(folder) if file.name != head_name]
    language_files = yaml_files(folder.joinpath(LANGUAGES))
    problems: list[str] = []
    heads = _parse(head_files, head_shape, problems)
    areas = _parse(area_files, AreaFile, problems)
    languages = _parse(language_files, LanguageFile, problems)
    if problems:
        raise KnowledgeError(problems)
    read: list[_Parsed[Any]] = [*heads, *areas, *languages]
    sections: dict[str, tuple[Entry[Any], ...]] = {
        section: tuple(entry for area in areas for entry in area.entries(section))
        for section in AREA_SECTIONS
    }
    sections["languages"] = tuple(
        Entry(found.document.language, found.file, ("language",)) for found in languages
    )
    return Folder(
        head=Entry(heads[0].document, heads[0].file, ()) if heads else None,
        sections=sections,
        fingerprint=hashlib.sha256(b"".join(one.digest for one in read)).hexdigest(),
    )


def read_own_scenarios(folder: Traversable) -> tuple[Entry[Scenario], ...]:
    """Read ``scenarios/*.yaml`` of `folder`. Raises KnowledgeError for files that cannot be read."""
    problems: list[str] = []
    parsed = _parse(yaml_files(folder.joinpath("scenarios")), ScenarioFile, problems)
    if problems:
        raise KnowledgeError(problems)
    return tuple(entry for file in parsed for entry in file.entries("scenarios"))


def _parse(files: Iterable[Traversable], shape: type[T], problems: list[str]) -> list[_Parsed[T]]:
    parsed = []
    for file in files:
        content = file.read_bytes()
        try:
            source = parse_yaml(content.decode("utf-8"), str(file))
            digest = hashlib.sha256(file.name.encode() + b"\0" + content).digest()
            parsed.append(_Parsed(source, structure(source, shape), digest))
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            problems.append(f"{file}:{line}: not UTF-8 text")
        except KnowledgeError as error:
            problems.extend(error.problems)
    return parsed
