"""Sessions on a real Valkey: never adopted, never kept longer than they may be, lazily loaded, all revocable."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

import httpx
import pytest
from flask import session
from redis.asyncio import Redis

from gateway.asgi import AsgiApp, LoopFlask
from gateway.session_store import SessionStore, open_redis
from gateway.sessions import install_sessions

DAY = 24 * 3600


class Clock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with open_redis(redis_url) as client:
        await client.flushall()
        yield client


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(redis: Redis, clock: Clock) -> SessionStore:
    return SessionStore(redis, idle=7 * DAY, absolute=30 * DAY, clock=clock)


@pytest.fixture
async def client(store: SessionStore) -> AsyncIterator[httpx.AsyncClient]:
    app = LoopFlask(__name__)
    install_sessions(app, secure=False)
    app.extensions["sessions"] = store

    @app.get("/public")
    def public() -> str:
        return "nothing of the session is used"

    @app.get("/read")
    def read() -> dict[str, object]:
        return {"values": dict(session), "lost": session.lost}  # type: ignore[attr-defined]  # LazySession

    @app.get("/write/<name>")
    async def write(name: str) -> str:
        await asyncio.sleep(0)
        session[name] = "there"
        return "written"

    @app.get("/sign-in/<int:user_id>")
    def sign_in(user_id: int) -> str:
        session.renew({"user_id": user_id})  # type: ignore[attr-defined]  # LazySession
        return "signed in"

    @app.get("/sign-out")
    def sign_out() -> str:
        session.renew({})  # type: ignore[attr-defined]  # LazySession
        return "signed out"

    transport = httpx.ASGITransport(AsgiApp(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://site.test") as client:
        yield client


async def _values(client: httpx.AsyncClient) -> dict[str, object]:
    values: dict[str, object] = (await client.get("/read")).json()["values"]
    return values


async def test_values_are_there_at_the_next_request(client: httpx.AsyncClient) -> None:
    await client.get("/write/a")
    await client.get("/write/b")
    assert await _values(client) == {"a": "there", "b": "there"}


async def test_who_only_reads_gets_no_cookie(client: httpx.AsyncClient, redis: Redis) -> None:
    assert "set-cookie" not in (await client.get("/read")).headers
    assert await redis.dbsize() == 0


async def test_a_session_that_is_not_used_is_not_fetched(client: httpx.AsyncClient, redis: Redis) -> None:
    await client.get("/write/a")
    await redis.config_resetstat()
    await client.get("/public")
    assert "cmdstat_get" not in await redis.info("commandstats")
    await client.get("/read")
    assert (await redis.info("commandstats"))["cmdstat_get"]["calls"] == 1


async def test_redis_holds_only_hashes_of_ids_of_enough_bits(client: httpx.AsyncClient, redis: Redis) -> None:
    await client.get("/sign-in/7")
    session_id = client.cookies["session"]
    assert len(session_id) >= 43  # 256 bits in base64url
    keys = [str(key) for key in await redis.keys("*")]
    assert f"session:{hashlib.sha256(session_id.encode()).hexdigest()}" in keys
    assert all(session_id not in key for key in keys)


async def test_a_planted_id_is_never_adopted(client: httpx.AsyncClient) -> None:
    client.cookies.set("session", "planted", domain="site.test")
    answer = await client.get("/write/a")
    assert answer.cookies["session"] != "planted"


async def test_an_unknown_id_is_taken_off_the_client(client: httpx.AsyncClient) -> None:
    client.cookies.set("session", "unknown", domain="site.test")
    assert "session=;" in (await client.get("/read")).headers["set-cookie"]
    assert "set-cookie" not in (await client.get("/public")).headers


async def test_signing_in_gives_a_new_id_and_ends_the_old(client: httpx.AsyncClient) -> None:
    await client.get("/write/a")
    before = client.cookies["session"]
    await client.get("/sign-in/7")
    assert client.cookies["session"] != before
    assert await _values(client) == {"user_id": 7}
    client.cookies.set("session", before, domain="site.test")
    assert await _values(client) == {}


async def test_signing_out_ends_the_session_for_every_holder_of_the_cookie(client: httpx.AsyncClient) -> None:
    await client.get("/sign-in/7")
    stolen = client.cookies["session"]
    await client.get("/sign-out")
    assert "session" not in client.cookies
    client.cookies.set("session", stolen, domain="site.test")
    assert await _values(client) == {}


async def test_cookies_are_http_only_lax_and_over_https_host_bound(store: SessionStore) -> None:
    app = LoopFlask(__name__)
    install_sessions(app, secure=True)
    app.extensions["sessions"] = store
    app.get("/")(lambda: str(session.update(a=1)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(AsgiApp(app)), base_url="https://x") as client:
        cookie = (await client.get("/")).headers["set-cookie"]
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
    assert "Domain" not in cookie


async def test_a_session_ends_when_it_is_idle_or_old(store: SessionStore, redis: Redis, clock: Clock) -> None:
    session_id = await store.create({"user_id": 7})
    [key] = [str(key) for key in await redis.keys("session:*")]
    assert 7 * DAY - 5 <= await redis.ttl(key) <= 7 * DAY
    await redis.expire(key, 60)
    assert await store.load(session_id) == {"user_id": 7}
    assert await redis.ttl(key) > 60  # a visit counts
    clock.now += 30 * DAY - 1
    assert await store.load(session_id) is not None
    clock.now += 1
    assert await store.load(session_id) is None
    assert await redis.exists(key) == 0


async def test_visitors_are_forgotten_sooner_than_people(store: SessionStore, redis: Redis) -> None:
    session_id = await store.create({"csrf_token": "x"})
    [key] = [str(key) for key in await redis.keys("session:*")]
    await redis.expire(key, 60)
    await store.load(session_id)
    assert 60 < await redis.ttl(key) <= 2 * 3600


async def test_all_of_a_user_can_be_ended_but_one(store: SessionStore) -> None:
    mine, other, somebody = [await store.create({"user_id": user_id}) for user_id in (7, 7, 8)]
    await store.end_all(7, but=mine)
    assert [await store.load(one) is not None for one in (mine, other, somebody)] == [True, False, True]
    await store.end_all(7)
    assert await store.load(mine) is None


async def test_the_index_of_a_user_forgets_what_has_ended(store: SessionStore, redis: Redis, clock: Clock) -> None:
    for _ in range(5):
        await store.create({"user_id": 7})
        clock.now += 10 * DAY
    [index] = [key for key in await redis.keys("*") if not str(key).startswith("session:")]
    assert await redis.zcard(index) == 3


async def test_more_at_once_than_there_are_connections_is_no_outage(store: SessionStore) -> None:
    session_id = await store.create({"user_id": 7})
    found = await asyncio.gather(*(store.load(session_id) for _ in range(300)))
    assert found == [{"user_id": 7}] * 300


async def test_a_session_ended_meanwhile_is_not_brought_back(store: SessionStore) -> None:
    session_id = await store.create({"user_id": 7})
    await store.end(session_id)
    await store.update(session_id, {"user_id": 7, "late": True})
    assert await store.load(session_id) is None


async def test_a_lost_redis_reads_as_nobody_and_keeps_the_cookie(
    client: httpx.AsyncClient, store: SessionStore, redis: Redis
) -> None:
    await client.get("/sign-in/7")
    await redis.client_pause(2000, all=True)
    answer = await client.get("/read")
    assert answer.json() == {"values": {}, "lost": True}
    assert "set-cookie" not in answer.headers
    assert (await client.get("/sign-out")).status_code == 500  # the probe has no page for Unavailable
    await asyncio.sleep(2)
    assert await _values(client) == {"user_id": 7}
