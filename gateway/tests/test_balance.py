"""Balancing over replicas, on names that resolve to what the test says."""

import asyncio
import socket
from collections import Counter
from typing import Any

import httpx
import pytest

from gateway.transport import balance
from gateway.transport.balance import Balance


class Wire(httpx.AsyncBaseTransport):
    """Stands for the network: notes who was asked, and answers when told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int | None, str]] = []
        self.slow: dict[str, asyncio.Event] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.url.host, request.url.port, request.headers["Host"]))
        if request.url.host in self.slow:
            await self.slow[request.url.host].wait()
        return httpx.Response(200)


class Names:
    """Stands for the name server."""

    def __init__(self) -> None:
        self.addresses: dict[str, list[str]] = {}

    async def look_up(self, host: str, port: int, **_: Any) -> list[Any]:
        if host not in self.addresses:
            raise socket.gaierror("no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in self.addresses[host]]


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
async def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    names = Names()
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", names.look_up)
    return names


class _Begun(httpx.AsyncBaseTransport):
    """Does what the outer policies do before a request comes to Balance."""

    def __init__(self, inner: Balance) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["tried"] = []
        return await self._inner.handle_async_request(request)


def _client(wire: Wire, urls: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=_Begun(Balance(wire, {"posts": urls})))


async def test_requests_go_to_every_replica_under_the_name_of_the_service(wire: Wire, names: Names) -> None:
    names.addresses["posts-service"] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    async with _client(wire, "http://posts-service:8000") as client:
        for _ in range(60):
            await client.get("http://posts/readyz")
    asked = Counter(host for host, _, _ in wire.asked)
    assert set(asked) == {"10.0.0.1", "10.0.0.2", "10.0.0.3"}
    assert {(port, host) for _, port, host in wire.asked} == {(8000, "posts")}


async def test_the_busier_of_two_is_spared(wire: Wire, names: Names) -> None:
    names.addresses["posts-service"] = ["10.0.0.1", "10.0.0.2"]
    wire.slow["10.0.0.1"] = asyncio.Event()
    async with _client(wire, "http://posts-service") as client:
        asyncio.get_running_loop().call_later(0.2, wire.slow["10.0.0.1"].set)
        await asyncio.gather(*(client.get("http://posts/") for _ in range(30)))
    assert Counter(host for host, _, _ in wire.asked) == {"10.0.0.1": 1, "10.0.0.2": 29}


async def test_new_replicas_are_found_and_old_ones_left_alone(
    wire: Wire, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(balance, "LOOKUP_EVERY", 0.0)
    names.addresses["posts-service"] = ["10.0.0.1"]
    async with _client(wire, "http://posts-service") as client:
        await client.get("http://posts/")
        names.addresses["posts-service"] = ["10.0.0.2"]
        await client.get("http://posts/")
        await asyncio.sleep(0.01)
        wire.asked.clear()
        await client.get("http://posts/")
    assert [host for host, _, _ in wire.asked] == ["10.0.0.2"]


async def test_the_last_list_stands_while_names_fail(wire: Wire, names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(balance, "LOOKUP_EVERY", 0.0)
    names.addresses["posts-service"] = ["10.0.0.1"]
    async with _client(wire, "http://posts-service") as client:
        await client.get("http://posts/")
        names.addresses.clear()
        for _ in range(3):
            assert (await client.get("http://posts/")).status_code == 200
            await asyncio.sleep(0.01)


async def test_a_service_without_an_address_is_a_connect_error(wire: Wire, names: Names) -> None:
    async with _client(wire, "http://posts-service") as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("http://posts/")


async def test_several_urls_are_one_service(wire: Wire, names: Names) -> None:
    names.addresses.update({"10.0.0.1": ["10.0.0.1"], "10.0.0.2": ["10.0.0.2"]})
    async with _client(wire, "http://10.0.0.1:8001,http://10.0.0.2:8002") as client:
        for _ in range(40):
            await client.get("http://posts/")
    assert {(host, port) for host, port, _ in wire.asked} == {("10.0.0.1", 8001), ("10.0.0.2", 8002)}
