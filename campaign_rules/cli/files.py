"""Files and standard input as text, or one clear message."""

from __future__ import annotations

import sys
from pathlib import Path

from campaign_rules.errors import InputError, did_you_mean
from campaign_rules.evidence import decode_text

STANDARD_INPUT = "-"


def read_file(name: str) -> str:
    """Return the text of the file `name`; ``-`` is standard input. Raises InputError if it has none."""
    if name == STANDARD_INPUT:
        return decode_text(sys.stdin.buffer.read(), "standard input")
    path = Path(name)
    try:
        return decode_text(path.read_bytes(), name)
    except FileNotFoundError:
        siblings = [str(path.with_name(one.name)) for one in path.parent.glob("*")]
        raise InputError(f"{name}: no such file{did_you_mean(name, siblings)}") from None
    except IsADirectoryError:
        raise InputError(f"{name}: is a folder; name the files in it, such as {path / '*'}") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from None
