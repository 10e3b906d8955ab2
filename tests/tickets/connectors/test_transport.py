"""What stands below the clients: limits, and failures as errors of a tracker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campaign_rules.errors import TrackerError
from campaign_rules.tickets.connectors.transport import Transport, bounded, mount
from tests.service.running import running


def answer(request: Request) -> Response:
    told = request.query_params.get("retry-after")
    if told is not None:
        return Response(status_code=503, headers={"Retry-After": told})
    return Response(b"x" * 1000)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running(Starlette(routes=[Route("/", answer)])) as url:
        yield url


@pytest.fixture
def session(address: str) -> Iterator[requests.Session]:
    with requests.Session() as made:
        mount(made, Transport("Tracker", address))
        yield made


@pytest.mark.parametrize("other", ["http://127.0.0.1:9/", "https://{host}/", "http://user@{host}/"])
def test_no_other_place_is_asked(session: requests.Session, address: str, other: str) -> None:
    with pytest.raises(TrackerError, match="refers to another host"):
        session.get(other.format(host=address.removeprefix("http://")))


@pytest.mark.parametrize(("limit", "read"), [(999, False), (1000, True)])
def test_a_download_is_bounded(session: requests.Session, address: str, limit: int, read: bool) -> None:
    assert (bounded(session.get(address, stream=True), limit) is not None) is read


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("7", 7), ("", None), ("soon", None), ("-7", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)
def test_the_wish_to_wait_is_passed_on(
    session: requests.Session, address: str, told: str, seconds: float | None
) -> None:
    with pytest.raises(TrackerError) as raised:
        session.get(address, params={"retry-after": told})
    assert raised.value.temporary
    assert raised.value.retry_after == seconds
