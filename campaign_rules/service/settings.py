"""What whoever runs the service may decide."""

from __future__ import annotations

from attrs import field, frozen
from attrs.validators import gt

from campaign_rules.serving.settings import Settings


@frozen(kw_only=True)
class ServiceSettings(Settings):
    """The settings of every server, and those of webhooks.

    A webhook is answered when it is signed with one of `webhook_secrets`, at most `webhook_seconds` ago or
    ahead. Without secrets there are no webhooks.
    """

    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    webhook_seconds: float = field(default=300.0, validator=gt(0))
