"""Retries: one more attempt, on another replica when there is one, for what may be sent twice, within a budget.

May be sent twice: GET and HEAD, and whatever carries an Idempotency-Key. Never on the strength of the exception's type,
for some failures after the request was sent look like ones before it. The budget is a token bucket: each request puts a
fifth of a token in, each retry takes one out, so that there are never more than 1.2 attempts a request, whatever is broken.
The wait before the second attempt is drawn from the whole interval (full jitter: Brooker, "Exponential Backoff And
Jitter", AWS, 2015).
"""

import asyncio
import random
import time

import httpx

from gateway.transport.failures import Ejected
from shared.validation import IDEMPOTENCY_KEY

PER_REQUEST = 0.2  # tokens
MOST = 10.0  # tokens that can be saved up
WAIT = 0.05  # seconds, at the most


class Retry(httpx.AsyncBaseTransport):
    """Tries once more, unless nobody was asked, nothing is left of the budget, or the deadline is too near."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self._tokens = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._tokens = min(MOST, self._tokens + PER_REQUEST)
        request.extensions["tried"] = []
        try:
            return await self._inner.handle_async_request(request)
        except Ejected:
            raise
        except httpx.TransportError:
            wait = random.uniform(0, WAIT)  # noqa: S311 - no secret
            if not may_retry(request) or self._tokens < 1 or time.monotonic() + wait >= request.extensions["deadline"]:
                raise
            self._tokens -= 1
        request.extensions["last"] = True
        await asyncio.sleep(wait)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


def may_retry(request: httpx.Request) -> bool:
    """Whether another attempt may follow this one."""
    repeatable = request.method in ("GET", "HEAD") or IDEMPOTENCY_KEY in request.headers
    return repeatable and "last" not in request.extensions
