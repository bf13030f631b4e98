"""API tokens: random, told once, stored as a hash only. Free of HTTP."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from shared.problems import NotFound, Unauthenticated
from users_service.models import Token, User

LIFETIME = timedelta(days=365)
PREFIX = "bs_"  # so that secret scanners and people know one when they see it


def make(session: Session, user: User, name: str) -> tuple[Token, str]:
    """Return the row and the token itself, which cannot be had a second time."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token(user_id=user.id, name=name, token_hash=_hash(secret), expires_at=datetime.now(UTC) + LIFETIME)
    session.add(token)
    session.flush()
    session.refresh(token)
    return token, secret


def authenticate(session: Session, secret: str) -> tuple[Token, User]:
    row = session.execute(
        select(Token, User)
        .join(User, User.id == Token.user_id)
        .where(Token.token_hash == _hash(secret), Token.expires_at > datetime.now(UTC))
    ).one_or_none()
    if row is None:
        raise Unauthenticated("The token is not good, or not any more.")
    return row.Token, row.User


def of_user(session: Session, user_id: int) -> Sequence[Token]:
    return session.scalars(select(Token).where(Token.user_id == user_id).order_by(Token.created_at.desc())).all()


def revoke(session: Session, user_id: int, token_id: uuid.UUID) -> None:
    """Raises NotFound, for another person's token too."""
    gone = session.scalar(delete(Token).where(Token.id == token_id, Token.user_id == user_id).returning(Token.id))
    if gone is None:
        raise NotFound("There is no such token.")


def purge(session: Session) -> int:
    """Delete what has expired; return how many that were."""
    return len(session.scalars(delete(Token).where(Token.expires_at < datetime.now(UTC)).returning(Token.id)).all())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
