"""The way to the services, as httpx transports: one policy, one transport, one file. Composed here, from the outside in:

Limit      so many calls of one service at once, no more
Retry      one more attempt for what may be sent twice, within a budget
Deadline   no attempt waits past what is left of the request's budget
Balance    the less busy of two replicas
Eject      a replica that fails is left alone for a while
Wire       aiohttp's client
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import httpx

from gateway.transport.balance import Balance
from gateway.transport.deadline import Deadline
from gateway.transport.eject import Eject
from gateway.transport.limit import Limit
from gateway.transport.retry import Retry
from gateway.transport.wire import Wire

# Idle connections are given up before the services do it (75 s), or a request could meet a closing connection.
KEEPALIVE = 20.0
# A service that runs accepts a connection at once; one that does not is not waited for.
CONNECT_TIMEOUT = 0.5


@asynccontextmanager
async def open_client(addresses: dict[str, str], at_once: int) -> AsyncIterator[httpx.AsyncClient]:
    """The one client of a worker, which lives as long as the worker does. Each request needs a `deadline` extension.

    `addresses`: by service name, its URL or comma-separated URLs. `at_once`: calls of one service under way at a time.
    """
    connector = aiohttp.TCPConnector(limit=at_once * len(addresses), keepalive_timeout=KEEPALIVE)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        transport: httpx.AsyncBaseTransport = Eject(Wire(client=session))
        transport = Limit(Retry(Deadline(Balance(transport, addresses))), at_once)
        timeouts = httpx.Timeout(None, connect=CONNECT_TIMEOUT)
        async with httpx.AsyncClient(transport=transport, timeout=timeouts, trust_env=False) as client:
            yield client
