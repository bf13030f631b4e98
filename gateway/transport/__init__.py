"""The way to the services, as httpx transports: one policy, one transport, one file. Composed here, from the outside in.

A request passes `Balance` (which replica) and then aiohttp's client, which is the wire.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from gateway.transport.balance import Balance

# Idle connections are given up before the services do it (75 s), or a request could meet a closing connection.
KEEPALIVE = 20.0
# A service that runs accepts a connection at once; one that does not is not waited for.
CONNECT_TIMEOUT = 0.5


@asynccontextmanager
async def open_client(addresses: dict[str, str], patience: float, connections: int) -> AsyncIterator[httpx.AsyncClient]:
    """The one client of a worker, which lives as long as the worker does.

    `addresses`: by service name, its URL or comma-separated URLs. `patience`: seconds to wait for an answer.
    `connections`: how many are open at once, all services together.
    """
    connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=KEEPALIVE)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        transport = Balance(AiohttpTransport(client=session), addresses)
        timeouts = httpx.Timeout(patience, connect=CONNECT_TIMEOUT)
        async with httpx.AsyncClient(transport=transport, timeout=timeouts, trust_env=False) as client:
            yield client
