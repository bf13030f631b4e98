"""A bulkhead: so many calls of one service at once and no more, so that a slow one cannot take the whole worker.

What is over the limit is refused at once instead of queued: a queue would only make late answers later.
"""

from collections import Counter

import httpx

from gateway.transport.failures import Overloaded


class Limit(httpx.AsyncBaseTransport):
    """`at_once`: calls of each service under way at the same time, in this worker."""

    def __init__(self, inner: httpx.AsyncBaseTransport, at_once: int) -> None:
        self._inner = inner
        self._at_once = at_once
        self._under_way: Counter[str] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises Overloaded."""
        service = request.url.host
        if self._under_way[service] >= self._at_once:
            raise Overloaded(f"{self._at_once} calls are under way")
        self._under_way[service] += 1
        try:
            return await self._inner.handle_async_request(request)
        finally:
            self._under_way[service] -= 1

    async def aclose(self) -> None:
        await self._inner.aclose()
