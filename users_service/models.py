"""The tables of the users database."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Computed, DateTime, ForeignKey, Identity, Index, String, Text, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.idempotency import IdempotencyColumns
from shared.outbox import OutboxColumns


class Base(DeclarativeBase):
    """All that is migrated together."""


class User(Base):
    """An account. Name and e-mail address are unique whatever their case, but shown as they were written."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    username: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(Text)
    display_name: Mapped[str] = mapped_column(String(80), default="")
    bio: Mapped[str] = mapped_column(String(500), default="")
    names: Mapped[str] = mapped_column(Text, Computed("lower(username || ' ' || display_name)", persisted=True))
    role: Mapped[str] = mapped_column(String(20), default="member")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    __table_args__ = (
        Index("users_username_key", func.lower(username), unique=True),
        Index("users_email_key", func.lower(email), unique=True),
        # For the administrators' list by e-mail domain, newest first.
        Index("users_email_domain", func.split_part(func.lower(email), "@", 2), id.desc()),
        # For searching anywhere in the names.
        Index("users_names", names, postgresql_using="gin", postgresql_ops={"names": "gin_trgm_ops"}),
    )


class Token(Base):
    """A bearer token of an API client; only its hash is kept."""

    __tablename__ = "tokens"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class IdempotencyKey(IdempotencyColumns, Base):
    """What was made under which key of a client."""

    __tablename__ = "idempotency_keys"


class Outbox(OutboxColumns, Base):
    """Events that wait to be announced."""

    __tablename__ = "outbox"
