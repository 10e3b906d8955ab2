"""What has to be known of a mailbox."""

from __future__ import annotations

import re
import ssl

from attrs import field, frozen
from attrs.validators import in_

from campaign_rules.errors import InputError
from campaign_rules.serving.listening import is_loopback

_PLAIN = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+", re.ASCII)

TLS = ("tls", "starttls", "none")


@frozen(kw_only=True)
class MailSettings:
    """A mailbox that is for tickets only, and who may write to it.

    `address` is that of the mailbox. `senders` are who gets answers: addresses, or ``@example.com`` for all
    of a domain; mails of others are passed over. `authenticated_by` is the name that your mail server puts
    into the header Authentication-Results (RFC 8601): with it, only senders count whom that server found
    genuine (dmarc=pass).

    Mails come from `folder`, and copies of ours go to `sent`, on `imap_host`. They leave by `smtp_host`. Both
    take `user` and `password`; `smtp_user` empty means the same, and ``-`` none. `imap_tls` and `smtp_tls`
    are ``tls`` from the first byte, ``starttls``, or ``none``, which is for this machine only. `ca` is a file
    with certificates to trust instead of the usual ones, `seconds` the time limit of each wait.

    `name` stands before our address; `replacing` is the first line of a note in place of an earlier one, with
    ``{time}`` for when that was written.
    """

    address: str
    senders: tuple[str, ...]
    imap_host: str
    smtp_host: str
    user: str
    password: str = field(repr=False)
    imap_port: int = 993
    imap_tls: str = field(default="tls", validator=in_(TLS))
    smtp_port: int = 587
    smtp_tls: str = field(default="starttls", validator=in_(TLS))
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    folder: str = "INBOX"
    sent: str = "Sent"
    authenticated_by: str = ""
    name: str = "campaign-rules"
    replacing: str = "This takes the place of our note of {time}."
    ca: str = ""
    seconds: float = 30.0

    def __attrs_post_init__(self) -> None:
        if self.address.count("@") != 1 or not self.address.isascii() or not self.address.isprintable():
            raise InputError("address: must be an address such as diagnosis@example.com")
        if not self.senders:
            raise InputError("senders: say who gets answers, such as @example.com")
        for sender in self.senders:
            if sender.count("@") != 1 or not sender.partition("@")[2]:
                raise InputError(
                    f"senders: {sender!r} is neither an address nor a domain such as @example.com"
                )
        for name, host, tls in (
            ("imap", self.imap_host, self.imap_tls),
            ("smtp", self.smtp_host, self.smtp_tls),
        ):
            if tls == "none" and not is_loopback(host):
                raise InputError(f"{name}_tls: none is for this machine only, and {host} is another")

    def welcomes(self, sender: str) -> bool:
        """Tell whether an address gets answers: not our own, so that we do not answer ourselves."""
        if not _PLAIN.fullmatch(sender):
            return False
        lowered = sender.casefold()
        known = {one.casefold() for one in self.senders}
        return lowered != self.address.casefold() and bool(
            lowered in known or f"@{lowered.rpartition('@')[2]}" in known
        )

    def trust(self) -> ssl.SSLContext:
        """Return what certificates are checked with."""
        return ssl.create_default_context(cafile=self.ca or None)
