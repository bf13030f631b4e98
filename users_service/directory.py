"""Finding accounts: one by id or name, many by ids, and the lists. Free of HTTP."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.database import keyset_page
from shared.problems import NotFound
from users_service.models import User


def by_id(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("There is no such user.")
    return user


def by_name(session: Session, username: str) -> User:
    user = session.scalar(select(User).where(func.lower(User.username) == username.lower()))
    if user is None:
        raise NotFound("There is no such user.")
    return user


def by_ids(session: Session, ids: Sequence[int]) -> Sequence[User]:
    """Those that exist, in no order; one statement however many are asked for."""
    return session.scalars(select(User).where(User.id.in_(ids))).all()


def page(
    session: Session, q: str, email_domain: str, limit: int, cursor: str | None
) -> tuple[Sequence[User], str | None]:
    """Newest first; `q` anywhere in the names, whatever the case."""
    rows = select(User)
    if q:
        rows = rows.where(User.names.contains(q.lower(), autoescape=True))
    if email_domain:
        rows = rows.where(func.split_part(func.lower(User.email), "@", 2) == email_domain.lower())
    return keyset_page(session, rows, User.id, limit, cursor)
