"""Diagnoses inside a ticketing system: tickets in, one note on each out, kept up to date.

:class:`Tracker` is what a ticketing system has to offer; `connectors` has one for each system.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign_rules.lazy import lazily

if TYPE_CHECKING:
    from campaign_rules.tickets.known_issues import KnownIssue as KnownIssue
    from campaign_rules.tickets.known_issues import read_known_issues as read_known_issues
    from campaign_rules.tickets.note import Markup as Markup
    from campaign_rules.tickets.note import Note as Note
    from campaign_rules.tickets.note import rendered as rendered
    from campaign_rules.tickets.thread import read_thread as read_thread
    from campaign_rules.tickets.ticket import Attachment as Attachment
    from campaign_rules.tickets.ticket import Message as Message
    from campaign_rules.tickets.ticket import Ticket as Ticket
    from campaign_rules.tickets.tracker import Changed as Changed
    from campaign_rules.tickets.tracker import Changes as Changes
    from campaign_rules.tickets.tracker import Edits as Edits
    from campaign_rules.tickets.tracker import Receiving as Receiving
    from campaign_rules.tickets.tracker import Tracker as Tracker
    from campaign_rules.tickets.triage import Decision as Decision
    from campaign_rules.tickets.triage import Policy as Policy
    from campaign_rules.tickets.triage import Verdict as Verdict
    from campaign_rules.tickets.triage import check_policy as check_policy
    from campaign_rules.tickets.triage import confirm as confirm
    from campaign_rules.tickets.triage import decide as decide

__getattr__, __all__ = lazily(
    __name__,
    {
        "known_issues": ("KnownIssue", "read_known_issues"),
        "note": ("Markup", "Note", "rendered"),
        "thread": ("read_thread",),
        "ticket": ("Attachment", "Message", "Ticket"),
        "tracker": ("Changed", "Changes", "Edits", "Receiving", "Tracker"),
        "triage": ("Decision", "Policy", "Verdict", "check_policy", "confirm", "decide"),
    },
)
