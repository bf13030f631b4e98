"""Finding posts: one by id, many by ids, the lists and the counts. Free of HTTP."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from posts_service.models import Post
from posts_service.schemas import PostQuery
from shared.database import keyset_page
from shared.problems import NotFound

_SIMPLE: ColumnElement[str] = literal_column("'simple'")


def by_id(session: Session, post_id: int, for_update: bool = False) -> Post:
    post = session.get(Post, post_id, with_for_update=for_update)
    if post is None:
        raise NotFound("There is no such post.")
    return post


def by_ids(session: Session, ids: Sequence[int]) -> Sequence[Post]:
    """Those that exist, in no order; one statement however many are asked for."""
    return session.scalars(select(Post).where(Post.id.in_(ids))).all()


def page(session: Session, wanted: PostQuery, authors: Sequence[int]) -> tuple[Sequence[Post], str | None]:
    """Newest first; of `authors` if there are any; with every word of `q` in the title."""
    rows = select(Post)
    if authors:
        rows = rows.where(Post.author_id.in_(authors))
    if wanted.q:
        words = func.plainto_tsquery(_SIMPLE, wanted.q)
        rows = rows.where(func.to_tsvector(_SIMPLE, Post.title).bool_op("@@")(words))
    return keyset_page(session, rows, Post.id, wanted.limit, wanted.cursor)


def counts(session: Session, authors: Sequence[int]) -> dict[int, int]:
    """How many posts each of the authors has, zero included."""
    counted = session.execute(
        select(Post.author_id, func.count()).where(Post.author_id.in_(authors)).group_by(Post.author_id)
    )
    return dict.fromkeys(authors, 0) | {author: count for author, count in counted}  # noqa: C416 - rows are no pairs to dict()
