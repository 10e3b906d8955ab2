"""Requests per second and p99 of the service on loopback, beside a FastAPI endpoint that returns a constant.

``python -m benchmarks.service [ROUNDS]``: two servers in processes of their own, the service and the peer,
are asked in turn, a second each, ROUNDS times (10), by the same clients on the same machine. What other
programs take falls on both. The ratio is to the peer's requests per second.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import platform
import socket
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

TOKEN = "a-token-of-the-benchmark"
CLIENTS = 8
INCIDENT = {"ticket": "No e-mail has left since 9:40.", "observations": ["process-missing-stat@prod"]}


Request = tuple[str, str, Any]
"""Method, path and JSON body."""


def constant() -> Any:
    from fastapi import FastAPI

    app = FastAPI()

    @app.post("/v1/diagnoses")
    async def answer(incident: dict[str, Any]) -> dict[str, str]:
        return {"suspect": "stat"}

    return app


def service() -> Any:
    from campaign_rules.service import ServiceSettings, create_app

    return create_app(ServiceSettings(tokens=(TOKEN,), requests_per_minute=10**9))


PEER: Request = ("POST", "/v1/diagnoses", INCIDENT)
ASKED: dict[str, Request] = {
    "health": ("GET", "/health", None),
    "catalogue entry": ("GET", "/v1/catalogue/modules/mta", None),
    "diagnosis of observations": ("POST", "/v1/diagnoses", {"observations": INCIDENT["observations"]}),
    "diagnosis of a ticket": ("POST", "/v1/diagnoses", INCIDENT),
}


def serve(make: Callable[[], Any], port: int) -> None:
    uvicorn.run(make(), host="127.0.0.1", port=port, log_level="error", access_log=False)


@contextmanager
def running(make: Callable[[], Any]) -> Iterator[str]:
    """Yield the address of a server in a process of its own, which answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(make, port), daemon=True)
    process.start()
    try:
        while process.is_alive():
            try:
                httpx.get(f"http://127.0.0.1:{port}/")
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.join()


async def load(address: str, request: Request, seconds: float) -> list[float]:
    """Return the seconds of each request that CLIENTS made; every answer has to be 2xx."""
    taken: list[float] = []
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
        end = time.perf_counter() + seconds

        async def ask() -> None:
            while (started := time.perf_counter()) < end:
                (await client.request(*request[:2], json=request[2])).raise_for_status()
                taken.append(time.perf_counter() - started)

        await asyncio.gather(*(ask() for _ in range(CLIENTS)))
    return taken


def slices(addresses: Sequence[str], requests: Sequence[Request], rounds: int) -> list[list[list[float]]]:
    """Load each server for a second, in turn, `rounds` times; the first round warms up and does not count."""
    found: list[list[list[float]]] = [[] for _ in addresses]
    for number in range(rounds + 1):
        for taken, address, request in zip(found, addresses, requests, strict=True):
            times = asyncio.run(load(address, request, 1.0))
            if number:
                taken.append(times)
    return found


def row(name: str, taken: Sequence[Sequence[float]], peer: Sequence[Sequence[float]]) -> str:
    """Return a line of the table; the ratio is the median of those of neighbouring slices."""
    times = [one for each in taken for one in each]
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    rate = statistics.median(len(each) for each in taken)
    ratio = statistics.median(len(one) / len(other) for one, other in zip(taken, peer, strict=True))
    return f"{name:28} {rate:10.0f} {1000 * cuts[49]:10.1f} {1000 * cuts[98]:10.1f} {ratio:7.2f}"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {CLIENTS} clients, {rounds} rounds")
    print(f"{'':28} {'requests/s':>10} {'median ms':>10} {'p99 ms':>10} {'ratio':>7}")
    requests = (PEER, *ASKED.values())
    with running(constant) as peer, running(service) as served:
        found = slices([peer, *[served] * len(ASKED)], requests, rounds)
    for name, taken in zip(("FastAPI, a constant", *ASKED), found, strict=True):
        print(row(name, taken, found[0]))


if __name__ == "__main__":
    main()
