"""The folders of a mailbox, by IMAP."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted, MailMessage
from imap_tools.errors import (
    MailboxFetchError,
    MailboxFlagError,
    MailboxFolderSelectError,
    MailboxLoginError,
    MailboxUidsError,
    UnexpectedCommandStatusError,
)
from imap_tools.utils import check_command_status

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.connectors.mail_content import Head, head_of
from campaign_rules.tickets.connectors.mail_settings import MailSettings

BEGINNING = 262_144
"""Bytes that are read of a mail that is too large to be read whole."""

_FOR_NOW = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[OVERQUOTA]", "[THROTTLED]")
"""What a server answers that may do the same later (RFC 5530)."""


class Folders:
    """A connection to the mailbox, opened when it is needed, and again when it broke.

    Every method raises TrackerError.
    """

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._mailbox: BaseMailBox | None = None

    def select(self, folder: str, *, writable: bool = False) -> int:
        """Go to a folder, and return its UIDVALIDITY. What was asked of it before is fresh again."""
        with self._failing(f"opening the folder {folder}"):
            mailbox = self._opened()
            mailbox.folder.set(folder, readonly=not writable)
            _, told = mailbox.client.response("UIDVALIDITY")
            return int(told[0] or 0)

    def search(self, criteria: str) -> list[int]:
        """Return the UIDs of the mails in the folder that meet criteria of IMAP, in ascending order."""
        with self._failing("searching"):
            reply = self._opened().client.uid("SEARCH", criteria)
            check_command_status(reply, MailboxUidsError)
            return sorted(int(uid) for uid in (reply[1][0] or b"").split())

    def heads(self, uids: Sequence[int]) -> Iterator[Head]:
        """Yield the heads of mails in the folder."""
        for uid in uids:
            if mail := self._mail(uid, "BODY.PEEK[HEADER]"):
                yield head_of(mail)

    def mail(self, uid: int, *, whole: bool) -> MailMessage | None:
        """Return a mail, or its beginning; None if it is gone."""
        return self._mail(uid, "BODY.PEEK[]" if whole else f"BODY.PEEK[]<0.{BEGINNING}>")

    def _mail(self, uid: int, part: str) -> MailMessage | None:
        with self._failing("reading a mail"):
            reply = self._opened().client.uid("FETCH", str(uid), f"({part} UID FLAGS RFC822.SIZE)")
            check_command_status(reply, MailboxFetchError)
            data = reply[1]
            return MailMessage(data) if any(isinstance(one, tuple) for one in data) else None

    def append(self, folder: str, mail: bytes) -> None:
        """Put a mail into a folder, as one that was read."""
        with self._failing(f"filing a mail in {folder}"):
            self._opened().append(mail, folder, flag_set=(r"\Seen",))

    def mark(self, uids: Iterable[int], keywords: Iterable[str], *, on: bool) -> None:
        """Set or take away keywords of mails in the folder, which has to be writable."""
        words, numbers = " ".join(sorted(keywords)), ",".join(map(str, uids))
        if not words or not numbers:
            return
        with self._failing("setting keywords"):
            client = self._opened().client
            _, allowed = client.response("PERMANENTFLAGS")
            if on and rb"\*" not in (allowed[0] or b""):
                raise TrackerError(
                    f"{self._settings.imap_host} keeps no keywords: take labels out of the configuration"
                )
            reply = client.uid("STORE", numbers, f"{'+' if on else '-'}FLAGS.SILENT", f"({words})")
            check_command_status(reply, MailboxFlagError)

    def refresh(self) -> None:
        """Find out whether a connection of before is alive; if not, the next call opens another."""
        if self._mailbox:
            try:
                self._mailbox.client.noop()
            except (OSError, imaplib.IMAP4.error):
                self.close()

    def close(self) -> None:
        """Give the connection back."""
        mailbox, self._mailbox = self._mailbox, None
        if mailbox:
            with suppress(OSError, imaplib.IMAP4.error, UnexpectedCommandStatusError):
                mailbox.logout()
            _hang_up(mailbox)

    def _opened(self) -> BaseMailBox:
        if self._mailbox is None:
            mailbox = _connected(self._settings)
            try:
                login = mailbox.login if self._settings.password.isascii() else mailbox.login_utf8
                login(self._settings.user, self._settings.password, initial_folder=None)
            except BaseException:
                _hang_up(mailbox)
                raise
            self._mailbox = mailbox
        return self._mailbox

    @contextmanager
    def _failing(self, doing: str) -> Iterator[None]:
        where = f"{self._settings.imap_host}: {doing}"
        try:
            yield
        except ssl.SSLCertVerificationError:
            raise TrackerError(f"{where}: the certificate cannot be verified; set ca") from None
        except UnexpectedCommandStatusError as error:
            later = any(code in str(error.command_result).upper() for code in _FOR_NOW)
            if isinstance(error, MailboxLoginError):
                raise TrackerError(
                    f"{where}: the login was refused; check user and password", temporary=later
                ) from None
            advice = "; is there such a folder?" if isinstance(error, MailboxFolderSelectError) else ""
            raise TrackerError(f"{where}: the server refused it{advice}", temporary=later) from None
        except (OSError, imaplib.IMAP4.abort):
            self._drop()
            raise TrackerError(f"{where}: no connection, or it broke", temporary=True) from None
        except (imaplib.IMAP4.error, ValueError) as error:
            self._drop()
            kind = type(error).__name__
            raise TrackerError(f"{where}: the server refused it, or answered strangely ({kind})") from None

    def _drop(self) -> None:
        mailbox, self._mailbox = self._mailbox, None
        if mailbox:
            _hang_up(mailbox)


def _hang_up(mailbox: BaseMailBox) -> None:
    with suppress(OSError):
        mailbox.client.shutdown()


def _connected(settings: MailSettings) -> BaseMailBox:
    host, port, seconds = settings.imap_host, settings.imap_port, settings.seconds
    if settings.imap_tls == "tls":
        return MailBox(host, port, timeout=seconds, ssl_context=settings.trust())
    mailbox = MailBoxUnencrypted(host, port, timeout=seconds)
    if settings.imap_tls == "starttls":
        try:
            if "STARTTLS" not in mailbox.client.capabilities:
                raise TrackerError(f"{host}: the server has no STARTTLS; try imap_tls: tls")
            mailbox.client.starttls(settings.trust())
        except BaseException:
            _hang_up(mailbox)
            raise
    return mailbox
