"""The policies on the way to the services: each alone, and all together."""

import asyncio
import time
from typing import Any

import httpx
import pytest

from gateway.tests.wire import Behaviour, StubWire, answers, hangs, refuses
from gateway.transport import eject, retry
from gateway.transport.balance import Balance
from gateway.transport.deadline import Deadline
from gateway.transport.eject import Eject
from gateway.transport.failures import Ejected, Overloaded
from gateway.transport.limit import Limit
from gateway.transport.replica import Replica
from gateway.transport.retry import Retry
from shared.deadline import HEADER


def _request(method: str = "GET", budget: float = 2.0, **extensions: Any) -> httpx.Request:
    deadline = time.monotonic() + budget
    known = {"deadline": deadline, "attempt_until": deadline, "tried": []} | extensions
    return httpx.Request(method, "http://posts/posts", extensions=known)


async def _outcome(transport: httpx.AsyncBaseTransport, **given: Any) -> int | type[Exception]:
    try:
        return (await transport.handle_async_request(_request(**given))).status_code
    except httpx.TransportError as error:
        return type(error)


def _whole(wire: StubWire, addresses: str = "http://127.0.0.1:8001", at_once: int = 100) -> Limit:
    """All policies, as `open_client` composes them."""
    return Limit(Retry(Deadline(Balance(Eject(wire), {"posts": addresses}))), at_once)


async def test_no_attempt_outlasts_the_deadline_and_the_service_is_told() -> None:
    wire = StubWire(hangs)
    started = time.monotonic()
    assert await _outcome(Deadline(wire), method="POST", budget=0.2) is httpx.ReadTimeout
    assert time.monotonic() - started < 1
    assert 150 <= int(wire.asked[0].headers[HEADER]) <= 200


async def test_a_used_up_budget_asks_nobody() -> None:
    wire = StubWire(answers())
    assert await _outcome(Deadline(wire), budget=-0.1) is httpx.ReadTimeout
    assert wire.asked == []


async def test_an_attempt_that_may_be_repeated_leaves_time_for_the_second() -> None:
    wire = StubWire(answers())
    await _outcome(Deadline(wire), budget=1.0)
    assert 500 <= int(wire.asked[0].headers[HEADER]) <= 600


async def test_reads_are_tried_once_more_and_writes_are_not() -> None:
    def fails_first(_: httpx.Request) -> httpx.Response | Exception:
        return httpx.ReadError("reset") if len(wire.asked) % 2 else httpx.Response(200)

    wire = StubWire(fails_first)
    transport = Retry(wire)
    transport._tokens = retry.MOST
    assert await _outcome(transport) == 200
    assert await _outcome(transport, method="POST") is httpx.ReadError
    assert len(wire.asked) == 3


async def test_a_write_with_an_idempotency_key_is_tried_once_more() -> None:
    wire = StubWire(refuses)
    transport = Retry(wire)
    transport._tokens = retry.MOST
    request = _request("POST")
    request.headers["Idempotency-Key"] = "k"
    with pytest.raises(httpx.ConnectError):
        await transport.handle_async_request(request)
    assert len(wire.asked) == 2


async def test_attempts_never_pass_the_budget() -> None:
    wire = StubWire(refuses)
    transport = Retry(wire)
    await asyncio.gather(*(_outcome(transport) for _ in range(200)))
    assert len(wire.asked) <= 200 * 1.2
    assert len(wire.asked) >= 200 * 1.1  # the budget is used, not only kept


async def test_nothing_is_tried_again_past_the_deadline() -> None:
    wire = StubWire(refuses)
    transport = Retry(wire)
    transport._tokens = retry.MOST
    await _outcome(transport, budget=0.0)
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    "behaviour", [refuses, hangs, answers(500), answers(502)], ids=["refuses", "hangs", "500", "502"]
)
async def test_a_replica_that_fails_in_a_row_is_ejected(behaviour: Behaviour) -> None:
    wire = StubWire(behaviour)
    transport = Deadline(Balance(Eject(wire), {"posts": "http://127.0.0.1:8001"}))
    outcomes = [await _outcome(transport, method="POST", budget=0.05) for _ in range(5)]
    assert outcomes[eject.FAILURES :] == [Ejected, Ejected]
    assert len(wire.asked) == eject.FAILURES


@pytest.mark.parametrize("status", [200, 404, 422, 503])
async def test_answers_that_are_meant_eject_nobody(status: int) -> None:
    wire = StubWire(answers(status))
    transport = Balance(Eject(wire), {"posts": "http://127.0.0.1:8001"})
    assert [await _outcome(transport) for _ in range(10)] == [status] * 10


async def test_failures_count_only_in_a_row() -> None:
    wire = StubWire(lambda _: httpx.Response(200 if len(wire.asked) % 2 else 500))
    transport = Balance(Eject(wire), {"posts": "http://127.0.0.1:8001"})
    assert Ejected not in [await _outcome(transport) for _ in range(20)]


