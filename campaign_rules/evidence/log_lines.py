"""One line of a log, of a console or of a workflow journal, taken apart.

Layouts: integrations/using/pipeline-troubleshooting.md#pipeline-troubleshooting (ISO time, process,
thread), migration/using/configuring-your-platform.md#tracking (time with a space, thread),
production/using/usual-commands.md#monitoring-commands- (console, ``>`` to ``>>>``) and
platform/using/sftp-server-usage.md#sftp-server-usage (workflow journal).
"""

from __future__ import annotations

import re

from attrs import frozen

_LOG = re.compile(
    r"(?P<time>[\dA-Z]{4}-[\dA-Z]{2}-[\dA-Z]{2}[T ][\dA-Z]{2}:[\dA-Z]{2}:[\dA-Z]{2}(?:[.,]\d{1,6})?Z?)\s+"
    r"(?:\d+\s+)?(?:[0-9A-Fa-f]+\s+)(?:\d+\s+)(?P<severity>info|warning|error)\s+\w+\s+(?P<message>.*)$"
)
_CONSOLE = re.compile(r"(?P<time>\d{2}:\d{2}:\d{2}|HH:MM:SS) (?P<mark>>{1,3})\s*(?P<message>.*)$")
_JOURNAL = re.compile(
    r"(?P<time>(?:\d{1,2}/\d{1,2}/\d{4}|\d{4}[-/]\d{2}[-/]\d{2}) \d{1,2}:\d{2}:\d{2}(?: [AP]M)?)\s+"
    r"(?:(?P<activity>[\w@.\-]+)(?:\s{2,}|\t))?(?P<message>\S.*)$"
)
_CODE = re.compile(r"\b(?P<code>[A-Z]{3}-\d{6})\b")
_TASK = re.compile(r"(?:-tracefile:|(?<![\w@.\-])')[A-Za-z]+@(?P<instance>[\w\-]+)")
_INSTANCE = re.compile(r"-instance:(?P<instance>[\w\-]+)")
_PATH = re.compile(r"(?:^|[/\\])var[/\\](?P<instance>[^/\\]+)[/\\](?:log|postupgrade|redir)[/\\]")
_SEVERITIES = {">": "info", ">>": "warning", ">>>": "error"}

_NAME = re.compile(r"[\w.-]+")
NO_INSTANCE = "default"
"""The name that stands for all instances of the machine (``web@default``)."""


@frozen
class LogLine:
    """A line taken apart. `layout` is "log", "console", "journal" or "plain"; what a layout lacks is ""."""

    message: str
    layout: str = "plain"
    severity: str = ""
    code: str = ""
    time: str = ""
    instance: str = ""


def read_log_line(text: str) -> LogLine:
    """Take one line apart. A line of no known layout is its own message."""
    code = _CODE.search(text)
    common = {"code": code["code"] if code else "", "instance": named_instance(text)}
    if found := _LOG.match(text):
        return LogLine(found["message"], "log", found["severity"], time=found["time"], **common)
    if found := _CONSOLE.match(text):
        severity = _SEVERITIES[found["mark"]]
        return LogLine(found["message"], "console", severity, time=found["time"], **common)
    if found := _JOURNAL.match(text):
        return LogLine(found["message"], "journal", time=found["time"], **common)
    return LogLine(text, **common)


def instance_name(name: str) -> str:
    """Return the instance that `name` stands for.

    "" for ``default``, which means the whole machine, and for what cannot be the name of an instance:
    names end up in commands.
    """
    return "" if name.casefold() == NO_INSTANCE or not _NAME.fullmatch(name) else name


def path_instance(source: str) -> str:
    """Return the instance whose log folder holds `source`, or "".

    Logs lie in ``var/<instance>/log`` (production/using/log-files.md#log-files).
    """
    found = _PATH.search(source)
    return instance_name(found["instance"]) if found else ""


def named_instance(text: str) -> str:
    """Return the instance that a line names in a command or a task, or ""."""
    if "@" not in text and "-instance:" not in text:
        return ""
    found = _INSTANCE.search(text) or _TASK.search(text)
    return instance_name(found["instance"]) if found else ""
