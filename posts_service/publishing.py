"""The verbs of a post: publish, edit, delete. Its author alone may. Free of HTTP."""

from sqlalchemy import func
from sqlalchemy.orm import Session

from posts_service import events
from posts_service.library import by_id
from posts_service.models import Post
from posts_service.schemas import Draft, PostChange
from shared.identity import Caller
from shared.problems import Forbidden, Unauthenticated


def publish(session: Session, caller: Caller, draft: Draft) -> Post:
    if caller.user_id is None:
        raise Unauthenticated
    post = Post(author_id=caller.user_id, title=draft.title, body=draft.body)
    session.add(post)
    session.flush()
    session.refresh(post)
    events.announce(session, events.PUBLISHED, post)
    return post


def edit(session: Session, caller: Caller, post_id: int, wanted: PostChange) -> Post:
    """Change what is given. Raises NotFound, Forbidden."""
    post = _own(session, caller, post_id)
    for name, value in wanted.given().items():
        setattr(post, name, value)
    post.updated_at = func.now()
    session.flush()
    session.refresh(post)
    events.announce(session, events.EDITED, post)
    return post


def delete(session: Session, caller: Caller, post_id: int) -> None:
    """Raises NotFound, Forbidden."""
    post = _own(session, caller, post_id)
    events.announce(session, events.DELETED, post)
    session.delete(post)


def _own(session: Session, caller: Caller, post_id: int) -> Post:
    """The post, locked until the transaction ends, so that of two edits at once neither is half lost."""
    if caller.user_id is None:
        raise Unauthenticated
    post = by_id(session, post_id, for_update=True)
    if post.author_id != caller.user_id:
        raise Forbidden("Only its author may change a post.")
    return post
