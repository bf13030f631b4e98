"""The worker process of users_service: `python -m users_service.worker`. Sends the outbox, purges expired tokens."""

from sqlalchemy.orm import Session

from shared import idempotency, outbox
from shared.database import connect
from shared.requests import install_logs
from shared.settings import load
from shared.worker import Duty, work
from users_service import tokens
from users_service.models import IdempotencyKey, Outbox
from users_service.settings import WorkerSettings


def main() -> None:
    install_logs("users_worker")
    settings = load(WorkerSettings)
    engine = connect(settings.users_database_url, pool_size=1)

    def purge() -> None:
        with Session(engine) as session, session.begin():
            tokens.purge(session)
            idempotency.purge(session, IdempotencyKey)

    work(
        [
            *outbox.duties(engine, settings.redis_url, Outbox, "users"),
            Duty("purge what has expired", 3600, purge),
        ],
        settings.heartbeat_file,
    )


if __name__ == "__main__":
    main()
