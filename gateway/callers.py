"""Who is calling: a person by session cookie, a client by bearer token, or nobody. And the services on their behalf.

A request with an Authorization header is judged by it alone: its cookies are not looked at (OWASP ASVS 5.0, 3.5).
"""

from dataclasses import dataclass
from typing import cast

from flask import current_app, g, request, session

from gateway.bridge import await_
from gateway.session_store import LOST, SessionStore
from gateway.sessions import LazySession
from gateway.settings import API_PREFIX
from gateway.upstreams import Services
from gateway.upstreams.users import User
from shared.identity import ANONYMOUS, Caller
from shared.problems import Unauthenticated, Unavailable
from shared.requests import request_id


@dataclass(frozen=True, slots=True)
class Person(Caller):
    """A caller who is known."""

    user_id: int
    username: str = ""


def caller() -> Caller:
    """Raises Unauthenticated for an Authorization header that proves nothing."""
    if "caller" not in g:
        g.caller = _by_token() if "Authorization" in request.headers else _by_session()
    return cast("Caller", g.caller)


def require_caller() -> Person:
    """Raises Unauthenticated for nobody, or Unavailable when it cannot be known at the moment who it is."""
    who = caller()
    if isinstance(who, Person):
        return who
    if "Authorization" not in request.headers and _session().lost:
        raise Unavailable("Nobody can be recognised at the moment.")
    raise Unauthenticated


def services() -> Services:
    """Both services, on behalf of who is calling."""
    if "services" not in g:
        g.services = services_for(caller())
    return cast("Services", g.services)


def services_for(who: Caller) -> Services:
    """Both services on behalf of `who`, within the budget of this request."""
    both: Services = current_app.extensions["services"]
    budget = current_app.config["API_BUDGET" if request.path.startswith(API_PREFIX) else "PAGE_BUDGET"]
    return both.acting_for(who, request_id(), g.started + budget)


def token_id() -> str:
    """The id of the bearer token that came with the request. Raises Unauthenticated if there was none."""
    caller()
    if "token_id" not in g:
        raise Unauthenticated("This call needs a bearer token.")
    return cast("str", g.token_id)


def sign_in(user: User) -> None:
    """Begin a session for the user, under a new id."""
    _session().renew({"user_id": user.id, "username": user.username, "role": user.role})
    _forget()


def sign_out() -> None:
    _session().renew({})
    _forget()


def end_other_sessions(user_id: int) -> None:
    """End every session of the user but this one. Raises Unavailable when that cannot be done."""
    store: SessionStore = current_app.extensions["sessions"]
    try:
        await_(store.end_all(user_id, but=None if "Authorization" in request.headers else _session().id))
    except LOST as error:
        raise Unavailable("Sessions cannot be ended at the moment.") from error


def _by_session() -> Caller:
    values = _session()
    user_id = values.get("user_id")
    return ANONYMOUS if user_id is None else Person(user_id, values["role"], values["username"])


def _by_token() -> Caller:
    scheme, _, token = request.headers["Authorization"].partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("The only Authorization taken here is a bearer token.")
    owner = await_(services_for(ANONYMOUS).users.owner_of(token[:100]))
    g.token_id = owner.token_id
    return Person(owner.user.id, owner.user.role, owner.user.username)


def _forget() -> None:
    g.pop("caller", None)
    g.pop("services", None)


def _session() -> LazySession:
    return cast("LazySession", session)
