"""Threads and forked processes diagnose at once, with one engine, and agree."""

from __future__ import annotations

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

import campaign_rules as cr
from campaign_rules.inference.durable import can_import

ENGINES = ["semi-naive", "durable"] if can_import() else ["semi-naive"]
INCIDENTS = (
    ["mails-not-sent", "process-missing-stat@prod"],
    ["process-missing-stat@prod", "process-missing-mta@dev", "ctx-os=linux"],
    ["ctx-os=windows"],
    [],
)


def answers(engine: str) -> list[str]:
    return [json.dumps(cr.diagnose(given, engine=engine).to_dict()) for given in INCIDENTS]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_eight_threads_and_four_forked_processes_agree(engine: str) -> None:
    expected = answers(engine)
    with ThreadPoolExecutor(8) as threads:
        given = [threads.submit(answers, engine) for _ in range(24)]
        children = [_fork(engine, expected) for _ in range(4)]
        assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
        assert all(one.result() == expected for one in given)


def _fork(engine: str, expected: list[str]) -> int:
    """Fork a process that exits with 0 if it gets what is expected, three times."""
    child = os.fork()
    if child:
        return child
    signal.alarm(60)
    try:
        os._exit(0 if all(answers(engine) == expected for _ in range(3)) else 1)
    finally:
        os._exit(2)
