"""Sessions in Redis, by the hash of their id. The only file of the gateway that knows Redis.

The id is random, of 256 bits; Redis has only its SHA-256 (OWASP ASVS 5.0, 7.2), with the values as JSON. An id that it does
not know is never adopted, and each user's sessions are indexed, so that all of them can be ended.
"""

import hashlib
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

ANONYMOUS_IDLE = 2 * 3600  # seconds; a visitor's open form and flash messages need no longer
STALE = 0.9  # share of its idle time below which a visit is written down: not each visit needs a write
LOST = (RedisError, OSError, TimeoutError)


@asynccontextmanager
async def open_redis(url: str) -> AsyncIterator[Redis]:
    """redis-py's own defaults take seconds to give up on a dead Redis and a minute on a frozen one."""
    pool = BlockingConnectionPool.from_url(  # who is over the limit waits a moment: that is no outage
        url,
        decode_responses=True,
        socket_timeout=0.25,
        socket_connect_timeout=0.25,
        retry=Retry(NoBackoff(), 1),
        max_connections=100,
        timeout=0.5,
    )
    client = Redis.from_pool(pool)
    try:
        yield client
    finally:
        await client.aclose()


@dataclass(frozen=True)
class SessionStore:
    """Sessions by id. `idle`, `absolute`: seconds without a request, and in all, after which a person's session ends."""

    redis: Redis
    idle: int
    absolute: int
    clock: Callable[[], float] = time.time

    async def load(self, session_id: str) -> dict[str, Any] | None:
        """Return the values and count the visit, or None for an id that is unknown or too old."""
        key = _key(session_id)
        looked = self.redis.pipeline(transaction=False)
        looked.get(key)
        looked.ttl(key)
        raw, left = await looked.execute()
        if raw is None:
            return None
        stored = orjson.loads(raw)
        values: dict[str, Any] = stored["values"]
        if self.clock() >= stored["until"]:
            await self.redis.delete(key)
            return None
        if left < self._idle(values) * STALE:
            await self.redis.expire(key, self._idle(values))
        return values

    async def create(self, values: dict[str, Any]) -> str:
        """Store a new session and return its id."""
        session_id = secrets.token_urlsafe(32)
        user_id = values.get("user_id")
        stored = orjson.dumps({"values": values, "until": int(self.clock()) + self.absolute})
        # At once, or `end_all` could come between the index and the session, and never find it again.
        at_once = self.redis.pipeline(transaction=True)
        if user_id is not None:
            now = self.clock()
            at_once.zremrangebyscore(_index(user_id), 0, now)
            at_once.zadd(_index(user_id), {_key(session_id): now + self.absolute})
            at_once.expire(_index(user_id), self.absolute)
        at_once.set(_key(session_id), stored, ex=self._idle(values), nx=True)
        await at_once.execute()
        return session_id

    async def update(self, session_id: str, values: dict[str, Any]) -> None:
        """Store changed values; a session that was ended meanwhile stays ended."""
        raw = await self.redis.get(_key(session_id))
        if raw is not None:
            stored = orjson.dumps({"values": values, "until": orjson.loads(raw)["until"]})
            await self.redis.set(_key(session_id), stored, ex=self._idle(values), xx=True)

    async def end(self, session_id: str) -> None:
        await self.redis.delete(_key(session_id))

    async def end_all(self, user_id: int, but: str | None = None) -> None:
        """End the sessions of a user, on every replica at once. `but`: an id that goes on."""
        kept = _key(but) if but else None
        gone: list[Any] = [key for key in await self.redis.zrange(_index(user_id), 0, -1) if key != kept]
        if gone:
            await self.redis.delete(*gone)
            await self.redis.zrem(_index(user_id), *gone)

    async def ping(self) -> None:
        await self.redis.ping()

    def _idle(self, values: dict[str, Any]) -> int:
        return self.idle if values.get("user_id") is not None else min(self.idle, ANONYMOUS_IDLE)


def _key(session_id: str) -> str:
    return "session:" + hashlib.sha256(session_id.encode()).hexdigest()


def _index(user_id: int) -> str:
    """A sorted set of the keys of a user's sessions, by when they end in any case."""
    return f"sessions-of:{user_id}"
