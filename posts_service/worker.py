"""The worker process of posts_service: `python -m posts_service.worker`. Sends the outbox."""

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

    def purge() -> None:
        with Session(engine) as session, session.begin():
            idempotency.purge(session, IdempotencyKey)

    work(
        [
            *outbox.duties(engine, settings.redis_url, Outbox, "posts"),
            Duty("purge what has expired", 3600, purge),
        ],
        settings.heartbeat_file,
    )


if __name__ == "__main__":
    main()
