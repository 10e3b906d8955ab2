"""What the checker has to say about a rule base: faults, which refuse it, and warnings."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen


class Severity(StrEnum):
    """Whether a finding refuses the rule base or only deserves a look."""

    ERROR = "error"
    WARNING = "warning"


@frozen(order=True)
class Finding:
    """One thing that is wrong at one line (from 1) of one file. As text: ``file:line: message``."""

    file: str
    line: int
    message: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"
