"""Readers of machine formats: one for each artefact, each turning lines into readings."""

from __future__ import annotations

from campaign_rules.evidence.readers.access_log import read_access_log
from campaign_rules.evidence.readers.disk_usage import read_disk_usage
from campaign_rules.evidence.readers.indicators import read_indicators
from campaign_rules.evidence.readers.mail_headers import read_mail_headers
from campaign_rules.evidence.readers.memory_usage import read_memory_usage
from campaign_rules.evidence.readers.netreport import read_netreport
from campaign_rules.evidence.readers.open_ports import read_open_ports
from campaign_rules.evidence.readers.probe_readings import read_probe
from campaign_rules.evidence.readers.process_readings import read_processes
from campaign_rules.evidence.readers.reader import ProcessNames, Reader, process_names
from campaign_rules.evidence.readers.redirection import read_redirection
from campaign_rules.evidence.readers.restarts import read_restarts
from campaign_rules.evidence.readers.services import read_services
from campaign_rules.evidence.readers.settings import read_settings
from campaign_rules.evidence.readers.shared_memory import read_shared_memory
from campaign_rules.evidence.readers.tracking_log import read_tracking_log

RECORD_READERS: tuple[Reader, ...] = (
    read_netreport,
    read_access_log,
    read_restarts,
    read_tracking_log,
)
"""Readers of records: each line tells of one moment, and has a date as a rule."""

STATE_READERS: tuple[Reader, ...] = (
    read_processes,
    read_redirection,
    read_probe,
    read_services,
    read_open_ports,
    read_disk_usage,
    read_memory_usage,
    read_shared_memory,
    read_settings,
    read_indicators,
    read_mail_headers,
)
"""Readers of what shows how something was when it was printed."""

READERS = (*STATE_READERS, *RECORD_READERS)
"""Every reader. Each finds its own artefact in any text, and passes over the rest."""

__all__ = ["READERS", "RECORD_READERS", "STATE_READERS", "ProcessNames", "Reader", "process_names"]
