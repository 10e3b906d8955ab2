"""The server that is to be probed, and the refusal to probe another one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from attrs import frozen

from campaign_rules.errors import InputError

_PORTS = {"http": 80, "https": 443}
_REDIR = re.compile(r"<redir\b[^>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(instance|host)\s*=\s*(?:'([^']*)'|"([^"]*)")""", re.IGNORECASE)


@frozen
class Target:
    """An address taken apart. `host` is in its ASCII form; `instance` is "" when none was named."""

    scheme: str
    host: str
    port: int
    instance: str = ""

    @property
    def secure(self) -> bool:
        """Tell whether the address is https."""
        return self.scheme == "https"

    @property
    def origin(self) -> str:
        """The address without path, such as ``https://prod.example.com``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")


def read_target(url: str, instance: str = "") -> Target:
    """Take the address `url` apart; its path does not matter.

    Raises :class:`InputError` for what is no http or https address, or holds a login.
    """
    try:
        parts = urlsplit(url.strip())
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError as error:
        raise InputError(f"{url.rpartition('@')[2]}: is no usable address: {error}") from None
    if scheme not in _PORTS:
        raise InputError(f"{url}: the address must begin with https:// or http://")
    if not re.fullmatch(r"[\w.:%-]+", host):
        raise InputError(f"{url}: the address names no usable host")
    if parts.username is not None:
        raise InputError(f"{scheme}://{host}: leave the login out of the address; no check needs one")
    return Target(scheme, host, _PORTS[scheme] if port is None else port, instance)


def check_instance(target: Target, reply: str) -> None:
    """Raise :class:`InputError` if the reply of ``/r/test`` comes from another server than `target`.

    The reply names its instance and host to callers with debug rights only
    (installation/using/security-zones.md#linking-a-security-zone-to-an-operator); what it does not say
    cannot differ. The instance decides where it is known; else the host does.
    """
    found = _REDIR.search(reply)
    named = {
        name.casefold(): (single or double).strip()
        for name, single, double in _ATTRIBUTE.findall(found[0] if found else "")
    }
    instance, host = named.get("instance", ""), named.get("host", "")
    if target.instance and instance:
        if instance.casefold() != target.instance.casefold():
            raise InputError(f"{target.origin}: answers as instance {instance!r}, not {target.instance!r}")
    elif "." in host and host.casefold() != target.host.casefold():
        hint = f"; if it is meant, add --instance {instance}" if instance else ""
        raise InputError(f"{target.origin}: answers as host {host!r}{hint}")
