"""PostgreSQL for a data service: one engine a process, one transaction a request, keyset pages."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from flask import Flask, current_app
from sqlalchemy import Engine, Select, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session

from shared import cursors, deadline
from shared.problems import Unavailable

LONGEST = 2000  # milliseconds of one statement, where the request's budget does not ask for less
NEARLY = 0.75  # share of that which is as good: only a shorter rest is worth a statement to say so

RowT = TypeVar("RowT", bound=DeclarativeBase)


def connect(url: str, pool_size: int = 8) -> Engine:
    """An engine that notices a restarted server, never waits long for a connection and never runs a statement for long.

    `pool_size`: connections kept; as many as there are threads that use them.
    """
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=1,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 2,
            "options": f"-c timezone=utc -c statement_timeout={LONGEST} -c lock_timeout=1000",
        },
    )


def install_database(app: Flask, url: str) -> Callable[[], object]:
    """Give the app an engine and return its readiness check."""
    engine = app.extensions["engine"] = connect(url)

    def ping() -> object:
        with engine.connect() as connection:
            return connection.execute(text("select 1")).scalar()

    return ping


@contextmanager
def transaction() -> Iterator[Session]:
    """A session that commits when the block ends and rolls back when it raises.

    Raises Unavailable when the database does not answer; then nothing of the block is kept.
    """
    try:
        with Session(current_app.extensions["engine"], expire_on_commit=False) as session, session.begin():
            _bound(session)
            yield session
            deadline.left()  # what would come too late is not kept
    except (OperationalError, PoolTimeout) as error:
        current_app.logger.error("database: %s", type(error).__name__, exc_info=True)
        raise Unavailable("The database does not answer.") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("The database does not answer.") from error
        raise


def _bound(session: Session) -> None:
    """No statement outlasts what is left of the request's budget."""
    left = deadline.left()
    if left is not None and left * 1000 < LONGEST * NEARLY:
        session.execute(text(f"SET LOCAL statement_timeout = {max(1, int(left * 1000))}"))


def keyset_page(
    session: Session, rows: Select[RowT], key: InstrumentedAttribute[int], limit: int, cursor: str | None
) -> tuple[Sequence[RowT], str | None]:
    """The newest `limit` rows before `cursor`, and the cursor of the page after them if there is one."""
    if cursor is not None:
        rows = rows.where(key < cursors.decode(cursor))
    found = session.scalars(rows.order_by(key.desc()).limit(limit + 1)).all()
    if len(found) <= limit:
        return found, None
    page = found[:limit]
    return page, cursors.encode(getattr(page[-1], key.key))
