"""What both services' Alembic environments do: migrate the service's own database, one process at a time."""

from alembic import context
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.pool import NullPool

LOCK = 0x62726F61  # any number will do, as long as all that migrate agree on it


def run(metadata: MetaData, url: str) -> None:
    """Migrate, holding an advisory lock, so that two copies started at once do not both make the tables."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
        context.configure(connection=connection, target_metadata=metadata)
        with context.begin_transaction():
            context.run_migrations()
