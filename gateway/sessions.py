"""Server-side sessions in Redis. The only file of the gateway that knows Redis.

The cookie holds a random id of 256 bits, Redis only its SHA-256 (OWASP ASVS 5.0, 7.2), with the values as JSON. A session is
fetched when it is first looked into, never before; an id that Redis does not know is never adopted. When Redis does not answer,
the session is `lost`: it reads as empty, is not stored and its cookie stays as it is.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import orjson
from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from gateway.bridge import await_
from shared.problems import Unavailable

ANONYMOUS_IDLE = 2 * 3600  # seconds; a visitor's open form and flash messages need no longer
STALE = 0.9  # share of its idle time below which a visit is written down: not each visit needs a write
LOST = (RedisError, OSError, TimeoutError)
_log = logging.getLogger(__name__)


@asynccontextmanager
async def open_redis(url: str) -> AsyncIterator[Redis]:
    """redis-py's own defaults take seconds to give up on a dead Redis and a minute on a frozen one."""
    client: Redis = Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=0.25,
        socket_connect_timeout=0.25,
        retry=Retry(NoBackoff(), 1),
        max_connections=100,
    )
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
        if user_id is not None:
            await self.redis.sadd(_index(user_id), _key(session_id))
            await self.redis.expire(_index(user_id), self.absolute)
        await self.redis.set(_key(session_id), stored, ex=self._idle(values), nx=True)
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
        for key in await self.redis.smembers(_index(user_id)):
            if key != kept:
                await self.redis.delete(key)
                await self.redis.srem(_index(user_id), key)

    async def ping(self) -> None:
        await self.redis.ping()

    def _idle(self, values: dict[str, Any]) -> int:
        return self.idle if values.get("user_id") is not None else min(self.idle, ANONYMOUS_IDLE)


class LazySession(SessionMixin):
    """Flask's `session`. Asks Redis when it is first read or written."""

    def __init__(self, store: SessionStore, session_id: str | None) -> None:
        self._store = store
        self._values: dict[str, Any] | None = None
        self.id = session_id
        self.modified = False
        self.accessed = False
        self.new = False
        self._given = session_id is not None
        self._lost = False

    @property
    def lost(self) -> bool:
        """Whether Redis did not answer."""
        self._loaded()
        return self._lost

    @property
    def shows(self) -> bool:
        """Whether the answer may tell something of this session."""
        return self.accessed and (self._given or self.modified)

    @property
    def ended(self) -> bool:
        """Whether the cookie that came is of no use any more: Redis does not know it, or it was signed out."""
        return self._given and self.id is None and self._values is not None and not self._lost

    def renew(self, values: dict[str, Any]) -> None:
        """Go on under a new id with these values, and end the old id. Raises Unavailable when that cannot be kept."""
        if self.lost:
            raise Unavailable("Signing in and out is not possible at the moment.")
        old, self.id = self.id, None
        self._values, self.modified = values, True
        try:
            if old is not None:
                await_(self._store.end(old))
            if values:
                self.id = await_(self._store.create(values))
        except LOST as error:
            self._lost = True
            raise Unavailable("Signing in and out is not possible at the moment.") from error
        self.modified, self.new = False, True

    def save(self) -> None:
        """Store what was changed. What cannot be stored is lost: at this point it is a flash message or a form's token."""
        if not self.modified or self._lost:
            return
        try:
            if self.id is None and self._values:
                self.id, self.new = await_(self._store.create(self._values)), True
            elif self.id is not None:
                await_(self._store.update(self.id, self._values or {}))
        except LOST as error:
            _log.warning("a session was not stored: %s", type(error).__name__)

    def _loaded(self) -> dict[str, Any]:
        if self._values is None:
            self.accessed = True
            self._values = {}
            if self.id is not None:
                self._fetch(self.id)
        return self._values

    def _fetch(self, session_id: str) -> None:
        try:
            values = await_(self._store.load(session_id))
        except LOST as error:
            _log.warning("sessions do not answer: %s", type(error).__name__)
            self._lost = True
            return
        if values is None:
            self.id = None
        else:
            self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._loaded()[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._loaded()[name] = value
        self.modified = True

    def __delitem__(self, name: str) -> None:
        del self._loaded()[name]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded())

    def __len__(self) -> int:
        return len(self._loaded())


def install_sessions(app: Flask, secure: bool) -> None:
    """`secure`: cookies over https alone, under the prefix that makes browsers see to it (RFC 6265bis, 4.1.3)."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.session_interface = _RedisSessions()


class _RedisSessions(SessionInterface):
    """Gives each request its LazySession, and the client its cookie."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        return LazySession(app.extensions["sessions"], request.cookies.get(self.get_cookie_name(app)))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        session = cast("LazySession", session)
        session.save()
        if session.accessed:
            response.vary.add("Cookie")
        if session.new and session.id is not None:
            lifetime = app.extensions["sessions"].absolute if session.get("user_id") is not None else None
            response.set_cookie(value=session.id, max_age=lifetime, **self._attributes(app))
        elif session.ended:
            response.delete_cookie(**self._attributes(app))

    def _attributes(self, app: Flask) -> dict[str, Any]:
        return {
            "key": self.get_cookie_name(app),
            "secure": self.get_cookie_secure(app),
            "httponly": True,
            "samesite": self.get_cookie_samesite(app),
        }


def _key(session_id: str) -> str:
    return "session:" + hashlib.sha256(session_id.encode()).hexdigest()


def _index(user_id: int) -> str:
    return f"sessions-of:{user_id}"
