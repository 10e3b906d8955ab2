"""Tables in Markdown, and where they stand in the documentation."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; numbers are aligned to the right, floats have three places."""
    lines = [
        f"| {' | '.join(head)} |",
        f"|{'|'.join('---' if not place else '---:' for place in range(len(head)))}|",
    ]
    for row in rows:
        cells = [f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def machine() -> str:
    """Return when and where figures were measured."""
    return f"{date.today().isoformat()}, Python {platform.python_version()}, {platform.machine()}"


def put(page: Path, name: str, content: str) -> None:
    """Replace what stands between the marks of `name` in a page. Raises ValueError when they are missing."""
    text = page.read_text(encoding="utf-8")
    pattern = rf"(<!-- {name}: begin -->\n).*?(<!-- {name}: end -->)"
    replaced, count = re.subn(
        pattern, lambda found: f"{found[1]}\n{content}\n\n{found[2]}", text, flags=re.DOTALL
    )
    if not count:
        raise ValueError(f"{page} has no marks for {name!r}")
    page.write_text(replaced, encoding="utf-8")
