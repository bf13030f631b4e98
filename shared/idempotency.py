"""Idempotency keys: what a client sends twice under one key is done once, and answered twice alike.

As in the IETF draft "The Idempotency-Key HTTP Header Field" (draft-ietf-httpapi-idempotency-key-header): the same key with the
same request gives the first answer again, with another request 422, while the first still runs 409. The key is stored
in the transaction that makes the row, so neither is ever there without the other; a refused request leaves no key.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Response, current_app, request
from sqlalchemy import BigInteger, DateTime, Integer, String, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.problems import Conflict, Invalid
from shared.validation import IDEMPOTENCY_KEY, idempotency_key

KEPT = timedelta(hours=24)


class IdempotencyColumns:
    """The columns of a service's keys; its own model inherits them beside its Base. `owner` is 0 for anonymous callers."""

    owner: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer)
    location: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(), index=True)


def once(session: Session, keys: type[IdempotencyColumns], owner: int | None, make: Callable[[], Response]) -> Response:
    """Make the answer, or give the one that was made under this request's key before.

    Raises Conflict while another request with the key is under way, Invalid when the key was used for something else.
    """
    key = idempotency_key()
    if key is None:
        return make()
    scope = owner or 0
    lock = func.hashtextextended(f"{keys.__name__}:{scope}:{key}", 0)
    if not session.scalar(select(func.pg_try_advisory_xact_lock(lock))):
        raise Conflict("The same request is still under way.")
    known = session.get(keys, (scope, key))
    fingerprints = _fingerprints()
    if known is None:
        response = make()
        session.add(
            keys(  # type: ignore[call-arg]  # the model's own constructor takes its columns
                owner=scope,
                key=key,
                fingerprint=fingerprints[0],
                status=response.status_code,
                location=response.headers.get("Location", ""),
                body=response.get_data(as_text=True),
            )
        )
        return response
    if known.fingerprint not in fingerprints:
        raise Invalid(f"This {IDEMPOTENCY_KEY} was used for another request.")
    return Response(known.body, known.status, {"Location": known.location}, mimetype="application/json")


def purge(session: Session, keys: type[IdempotencyColumns]) -> None:
    """Forget the keys that are kept no longer."""
    session.execute(delete(keys).where(keys.created_at < datetime.now(UTC) - KEPT))


def _fingerprints() -> list[str]:
    """One for each key of ours, as keys rotate; the first is stored. Keyed, for a body can hold a password."""
    said = f"{request.method} {request.path}\n".encode() + request.get_data()
    keys: str = current_app.config["SECRET_KEY"]
    return [hmac.new(key.encode(), said, hashlib.sha256).hexdigest() for key in keys.split(",")]
