"""Balancing: each request goes to the less busy of two replicas drawn at random.

Two choices keep the longest queue short without any shared state (Mitzenmacher, "The Power of Two Choices in Randomized
Load Balancing", 2001). Addresses are looked up again every few seconds, so that a new replica gets its share and a removed one
is left alone; while a lookup fails, the last list stands. The Host header stays the service's name.
"""

import asyncio
import random
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from gateway.transport.failures import Ejected
from gateway.transport.replica import Replica

LOOKUP_EVERY = 3.0  # seconds


@dataclass(eq=False)
class _Service:
    seeds: list[tuple[str, int]]
    replicas: list[Replica] = field(default_factory=list)
    looked_up: float = float("-inf")
    lookup: "asyncio.Task[None] | None" = None


class Balance(httpx.AsyncBaseTransport):
    """Sends `http://<service>/…` to one of the service's replicas. `addresses`: comma-separated URLs by service."""

    def __init__(self, inner: httpx.AsyncBaseTransport, addresses: Mapping[str, str]) -> None:
        self._inner = inner
        self._services = {
            name: _Service([(url.host, url.port or 80) for url in map(httpx.URL, urls.split(","))])
            for name, urls in addresses.items()
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx.ConnectError when the service has no known address, Ejected when none of them may be asked."""
        replica = await self._choose(request)
        request.extensions["replica"] = replica
        request.extensions["tried"].append(replica)
        by_name, request.url = request.url, request.url.copy_with(host=replica.host, port=replica.port)
        replica.in_flight += 1
        try:
            return await self._inner.handle_async_request(request)
        finally:
            replica.in_flight -= 1
            request.url = by_name

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _choose(self, request: httpx.Request) -> Replica:
        replicas = await self._known(self._services[request.url.host])
        now = time.monotonic()
        admitted = [replica for replica in replicas if replica.admits(now)]
        if not admitted:
            raise Ejected("every replica is ejected")
        # A second attempt goes elsewhere, if there is an elsewhere.
        others = [replica for replica in admitted if replica not in request.extensions["tried"]] or admitted
        if len(others) == 1:
            return others[0]
        return min(random.sample(others, 2), key=lambda replica: replica.in_flight)

    async def _known(self, service: _Service) -> list[Replica]:
        if time.monotonic() - service.looked_up > LOOKUP_EVERY and service.lookup is None:
            service.lookup = asyncio.create_task(self._look_up(service))
        if not service.replicas and service.lookup is not None:
            await asyncio.shield(service.lookup)
        if not service.replicas:
            raise httpx.ConnectError("no address is known")
        return service.replicas

    async def _look_up(self, service: _Service) -> None:
        """Replace the list by what the names resolve to now; replicas that stay keep their count."""
        try:
            loop = asyncio.get_running_loop()
            answers = await asyncio.gather(
                *(loop.getaddrinfo(host, port, type=socket.SOCK_STREAM) for host, port in service.seeds),
                return_exceptions=True,
            )
            found = {
                (str(address[4][0]), int(address[4][1]))
                for answer in answers
                if isinstance(answer, list)
                for address in answer
            }
            if found:
                known = {(replica.host, replica.port): replica for replica in service.replicas}
                service.replicas = [known.get((host, port)) or Replica(host, port) for host, port in sorted(found)]
        finally:
            service.looked_up = time.monotonic()
            service.lookup = None
