"""A real Roundup on a free port of this machine, and the people who write tickets in it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

SECRET = "the secret that signs the tokens of this tracker"
_SECONDS = 60


class RoundupServer:
    """A tracker in a folder; it can be stopped and started again. Its users have NAME-secret as password."""

    def __init__(self, folder: Path) -> None:
        self._home, self._log = folder / "tracker", folder / "roundup.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/demo/"
        self._script("make", str(self._home), str(self.port), SECRET)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "roundup.scripts.roundup_server",
            "-n",
            "127.0.0.1",
            "-p",
            str(self.port),
        ]
        if os.getuid() == 0:
            command += ["-u", "root", "-g", "root"]  # Roundup takes root only if it is told so
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, f"demo={self._home}"], stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                httpx.get(self.url + "rest/", timeout=_SECONDS)
                return
            except httpx.TransportError:
                time.sleep(0.02)
        raise AssertionError(f"Roundup does not answer: {self._log.read_text()}")

    def stop(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)  # with the processes that answer requests
            self._process.wait()
            self._process = None

    def person(self, name: str) -> Person:
        return Person(self.url, name)

    def fill(self, count: int, title: str, moment: str) -> None:
        """Add issues that were all changed at one moment, as Roundup writes it: 20261130094000.000."""
        self._script("fill", str(self._home), str(count), title, moment)

    def _script(self, *arguments: str) -> None:
        script = str(Path(__file__).with_name("roundup_home.py"))
        ran = subprocess.run(
            [sys.executable, script, *arguments], capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, f"Roundup failed: {ran.stdout}{ran.stderr}"


@contextmanager
def roundup_server(folder: Path) -> Iterator[RoundupServer]:
    server = RoundupServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Person:
    """Somebody who uses the tracker, by way of its REST API, too."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self._client = httpx.Client(
            base_url=url + "rest/data/",
            auth=(name, "admin" if name == "admin" else f"{name}-secret"),
            headers={"Origin": url.removesuffix("/demo/"), "Referer": url, "X-Requested-With": "tests"},
            timeout=_SECONDS,
        )

    def __enter__(self) -> Person:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, **params: str) -> Any:
        return self._client.get(path, params=params).raise_for_status().json()["data"]

    def make(self, kind: str, **values: object) -> str:
        return str(self._client.post(kind, json=values).raise_for_status().json()["data"]["id"])

    def change(self, path: str, operation: str = "replace", **values: object) -> None:
        """Change an item, anew as long as others change it, too."""
        while True:
            headers = {"If-Match": self.get(path)["@etag"]}
            response = self._client.patch(path, json={"@op": operation, **values}, headers=headers)
            if response.status_code != httpx.codes.PRECONDITION_FAILED:
                response.raise_for_status()
                return

    def upload(self, name: str, content: bytes, kind: str) -> str:
        data = {"name": name, "type": kind}
        response = self._client.post("file", data=data, files={"content": (name, content, kind)})
        return str(response.raise_for_status().json()["data"]["id"])

    def open_issue(
        self, title: str, text: str, files: Mapping[str, bytes] | None = None, **values: object
    ) -> str:
        made = [self.upload(name, content, "text/plain") for name, content in (files or {}).items()]
        message = self.make("msg", author=self.name, date=".", content=text)
        return self.make("issue", title=title, messages=[message], files=made, **values)

    def reply(self, key: str, text: str, **values: object) -> str:
        message = self.make("msg", author=self.name, date=".", content=text, **values)
        self.change(f"issue/{key}", "add", messages=[message])
        return message

    def texts(self, key: str) -> list[str]:
        """Return the texts of the messages of an issue."""
        messages = self.get(f"issue/{key}")["attributes"]["messages"]
        return [self.get(f"msg/{one['id']}/content")["data"] for one in messages]


def token(url: str, number: str, *, roles: tuple[str, ...] = ("User",)) -> str:
    """Return a JSON Web Token for the user `number` of the tracker, for an hour (RFC 7519, HS256)."""
    claims = {"sub": number, "iss": url, "aud": url, "roles": roles, "exp": int(time.time()) + 3600}
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
    return b".".join((signed, base64.urlsafe_b64encode(signature).rstrip(b"="))).decode()
