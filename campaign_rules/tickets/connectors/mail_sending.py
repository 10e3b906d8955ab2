"""Mails that leave: how they are written, and how they are handed to the server."""

from __future__ import annotations

import hashlib
import html
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.connectors.mail_settings import MailSettings
from campaign_rules.tickets.note import Markup, Note, rendered
from campaign_rules.tickets.ticket import Message, Ticket

_REFERENCES = 20


def note_id(settings: MailSettings, key: str, note: Note, replaces: Message | None) -> str:
    """Return the Message-ID of a note, the same one whenever the same note is written at the same place."""
    once = f"{key}\n{replaces.id if replaces else ''}\n{note.digest}"
    domain = settings.address.partition("@")[2]
    return f"campaign-rules.{hashlib.sha256(once.encode()).hexdigest()[:32]}@{domain}"


def note_mail(
    settings: MailSettings, ticket: Ticket, note: Note, replaces: Message | None, recipients: Sequence[str]
) -> EmailMessage:
    """Return a note as a mail that answers the newest one of the thread, and says that a machine wrote it."""
    plain, marked_up = str(rendered(note, Markup.MARKDOWN)), str(rendered(note, Markup.HTML))
    if replaces:
        when = replaces.written.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        line = settings.replacing.replace("{time}", when)
        plain, marked_up = f"{line}\n\n{plain}", f"<p>{html.escape(line)}</p>\n{marked_up}"
    answered = [message.id for message in ticket.messages if not message.own][-1]
    others = [message.id for message in ticket.messages if message.id not in (ticket.key, answered)]
    references = dict.fromkeys((ticket.key, *others[-_REFERENCES:], answered))
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(settings.name, addr_spec=settings.address)
    mail["To"] = ", ".join(recipients)
    mail["Subject"] = "Re: " + " ".join(ticket.title.split())
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{note_id(settings, ticket.key, note, replaces)}>"
    mail["In-Reply-To"] = f"<{answered}>"
    mail["References"] = " ".join(f"<{one}>" for one in references)
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(plain, cte="quoted-printable")
    mail.add_alternative(marked_up, subtype="html", cte="quoted-printable")
    return mail


def send(settings: MailSettings, mail: bytes, recipients: Sequence[str]) -> None:
    """Hand a mail to the server. Returns once the server has taken it for one of `recipients` at least.

    Raises TrackerError. After a connection that broke, nobody knows whether the server has it.
    """
    where = f"{settings.smtp_host}: sending a mail"
    try:
        server = _connected(settings)
        try:
            _log_in(server, settings)
            server.sendmail(settings.address, list(recipients), mail)
        finally:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
    except ssl.SSLCertVerificationError:
        raise TrackerError(f"{where}: the certificate cannot be verified; set ca") from None
    except smtplib.SMTPAuthenticationError as error:
        temporary = error.smtp_code < 500
        raise TrackerError(
            f"{where}: the login was refused ({error.smtp_code}); check smtp_user and smtp_password",
            temporary=temporary,
        ) from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        raise TrackerError(
            f"{where}: no recipient was accepted ({', '.join(map(str, codes))})", temporary=codes[0] < 500
        ) from None
    except smtplib.SMTPResponseException as error:
        temporary = error.smtp_code < 500
        raise TrackerError(f"{where} was answered with {error.smtp_code}", temporary=temporary) from None
    except smtplib.SMTPNotSupportedError:
        raise TrackerError(f"{where}: the server lacks what is needed, STARTTLS or a login") from None
    except (smtplib.SMTPException, OSError):
        raise TrackerError(f"{where}: no connection, or it broke", temporary=True) from None


def _connected(settings: MailSettings) -> smtplib.SMTP:
    host, port, seconds = settings.smtp_host, settings.smtp_port, settings.seconds
    if settings.smtp_tls == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=seconds, context=settings.trust())
    return smtplib.SMTP(host, port, timeout=seconds)


def _log_in(server: smtplib.SMTP, settings: MailSettings) -> None:
    if settings.smtp_tls == "starttls":
        server.starttls(context=settings.trust())
    if settings.smtp_user != "-":
        own = bool(settings.smtp_user)
        server.login(
            settings.smtp_user if own else settings.user,
            settings.smtp_password if own else settings.password,
        )
