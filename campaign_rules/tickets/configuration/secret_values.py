"""Secrets that a file names instead of holding them: ``{env: NAME}`` or ``{file: PATH}``."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from campaign_rules.knowledge.yaml_source import Path as YamlPath
from campaign_rules.knowledge.yaml_source import YamlFile

ENV, FILE = "env", "file"


@define
class SecretValues:
    """Fills in what a YAML file names. `problems` and `warnings` tell of each the line and what is wrong.

    Paths of files are taken from the `folder`.
    """

    yaml: YamlFile
    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    problems: list[str] = field(factory=list, init=False)
    warnings: list[str] = field(factory=list, init=False)

    def filled(self, value: Any, path: YamlPath) -> Any:
        """Return the value at `path` with secrets in place of their names, "" where there is a problem."""
        if isinstance(value, list):
            return [self.filled(one, (*path, number)) for number, one in enumerate(value)]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (ENV in value or FILE in value):
            ((source, name),) = value.items()
            return self._secret(source, name, (*path, source))
        return {key: self.filled(one, (*path, key)) for key, one in value.items()}

    def _secret(self, source: str, name: Any, path: YamlPath) -> str:
        if not isinstance(name, str) or not name:
            return self._problem(path, f"{source}: expected a name")
        if source == FILE:
            return self._of_file(name, path)
        secret = self.environment.get(name, "")
        return secret or self._problem(path, f"environment variable {name} is not set, or empty")

    def _of_file(self, name: str, path: YamlPath) -> str:
        place = self.folder / name
        try:
            secret = place.read_text(encoding="utf-8").strip()
            mode = place.stat().st_mode
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "is no text in UTF-8"
            return self._problem(path, f"{place}: cannot be read: {reason}")
        if mode & (stat.S_IWGRP | stat.S_IWOTH):
            return self._problem(path, f"{place}: others can write it, so it is no secret: chmod 600 {place}")
        self.warnings.extend(readable_by_others(place, mode))
        return secret or self._problem(path, f"{place}: is empty")

    def _problem(self, path: YamlPath, message: str) -> str:
        self.problems.append(f"{self.yaml.place(path)}: {message}")
        return ""


def readable_by_others(place: Path, mode: int) -> Iterator[str]:
    """Yield the warning on a file with a secret that everybody on this machine can read."""
    if mode & stat.S_IROTH:
        yield f"{place}: everybody on this machine can read the secrets in it: chmod 600 {place}"
