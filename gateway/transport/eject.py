"""Outlier ejection: a replica that fails several times in a row is left alone for a while (as in Envoy).

The while doubles each time. After it, one request at a time probes the replica (half-open): an answer takes it back, a
failure ejects it again. A read that probes waits only a moment, for it belongs to somebody. Failures are no answer, a passed
deadline, and 5xx but 503, which is a deliberate answer. A client that left says nothing about the replica.
"""

import asyncio
import time

import httpx

from gateway.transport.replica import Replica

FAILURES = 3  # in a row, until a replica is ejected
SHORTEST, LONGEST = 0.5, 10.0  # seconds of an ejection
EARLY = 0.005  # seconds by which uvloop's timers may go off too soon
PROBE = 0.25  # seconds that a read waits for a replica that it probes


class Eject(httpx.AsyncBaseTransport):
    """Notes on `request.extensions["replica"]` how it does."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        replica: Replica = request.extensions["replica"]
        probing = replica.probed = replica.ejections > 0
        asked = time.monotonic()
        try:
            async with asyncio.timeout(PROBE if probing and request.method in ("GET", "HEAD") else None):
                response = await self._inner.handle_async_request(request)
        except TimeoutError as error:
            _failed(replica, asked)
            raise httpx.ReadTimeout("the probed replica did not answer") from error
        except httpx.TransportError:
            _failed(replica, asked)
            raise
        except asyncio.CancelledError:
            if time.monotonic() >= request.extensions["attempt_until"] - EARLY:
                _failed(replica, asked)
            raise
        else:
            if response.status_code >= 500 and response.status_code != 503:
                _failed(replica, asked)
            else:
                replica.failures = replica.ejections = 0
            return response
        finally:
            if probing:
                replica.probed = False

    async def aclose(self) -> None:
        await self._inner.aclose()


def _failed(replica: Replica, asked: float) -> None:
    """`asked`: when, on the monotonic clock. What was under way when the replica was ejected says nothing new."""
    if asked < replica.ejected_at:
        return
    replica.failures += 1
    if replica.failures >= FAILURES:
        replica.ejected_at = now = time.monotonic()
        replica.ejected_until = now + min(LONGEST, SHORTEST * 2**replica.ejections)
        replica.ejections += 1
