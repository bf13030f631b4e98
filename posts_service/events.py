"""What posts_service announces. Each is stored in the outbox with the rows that it tells of."""

from sqlalchemy.orm import Session

from posts_service.models import Outbox, Post

PUBLISHED = "post.published"
EDITED = "post.edited"
DELETED = "post.deleted"


def announce(session: Session, kind: str, post: Post) -> None:
    session.add(Outbox(kind=kind, payload={"id": post.id, "author_id": post.author_id, "title": post.title}))
