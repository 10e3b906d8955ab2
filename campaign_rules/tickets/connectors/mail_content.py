"""One mail: what it answers, whether a machine wrote it, its text and its attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message as Mail
from email.utils import parsedate_to_datetime
from typing import Any

from attrs import field, frozen
from imap_tools import MailMessage
from imap_tools.message import MailAttachment
from imap_tools.utils import parse_email_addresses

from campaign_rules.evidence.decode import decode_line
from campaign_rules.tickets.connectors.html_text import text_of_html
from campaign_rules.tickets.ticket import Attachment, Message

LARGEST = 20_000_000
"""The largest attachment that is read, in bytes."""

_ID = re.compile(r"<([!#-;=?-\[\]-~]{1,250})>")
_REPLY = re.compile(r"\s*(?:(?:re|r|aw|rif|fwd?|wg|tr|i|sv)\s*:\s*)+", re.IGNORECASE)
_ROBOT = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|owner-.*|.*-request)@", re.IGNORECASE
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@frozen
class Head:
    """What the head of a mail tells: its id and those it answers, without brackets, the oldest first."""

    uid: int
    id: str
    answers: tuple[str, ...]
    sender: str = field(repr=False)
    size: int
    flags: frozenset[str]
    automatic: bool
    results: str = field(repr=False)
    """The first header Authentication-Results, which is the one of the last server."""


def head_of(mail: MailMessage) -> Head:
    """Return what the head of a mail tells; `id` is "" if it has none that is usable."""
    own = _ID.findall(_header(mail.obj, "Message-ID"))
    threads = _ID.findall(_header(mail.obj, "References")) or _ID.findall(_header(mail.obj, "In-Reply-To"))
    return Head(
        uid=int(mail.uid or 0),
        id=own[0] if own else "",
        answers=tuple(dict.fromkeys(threads)),
        sender=_sender(mail),
        size=mail.size_rfc822,
        flags=frozenset(flag for flag in mail.flags if not flag.startswith("\\")),
        automatic=_automatic(mail.obj) or bool(_ROBOT.match(_sender(mail))),
        results=_header(mail.obj, "Authentication-Results"),
    )


def title_of(mail: MailMessage) -> str:
    """Return the subject without what replies put before it, on one line."""
    try:
        subject = mail.subject
    except Exception:  # what a stranger has encoded wrongly can fail in any way
        subject = _header(mail.obj, "Subject")
    return _REPLY.sub("", " ".join(subject.split()), count=1)[:300]


def message_of(mail: MailMessage, head: Head, *, whole: bool, own: bool) -> Message:
    """Return a mail as a message. `whole` tells that all of it was loaded, not its beginning only."""
    plain, html, files, missing = [], [], [], []
    for number, part in enumerate(_leaves(mail.obj), start=1):
        kind = part.get_content_type()
        named = part.get_filename() or part.get_content_disposition() == "attachment"
        if named or kind not in ("text/plain", "text/html"):
            name = _name(part, number)
            content = _content(part) if whole else b""
            if content and len(content) <= LARGEST:
                files.append(Attachment(name, content))
            elif content or not whole:
                missing.append(name)
        elif kind == "text/plain":
            plain.append(_unwrapped(part, _text(part)))
        else:
            html.append(_text(part))
    text = "\n".join(plain)
    if not text.strip():
        text = "\n".join(text_of_html(one) for one in html)
    for name in missing:
        text = f"{text}\n\n({name} was not read: the mail is too large)".lstrip("\n")
    return Message(head.id, head.sender, _written(mail.obj), text, tuple(files), own)


def _header(mail: Mail, name: str) -> str:
    return str(mail.get(name, ""))


def _sender(mail: MailMessage) -> str:
    """Return the address of who wrote a mail, "" unless it names exactly one."""
    told = mail.obj.get_all("From", [])
    try:
        found = parse_email_addresses(told[0]) if len(told) == 1 else ()
    except Exception:  # as above
        return ""
    return str(found[0].email) if len(found) == 1 else ""


def _automatic(mail: Mail) -> bool:
    """Tell whether a machine or a list sent a mail, to which no machine may answer (RFC 3834, section 2)."""
    submitted = _header(mail, "Auto-Submitted").partition(";")[0].strip().casefold()
    return (
        submitted not in ("", "no")
        or _header(mail, "Precedence").strip().casefold() in ("bulk", "list", "junk", "auto_reply")
        or _header(mail, "Return-Path").strip() == "<>"
        or any(name in mail for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond"))
        or bool(re.search(r"\b(?:all|autoreply)\b", _header(mail, "X-Auto-Response-Suppress"), re.IGNORECASE))
    )


def _written(mail: Mail) -> datetime:
    """Return the date of a mail, else that on which the last server received it."""
    for told in (_header(mail, "Date"), _header(mail, "Received").rpartition(";")[2]):
        try:
            moment = parsedate_to_datetime(told)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            continue
    return _EPOCH


def _leaves(mail: Mail) -> Iterator[Mail]:
    """Yield the parts that hold something, a mail that is attached as one of them."""
    if mail.get_content_maintype() == "multipart" and mail.is_multipart():
        parts: Any = mail.get_payload()
        for part in parts:
            yield from _leaves(part)
    else:
        yield mail


def _name(part: Mail, number: int) -> str:
    try:
        name = " ".join(MailAttachment(part).filename.split())
    except Exception:  # as above
        name = ""
    return name or (f"mail-{number}.eml" if part.get_content_type() == "message/rfc822" else f"part-{number}")


def _content(part: Mail) -> bytes:
    try:
        return bytes(MailAttachment(part).payload)
    except Exception:  # as above
        return b""


def _text(part: Mail) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        text = content.decode(str(part.get_content_charset() or "utf-8"))
    except (LookupError, ValueError):
        text = "\n".join(decode_line(line) for line in content.split(b"\n"))
    return text.replace("\r\n", "\n").replace("\0", "")


def _unwrapped(part: Mail, text: str) -> str:
    """Return text with the line breaks removed that the mail program put in (RFC 3676, format=flowed)."""
    if str(part.get_param("format", "")).casefold() != "flowed":
        return text
    deleted = str(part.get_param("delsp", "")).casefold() == "yes"
    lines: list[str] = []
    flows, depth = False, 0
    for line in text.split("\n"):
        body = line.lstrip(">")
        quoted = len(line) - len(body)
        body = body.removeprefix(" ")
        if flows and quoted == depth and body != "-- ":
            lines[-1] = (lines[-1][:-1] if deleted else lines[-1]) + body
        else:
            lines.append(("> " * quoted) + body)
        flows, depth = body.endswith(" ") and body != "-- ", quoted
    return "\n".join(lines)
