"""Makes the connector of the remote desk known as an installed package would: by an entry point."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def install(folder: Path) -> Path:
    """Write the metadata of a package with the connector "desk" into a folder for sys.path."""
    metadata = folder / "desk_connector-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: desk-connector\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        "[campaign_rules.trackers]\ndesk = tests.tickets.remote_desk:CONNECTOR\n"
    )
    return folder


def environment(folder: Path) -> Mapping[str, str]:
    """Return the environment of a process that has the connector."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(install(folder))])}
