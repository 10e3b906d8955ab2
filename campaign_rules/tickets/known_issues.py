"""stand-in"""

from __future__ import annotations

from attrs import frozen


@frozen
class KnownIssue:
    id: str = ""


def read_known_issues(text: str, name: str) -> tuple[KnownIssue, ...]:
    return ()
