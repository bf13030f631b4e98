"""What users_service announces. Each is stored in the outbox with the rows that it tells of."""

from typing import Any

from sqlalchemy.orm import Session

from users_service.models import Outbox, User

REGISTERED = "user.registered"
CHANGED = "user.changed"


def announce(session: Session, kind: str, user: User) -> None:
    payload: dict[str, Any] = {"id": user.id, "username": user.username, "display_name": user.display_name}
    session.add(Outbox(kind=kind, payload=payload))