async def test_a_client_that_leaves_says_nothing_about_the_replica() -> None:
    replica = Replica("127.0.0.1", 8001)
    transport = Eject(StubWire(hangs))
    for _ in range(10):
        left = asyncio.create_task(transport.handle_async_request(_request(replica=replica)))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.wait([left])
    assert replica.failures == 0


async def test_one_probe_at_a_time_takes_an_ejected_replica_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eject, "SHORTEST", 0.05)
    wire = StubWire(refuses)
    transport = Balance(Eject(wire), {"posts": "http://127.0.0.1:8001"})
    for _ in range(eject.FAILURES):
        await _outcome(transport)
    await asyncio.sleep(0.06)
    wire.behaviour = lambda _: 0.05
    outcomes = await asyncio.gather(*(_outcome(transport) for _ in range(5)))
    assert sorted(map(str, outcomes)) == sorted(map(str, [200, Ejected, Ejected, Ejected, Ejected]))
    assert await _outcome(transport) == 200


async def test_each_ejection_is_longer_than_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eject, "SHORTEST", 0.02)
    monkeypatch.setattr(eject, "LONGEST", 0.08)
    replica = Replica("127.0.0.1", 8001)
    transport = Eject(StubWire(refuses))
    lengths = []
    for _ in range(eject.FAILURES + 3):
        with pytest.raises(httpx.ConnectError):
            await transport.handle_async_request(_request(replica=replica))
        length = max(0.0, replica.ejected_until - time.monotonic())
        lengths.append(round(length, 2))
        await asyncio.sleep(length)
    assert lengths[eject.FAILURES - 1 :] == [0.02, 0.04, 0.08, 0.08]


async def test_many_failures_at_once_are_one_ejection() -> None:
    replica = Replica("127.0.0.1", 8001)
    transport = Deadline(Eject(StubWire(hangs)))
    await asyncio.gather(*(_outcome(transport, method="POST", budget=0.05, replica=replica) for _ in range(20)))
    assert replica.ejections == 1


async def test_what_was_asked_before_an_ejection_says_nothing_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eject, "SHORTEST", 0.02)
    replica = Replica("127.0.0.1", 8001)
    slow = Deadline(Eject(StubWire(hangs)))
    late = [asyncio.create_task(_outcome(slow, method="POST", budget=0.1, replica=replica)) for _ in range(5)]
    await asyncio.sleep(0.01)
    for _ in range(eject.FAILURES):
        await _outcome(Eject(StubWire(refuses)), replica=replica)
    assert await asyncio.gather(*late) == [httpx.ReadTimeout] * 5
    assert replica.ejections == 1


async def test_a_read_that_probes_waits_only_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eject, "PROBE", 0.05)
    replica = Replica("127.0.0.1", 8001, failures=eject.FAILURES, ejections=1)
    started = time.monotonic()
    assert await _outcome(Deadline(Eject(StubWire(hangs))), replica=replica) is httpx.ReadTimeout
    assert time.monotonic() - started < 0.5
    assert replica.ejections == 2


async def test_a_second_attempt_goes_elsewhere() -> None:
    wire = StubWire(
        lambda request: httpx.ReadError("reset") if request.url.host == "127.0.0.1" else httpx.Response(200)
    )
    transport = Retry(Balance(Eject(wire), {"posts": "http://127.0.0.1:1,http://127.0.0.2:1"}))
    transport._tokens = retry.MOST
    assert {await _outcome(transport) for _ in range(20)} == {200}


async def test_a_dead_replica_costs_next_to_nothing_once_it_is_ejected() -> None:
    wire = StubWire(
        lambda request: httpx.ReadError("reset") if request.url.host == "127.0.0.1" else httpx.Response(200)
    )
    transport = _whole(wire, "http://127.0.0.1:1,http://127.0.0.2:1")
    await asyncio.gather(*(_outcome(transport) for _ in range(100)))
    wire.hosts.clear()
    assert [await _outcome(transport) for _ in range(100)] == [200] * 100
    assert wire.hosts.count("127.0.0.1") <= 1


async def test_a_frozen_service_is_refused_at_once_when_it_is_ejected() -> None:
    transport = _whole(StubWire(hangs))
    for _ in range(eject.FAILURES):
        await _outcome(transport, budget=0.05)
    started = time.monotonic()
    assert await _outcome(transport) is Ejected
    assert time.monotonic() - started < 0.05


async def test_what_is_over_the_limit_is_refused_at_once() -> None:
    wire = StubWire(lambda _: 0.05)
    transport = Limit(wire, at_once=3)
    outcomes = await asyncio.gather(*(_outcome(transport) for _ in range(5)))
    assert outcomes == [200, 200, 200, Overloaded, Overloaded]
    assert await _outcome(transport) == 200
