"""The worker process of posts_service: `python -m posts_service.worker`. Sends the outbox."""

import time

from sqlalchemy.orm import Session

from posts_service.models import IdempotencyKey, Outbox
from posts_service.settings import WorkerSettings
from shared import idempotency, outbox
from shared.database import connect
from shared.requests import install_logs
from shared.settings import load
from shared.worker import Duty, work


def main() -> None:
    install_logs("posts_worker")
    settings = load(WorkerSettings)
    engine = connect(settings.posts_database_url, pool_size=1)
    stream = outbox.stream(settings.redis_url)

    def purge() -> None:
        with Session(engine) as session, session.begin():
            idempotency.purge(session, IdempotencyKey)

    work(
        [
            Duty("relay events", 0.5, lambda: outbox.relay(engine, stream, Outbox, "posts")),
            Duty("trim the stream", 600, lambda: outbox.trim(stream, time.time())),
            Duty("purge what has expired", 3600, purge),
        ],
        settings.heartbeat_file,
    )


if __name__ == "__main__":
    main()
