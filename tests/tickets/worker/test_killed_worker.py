"""The worker as a process that is killed at random moments: no note is lost, none is written twice."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")
pytest.importorskip("structlog")

import campaign_rules as cr
from campaign_rules.tickets.state.database import open_database
from campaign_rules.tickets.state.overview import counts, failures
from campaign_rules.tickets.state.queue import DONE, Queue
from campaign_rules.tickets.triage import Policy, decide
from tests.rule_bases import AREA, write_rule_base
from tests.tickets.desk import Desk
from tests.tickets.installed_desk import ROOT, environment
from tests.tickets.remote_desk import TOKEN, remote

TICKETS = 200
KILLS = 12
SECONDS = 300.0
"""How long a busy machine may take; a free one needs a tenth of it."""

SAID = ("mails not sent since nine", "stat is gone", "hello, is anybody there")

CONFIG = """\
tracker:
  desk:
    url: {url}
    token: {token}
triage:
  threshold: 0.3
  labels: {{diagnosed: campaign-diagnosed, asked: campaign-question}}
rules: {rules}
state: {state}
poll_seconds: 0.2
lease_seconds: 1
longest_wait_seconds: 0.3
"""


class Processes:
    """Workers, one of which is killed now and then: at a random moment after a call that the desk got."""

    def __init__(self, command: list[str], environment: dict[str, str], number: int) -> None:
        self._command = command
        self._environment = environment
        self._random = random.Random(20261102)
        self._lock = threading.Lock()
        self._running = [self._start() for _ in range(number)]
        self._calls_left = 20
        self.kills = 0

    def called(self) -> None:
        """Count a call; kill a worker a little later if it is time."""
        with self._lock:
            self._calls_left -= 1
            if self._calls_left == 0 and self.kills < KILLS:
                threading.Timer(self._random.uniform(0.0, 0.05), self.kill_one).start()

    def kill_one(self) -> None:
        """Kill a worker, and start another in its place."""
        with self._lock:
            at = self._random.randrange(len(self._running))
            self._running[at].kill()
            self._running[at].wait()
            self._running[at] = self._start()
            self._calls_left = self._random.randrange(5, 60)
            self.kills += 1

    def end(self) -> list[int]:
        """Ask the workers to end, and return how they did."""
        with self._lock:
            for one in self._running:
                one.terminate()
            return [one.wait(20) for one in self._running]

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, cwd=ROOT, env=self._environment, stderr=subprocess.DEVNULL)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("state", "workers"), [("sqlite", 1), ("sqlite", 2), ("postgresql", 2)], indirect=["state"]
)
def test_a_worker_killed_at_random_moments_loses_and_doubles_no_note(
    state: str, workers: int, tmp_path: Path
) -> None:
    area = AREA.replace(
        "label: {en: stat does not run, it: stat non gira}",
        "label: {en: stat does not run, it: stat non gira}\n    signs: {phrases: {en: [stat is gone]}}",
    )
    rules = write_rule_base(tmp_path / "rules", area=area)
    desk, chance = Desk(page=30), random.Random(1)
    for number in range(TICKETS):
        desk.open(f"T-{number}", SAID[number % 3])
    file = tmp_path / "tickets.yaml"
    engine = open_database(state)
    with remote(desk, trouble=0.05, slowest=0.005) as (url, told):
        queue = Queue(engine, f"desk {url.removeprefix('http://')}")
        text = CONFIG.format(url=url, token=TOKEN, rules=rules, state=state)
        file.write_text(text, encoding="utf-8")
        code = "from campaign_rules.cli import main; main()"
        command = [sys.executable, "-c", code, "tickets", "watch", "--config", str(file), "--log", "json"]
        processes = Processes(command, dict(environment(tmp_path / "site")), workers)
        told(processes.called)
        try:
            replies, deadline = 0, time.monotonic() + SECONDS
            while not _finished(desk, queue, processes.kills):
                assert time.monotonic() < deadline, _standing(desk, queue)
                if replies < processes.kills * 5:
                    desk.reply(f"T-{chance.randrange(TICKETS)}", chance.choice(SAID))
                    replies += 1
                threading.Event().wait(0.02)
        finally:
            ended = processes.end()
    engine.dispose()
    assert ended == [0] * workers
    assert processes.kills == KILLS
    knowledge = cr.load_knowledge(rules)
    policy = Policy(threshold=0.3, labels={"diagnosed": "campaign-diagnosed", "asked": "campaign-question"})
    for key, ticket in desk.tickets.items():
        decision = decide(ticket, knowledge, policy, date.today())
        assert [one.own for one in ticket.messages].count(True) == 1, key
        assert desk.notes(key) == [decision.note.digest], key
        assert ticket.labels == decision.edits.labels_added, key


def _finished(desk: Desk, queue: Queue, kills: int) -> bool:
    last = str(max(int(one.revision) for one in desk.tickets.values()))
    noted = all(desk.notes(key) for key in desk.tickets)
    return kills == KILLS and noted and queue.position == last and counts(queue)[DONE] == TICKETS


def _standing(desk: Desk, queue: Queue) -> str:
    missing = [key for key in desk.tickets if not desk.notes(key)]
    return f"{counts(queue)}, no note on {missing}, failures {failures(queue)}"
