"""The transactional outbox: an event is stored in the transaction of the rows that it tells of, and announced later.

Operations store, `relay` announces in the worker. An event reaches the stream at least once: a relay that dies between
announcing and committing announces again. (Pattern: "Transactional outbox", Chris Richardson, microservices.io.)
"""

import time
from datetime import datetime
from typing import Any, TypeVar

import orjson
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import BigInteger, DateTime, Engine, Identity, String, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.worker import Duty

STREAM = "events"
KEPT = 7 * 24 * 3600 * 1000  # milliseconds for which the stream keeps an event
BATCH = 200


class OutboxColumns:
    """The columns of a service's outbox; its own model inherits them beside its Base."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


OutboxT = TypeVar("OutboxT", bound=OutboxColumns)


def stream(redis_url: str) -> redis.Redis:
    """A client that gives up on a dead or frozen Redis at once; the worker tries again."""
    return redis.Redis.from_url(
        redis_url, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 1), health_check_interval=15
    )


def duties(engine: Engine, redis_url: str, outbox: type[OutboxT], service: str) -> list[Duty]:
    """What a service's worker does for its outbox."""
    client = stream(redis_url)
    return [
        Duty("relay events", 0.5, lambda: relay(engine, client, outbox, service)),
        Duty("trim the stream", 600, lambda: trim(client, time.time())),
    ]


def relay(engine: Engine, client: redis.Redis, outbox: type[OutboxT], service: str) -> int:
    """Announce what waits in the outbox, oldest first, and return how many events that were.

    Several relays share the work: each locks its own rows, and rows leave the outbox only once they are in the stream.
    """
    waiting = select(outbox.id).order_by(outbox.id).limit(BATCH).with_for_update(skip_locked=True)
    taken = delete(outbox).where(outbox.id.in_(waiting)).returning(outbox)
    with Session(engine) as session, session.begin():
        events = sorted(session.scalars(taken), key=lambda event: event.id)
        if events:
            pipeline = client.pipeline(transaction=False)
            for event in events:
                pipeline.xadd(
                    STREAM,
                    {
                        "id": f"{service}:{event.id}",
                        "kind": event.kind,
                        "payload": orjson.dumps(event.payload),
                        "created_at": event.created_at.isoformat(),
                    },
                )
            pipeline.execute()
        return len(events)


def trim(client: redis.Redis, now: float) -> None:
    """Drop events older than what is kept. `now`: seconds since the epoch."""
    client.xtrim(STREAM, minid=str(int(now * 1000) - KEPT), approximate=True)
