"""Collecting evidence: read-only checks over the network, and command output and logs on the server."""
