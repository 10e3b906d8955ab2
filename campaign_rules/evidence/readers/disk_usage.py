"""What ``df`` prints: how full the volumes of the machine are.

Which volumes matter: production/using/application-objects.md#files. Whatever the options and the language,
a row holds sizes, a percentage and a path.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from campaign_rules.evidence.readers.listing import Listing, Shape, find_listings
from campaign_rules.evidence.readers.reader import Found, ProcessNames, place
from campaign_rules.evidence.text_lines import Line
from campaign_rules.model import Reading

_HEADING = re.compile(
    r"(?:file ?system|sys\. de fichiers|dateisystem|s\.ficheros)\b.{0,160}(?:%|capacity)", re.IGNORECASE
)
_SIZE = re.compile(r"(?:\d{1,18}(?:[.,]\d{1,3})?(?:[KMGTPE]i?)?B?|-)$")
_PERCENT = re.compile(r"\d{1,3}%$")
_INODES = re.compile(r"\binodes?\b|\bi-?nodi\b", re.IGNORECASE)
_BEGUN = re.compile(r"/|tmpfs\b|devtmpfs\b|udev\b|overlay\b|[\w.-]{1,80}:/")
_ALWAYS_FULL = re.compile(r"/(?:snap|media|run|sys|proc|dev|cdrom|mnt/cdrom|boot/efi)(?:/|$)")
_LONGEST_ROW = 400
_NOT_A_DISK = frozenset({"tmpfs", "devtmpfs", "udev", "squashfs", "efivarfs", "none", "shm"})


@frozen
class _Volume:
    percent: float
    path: str
    line: Line


def read_disk_usage(lines: Sequence[Line], source: str, names: ProcessNames) -> Found:
    """Return ``disk.used_percent`` and ``disk.inodes_used_percent``: of the fullest volume, in percent.

    A listing that does not show the root volume, or is cut or filtered, gives no reading. Pseudo
    volumes and read-only images, always empty or full, do not count.
    """
    readings: list[Reading] = []
    used: set[int] = set()
    for listing in find_listings(lines, _SHAPE):
        volumes = [volume for row in listing.rows if (volume := _volume(row))]
        if not volumes:
            continue
        used |= listing.numbers
        fullest = max(volumes, key=lambda volume: (volume.percent, volume.path), default=None)
        whole = not listing.cut and _percentage_at(listing.rows[-1].text[:_LONGEST_ROW].split()) is not None
        if fullest and whole and any(volume.path == "/" for volume in volumes):
            readings.append(Reading(_name(listing), fullest.percent, "", place(source, fullest.line)))
    return tuple(readings), frozenset(used)


def _name(listing: Listing) -> str:
    return "disk.inodes_used_percent" if _INODES.search(listing.heading.text) else "disk.used_percent"


def _percentage_at(words: Sequence[str]) -> int | None:
    """Return where the percentage of a row stands: after three sizes, before a path."""
    for at in range(3, len(words) - 1):
        sizes = all(_SIZE.match(word) for word in words[at - 3 : at])
        if sizes and (_PERCENT.match(words[at]) or words[at] == "-") and words[at + 1].startswith("/"):
            return at
    return None


def _volume(line: Line) -> _Volume | None:
    words = line.text[:_LONGEST_ROW].split()
    at = _percentage_at(words)
    if at is None or words[at] == "-":
        return None
    device, path = words[0], words[at + 1]
    memory = device in _NOT_A_DISK and not path.startswith(("/tmp", "/var"))
    if memory or _ALWAYS_FULL.match(path) or device.startswith("/dev/loop"):
        return None
    return _Volume(float(words[at][:-1]), path, line)


def _is_row(text: str) -> bool:
    return _percentage_at(text[:_LONGEST_ROW].split()) is not None or (_begins(text) and " " not in text)


def _begins(text: str) -> bool:
    return bool(_BEGUN.match(text))


_SHAPE = Shape("df", lambda text: bool(_HEADING.match(text)), _is_row, _begins)
