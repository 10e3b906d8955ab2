"""Ticketing systems, one a file. Each is a :class:`~campaign_rules.tickets.tracker.Tracker`."""
