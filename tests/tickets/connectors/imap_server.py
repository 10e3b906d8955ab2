"""A small IMAP server (RFC 3501) in memory, for a client that reads, searches, files and marks mails."""

from __future__ import annotations

import re
import shlex
import socketserver
import ssl
from email import message_from_bytes

from attrs import define, field


@define
class Stored:
    uid: int
    content: bytes
    flags: set[str] = field(factory=set)


@define
class Folder:
    validity: int = 7
    mails: list[Stored] = field(factory=list)
    next_uid: int = 1

    def add(self, content: bytes) -> int:
        self.mails.append(Stored(self.next_uid, content))
        self.next_uid += 1
        return self.next_uid - 1


class ImapServer(socketserver.ThreadingTCPServer):
    """`refusals` maps a command to the answers that it gets instead, the first one first."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, context: ssl.SSLContext | None = None, starttls: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.context, self.starttls = context, starttls
        self.folders = {"INBOX": Folder(), "Sent": Folder()}
        self.password = "a-password"
        self.keywords = True
        self.commands: list[str] = []
        self.refusals: dict[str, list[str]] = {}

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that go away."""


class _Session(socketserver.StreamRequestHandler):
    server: ImapServer
    disable_nagle_algorithm = True

    def setup(self) -> None:
        if self.server.context and not self.server.starttls:
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        self.folder = Folder()
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            literal = re.search(r"\{(\d+)\}$", rest)
            content = b""
            if literal:
                self._say("+ go on")
                content = self.rfile.read(int(literal[1]))
                self.rfile.readline()
            name, _, arguments = rest.partition(" ")
            if name.upper() == "UID":
                name, _, arguments = arguments.partition(" ")
            self.server.commands.append(name.upper())
            refused = self.server.refusals.get(name.upper())
            answer = refused.pop(0) if refused else self._do(name.upper(), arguments, content)
            if answer == "DROP":
                return
            self._say(f"{tag} {answer}")
            if name.upper() == "LOGOUT":
                return
            if name.upper() == "STARTTLS" and self.server.context:
                self.request = self.server.context.wrap_socket(self.request, server_side=True)
                super().setup()

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()

    def _do(self, name: str, arguments: str, content: bytes) -> str:
        match name:
            case "CAPABILITY":
                self._say("* CAPABILITY IMAP4rev1" + (" STARTTLS" if self.server.starttls else ""))
            case "LOGIN":
                if shlex.split(arguments)[1] != self.server.password:
                    return "NO [AUTHENTICATIONFAILED] no"
            case "SELECT" | "EXAMINE":
                folder = self.server.folders.get(shlex.split(arguments)[0])
                if folder is None:
                    return "NO [NONEXISTENT] no such folder"
                self.folder = folder
                self._say(f"* {len(folder.mails)} EXISTS")
                self._say(f"* OK [UIDVALIDITY {folder.validity}] valid")
                more = r" \*" if self.server.keywords else ""
                self._say(rf"* OK [PERMANENTFLAGS (\Seen{more})] flags")
            case "SEARCH":
                words = shlex.split(arguments)
                found = [mail.uid for mail in self.folder.mails if _matches(mail, words.copy())]
                newest = self.folder.mails[-1].uid if self.folder.mails else 0
                if words[0] == "UID" and newest and newest not in found:
                    found.append(newest)  # n:* always holds the last one (RFC 3501, section 6.4.8)
                self._say(f"* SEARCH {' '.join(map(str, found))}".rstrip())
            case "FETCH":
                uids, _, parts = arguments.partition(" ")
                for number, mail in enumerate(self.folder.mails, start=1):
                    if str(mail.uid) in uids.split(","):
                        self._fetch(number, mail, parts)
            case "STORE":
                uids, action, flags = arguments.split(" ", 2)
                for mail in self.folder.mails:
                    if str(mail.uid) in uids.split(","):
                        words = set(flags.strip("()").split())
                        mail.flags = mail.flags | words if action.startswith("+") else mail.flags - words
            case "APPEND":
                folder = self.server.folders.get(shlex.split(arguments)[0])
                if folder is None:
                    return "NO [TRYCREATE] no such folder"
                folder.add(content)
            case "LOGOUT":
                self._say("* BYE bye")
        return "OK done"

    def _fetch(self, number: int, mail: Stored, parts: str) -> None:
        content = mail.content
        if "HEADER" in parts:
            content = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        elif partial := re.search(r"<0\.(\d+)>", parts):
            content = content[: int(partial[1])]
        flags = " ".join(sorted(mail.flags))
        about = f"UID {mail.uid} FLAGS ({flags}) RFC822.SIZE {len(mail.content)}"
        self._say(f"* {number} FETCH ({about} BODY[] {{{len(content)}}}")
        self.wfile.write(content)
        self._say(")")


def _matches(mail: Stored, words: list[str]) -> bool:
    word = words.pop(0)
    if word == "OR":
        first = _matches(mail, words)
        second = _matches(mail, words)
        return first or second
    if word == "UID":
        return mail.uid >= int(words.pop(0).partition(":")[0])
    assert word == "HEADER"
    header, value = words.pop(0), words.pop(0)
    return value.casefold() in str(message_from_bytes(mail.content).get(header, "")).casefold()
