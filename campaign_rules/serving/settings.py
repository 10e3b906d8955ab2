"""What whoever runs a server may decide, with safe values for all of it."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import gt


@frozen(kw_only=True)
class Settings:
    """Who may ask, and how much. Without `tokens` everybody who reaches the port may.

    `requests_per_minute` counts for each token, and for each address that shows none. A body of more than
    `body_bytes`, or that takes more than `body_seconds` to arrive, is refused. A diagnosis that takes more
    than `diagnosis_seconds` is given up; `threads` are worked on at a time. At most `cases` are kept open,
    each for `case_seconds` after it was last used.
    """

    tokens: tuple[str, ...] = field(default=(), repr=False)
    requests_per_minute: int = field(default=600, validator=gt(0))
    body_bytes: int = field(default=8 << 20, validator=gt(0))
    body_seconds: float = field(default=30.0, validator=gt(0))
    diagnosis_seconds: float = field(default=30.0, validator=gt(0))
    threads: int = field(default=4, validator=gt(0))
    cases: int = field(default=1000, validator=gt(0))
    case_seconds: float = field(default=3600.0, validator=gt(0))
