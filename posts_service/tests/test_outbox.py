"""The outbox on a real database and a real stream: everything is announced, at least once, in order, whatever dies."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
import redis
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from posts_service.models import Outbox
from shared import outbox
from shared.database import connect


@pytest.fixture(scope="module")
def engine(posts_database: str) -> Iterator[Engine]:
    engine = connect(posts_database)
    yield engine
    engine.dispose()


@pytest.fixture
def stream(redis_url: str, engine: Engine) -> Iterator[redis.Redis]:
    with outbox.stream(redis_url) as client, Session(engine) as session, session.begin():
        client.delete(outbox.STREAM)
        session.execute(delete(Outbox))
        session.commit()
        yield client


def _store(engine: Engine, *numbers: int) -> None:
    with Session(engine) as session, session.begin():
        session.add_all([Outbox(kind="test.happened", payload={"number": number}) for number in numbers])


def _announced(client: redis.Redis) -> list[int]:
    entries: Any = client.xrange(outbox.STREAM)
    return [orjson.loads(fields[b"payload"])["number"] for _, fields in entries]


def _waiting(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Outbox)) or 0


def test_what_waits_is_announced_once_in_order(engine: Engine, stream: redis.Redis) -> None:
    _store(engine, 1, 2, 3)
    assert outbox.relay(engine, stream, Outbox, "posts") == 3
    assert outbox.relay(engine, stream, Outbox, "posts") == 0
    assert _announced(stream) == [1, 2, 3]
    assert _waiting(engine) == 0


def test_nothing_is_lost_while_the_stream_is_away(engine: Engine, stream: redis.Redis) -> None:
    _store(engine, 1)
    away = outbox.stream("redis://127.0.0.1:1/0")
    with pytest.raises(redis.ConnectionError):
        outbox.relay(engine, away, Outbox, "posts")
    assert _waiting(engine) == 1
    outbox.relay(engine, stream, Outbox, "posts")
    assert _announced(stream) == [1]


def test_what_is_rolled_back_is_never_announced(engine: Engine, stream: redis.Redis) -> None:
    with Session(engine) as session:
        session.add(Outbox(kind="test.happened", payload={"number": 1}))
        session.flush()
        outbox.relay(engine, stream, Outbox, "posts")
        session.rollback()
    outbox.relay(engine, stream, Outbox, "posts")
    assert _announced(stream) == []


def test_relays_share_the_work(engine: Engine, stream: redis.Redis) -> None:
    _store(engine, *range(500))
    with ThreadPoolExecutor(4) as pool:
        counted = pool.map(lambda _: sum(iter(lambda: outbox.relay(engine, stream, Outbox, "posts"), 0)), range(4))
        assert sum(counted) == 500
    assert sorted(_announced(stream)) == list(range(500))


def test_old_events_are_trimmed_and_new_ones_stay(engine: Engine, stream: redis.Redis) -> None:
    for moment in range(1, 301):
        stream.xadd(outbox.STREAM, {"payload": b'{"number":0}'}, id=f"{moment}-0")
    _store(engine, 7)
    outbox.relay(engine, stream, Outbox, "posts")
    outbox.trim(stream, now=2_000_000_000)
    assert _announced(stream).count(0) < 300
    stream.delete(outbox.STREAM)
