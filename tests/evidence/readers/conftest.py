"""What one reader finds in a text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from campaign_rules.evidence.readers import Reader, process_names
from campaign_rules.evidence.text_lines import split_lines
from tests.evidence.small_base import MODULES

Values = dict[str, str | float]
Read = Callable[..., Values]


@pytest.fixture
def read() -> Read:
    """Read a text with one reader: names of readings, with @instance where one is named, to values."""

    def found(reader: Reader, text: str, source: str = "x") -> Values:
        readings, _ = reader(split_lines(text, source), source, process_names(MODULES))
        return {
            f"{entry.name}@{entry.instance}" if entry.instance else entry.name: entry.value
            for entry in readings
        }

    return found
