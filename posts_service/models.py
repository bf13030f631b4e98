"""The tables of the posts database."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Identity, Index, String, Text, func, literal_column
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.idempotency import IdempotencyColumns
from shared.outbox import OutboxColumns


class Base(DeclarativeBase):
    """All that is migrated together."""


class Post(Base):
    """Something published. `author_id` is the id of a user that only users_service knows."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    author_id: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    __table_args__ = (
        # An author's posts, newest first, and how many there are.
        Index("posts_author", author_id, id.desc()),
        Index("posts_title_words", func.to_tsvector(literal_column("'simple'"), title), postgresql_using="gin"),
    )


class IdempotencyKey(IdempotencyColumns, Base):
    """What was made under which key of a client."""

    __tablename__ = "idempotency_keys"


class Outbox(OutboxColumns, Base):
    """Events that wait to be announced."""

    __tablename__ = "outbox"
