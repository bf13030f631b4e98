"""Flask's `session`, kept on the server: fetched when it is first looked into, never before.

The cookie holds nothing but the id. When the store does not answer, the session is `lost`: it reads as empty, is not stored and
its cookie stays as it is.
"""

import logging
from collections.abc import Iterator
from typing import Any, cast

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin

from gateway.bridge import await_
from gateway.session_store import LOST, SessionStore
from shared.problems import Unavailable

_log = logging.getLogger(__name__)


class LazySession(SessionMixin):
    """Flask's `session`. Asks Redis when it is first read or written."""

    def __init__(self, store: SessionStore, session_id: str | None) -> None:
        self._store = store
        self._values: dict[str, Any] | None = None
        self.id = session_id
        self.modified = False
        self.accessed = False
        self.new = False
        self._given = session_id is not None
        self._lost = False

    @property
    def lost(self) -> bool:
        """Whether Redis did not answer."""
        self._loaded()
        return self._lost

    @property
    def shows(self) -> bool:
        """Whether the answer may tell something of this session."""
        return self.accessed and (self._given or self.modified)

    @property
    def ended(self) -> bool:
        """Whether the cookie that came is of no use any more: Redis does not know it, or it was signed out."""
        return self._given and self.id is None and self._values is not None and not self._lost

    def renew(self, values: dict[str, Any]) -> None:
        """Go on under a new id with these values, and end the old id. Raises Unavailable when that cannot be kept."""
        if self.lost:
            raise Unavailable("Signing in and out is not possible at the moment.")
        old, self.id = self.id, None
        self._values, self.modified = values, True
        try:
            if old is not None:
                await_(self._store.end(old))
            if values:
                self.id = await_(self._store.create(values))
        except LOST as error:
            self._lost = True
            raise Unavailable("Signing in and out is not possible at the moment.") from error
        self.modified, self.new = False, True

    def save(self) -> None:
        """Store what was changed. What cannot be stored is lost: at this point it is a flash message or a form's token."""
        if not self.modified or self._lost:
            return
        try:
            if self.id is None and self._values:
                self.id, self.new = await_(self._store.create(self._values)), True
            elif self.id is not None:
                await_(self._store.update(self.id, self._values or {}))
        except LOST as error:
            _log.warning("a session was not stored: %s", type(error).__name__)

    def _loaded(self) -> dict[str, Any]:
        if self._values is None:
            self.accessed = True
            self._values = {}
            if self.id is not None:
                self._fetch(self.id)
        return self._values

    def _fetch(self, session_id: str) -> None:
        try:
            values = await_(self._store.load(session_id))
        except LOST as error:
            _log.warning("sessions do not answer: %s", type(error).__name__)
            self._lost = True
            return
        if values is None:
            self.id = None
        else:
            self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._loaded()[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._loaded()[name] = value
        self.modified = True

    def __delitem__(self, name: str) -> None:
        del self._loaded()[name]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded())

    def __len__(self) -> int:
        return len(self._loaded())


def install_sessions(app: Flask, secure: bool) -> None:
    """`secure`: cookies over https alone, under the prefix that makes browsers see to it (RFC 6265bis, 4.1.3)."""
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.session_interface = _RedisSessions()


class _RedisSessions(SessionInterface):
    """Gives each request its LazySession, and the client its cookie."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        return LazySession(app.extensions["sessions"], request.cookies.get(self.get_cookie_name(app)))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        session = cast("LazySession", session)
        session.save()
        if session.new and session.id is not None:
            lifetime = app.extensions["sessions"].absolute if session.get("user_id") is not None else None
            response.set_cookie(value=session.id, max_age=lifetime, **self._attributes(app))
        elif session.ended:
            response.delete_cookie(**self._attributes(app))

    def _attributes(self, app: Flask) -> dict[str, Any]:
        return {
            "key": self.get_cookie_name(app),
            "secure": self.get_cookie_secure(app),
            "httponly": True,
            "samesite": self.get_cookie_samesite(app),
        }
