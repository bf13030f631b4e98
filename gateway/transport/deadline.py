"""Deadlines: no attempt waits past what is left of the request's budget, and the service is told what that is.

A request that may be tried again leaves some of what is left for the second attempt.
"""

import asyncio
import time

import httpx

from gateway.transport.retry import may_retry
from shared.deadline import HEADER

FIRST_ATTEMPT = 0.6  # share of what is left, where another attempt may follow


class Deadline(httpx.AsyncBaseTransport):
    """`request.extensions["deadline"]` is when the budget is used up, on the monotonic clock."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx.TimeoutException when the time is over, whatever the driver does."""
        now = time.monotonic()
        left = request.extensions["deadline"] - now
        if left <= 0:
            raise httpx.ReadTimeout("the budget was used up before the call")
        if may_retry(request):
            left *= FIRST_ATTEMPT
        request.extensions["attempt_until"] = now + left
        request.headers[HEADER] = str(int(left * 1000))
        try:
            async with asyncio.timeout(left):
                return await self._inner.handle_async_request(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout("the deadline passed") from error

    async def aclose(self) -> None:
        await self._inner.aclose()
