"""Accounts and profiles over HTTP."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from shared.answers import answer, created
from shared.database import transaction
from shared.idempotency import once
from shared.problems import Forbidden
from shared.service import caller
from shared.validation import ids_from_query, json_body, query
from users_service import accounts, directory
from users_service.models import IdempotencyKey, User
from users_service.schemas import (
    Credentials,
    OwnUser,
    ProfileChange,
    PublicUser,
    Registration,
    UserPage,
    UserQuery,
)

users = Blueprint("users", __name__, url_prefix="/users")


@users.post("")
def register() -> ResponseReturnValue:
    wanted = json_body(Registration)

    def make() -> Response:
        user = accounts.register(session, wanted)
        return created(OwnUser.model_validate(user), f"/users/{user.id}")

    with transaction() as session:
        return once(session, IdempotencyKey, caller().user_id, make)


@users.post("/authenticate")
def authenticate() -> ResponseReturnValue:
    given = json_body(Credentials)
    with transaction() as session:
        user = accounts.authenticate(session, given.login, given.password)
    return answer(OwnUser.model_validate(user))


@users.get("/<int:user_id>")
def by_id(user_id: int) -> ResponseReturnValue:
    with transaction() as session:
        return answer(_shown(directory.by_id(session, user_id)))


@users.get("/by-name/<string:username>")
def by_name(username: str) -> ResponseReturnValue:
    with transaction() as session:
        return answer(_shown(directory.by_name(session, username)))


@users.get("/batch")
def by_ids() -> ResponseReturnValue:
    ids = ids_from_query("ids")
    with transaction() as session:
        found = [PublicUser.model_validate(user) for user in directory.by_ids(session, ids)]
    return answer(UserPage[PublicUser](items=found, next=None))


@users.get("")
def page() -> ResponseReturnValue:
    wanted = query(UserQuery)
    if wanted.email_domain and not caller().is_admin:
        raise Forbidden("Only administrators see people by e-mail domain.")
    with transaction() as session:
        found, following = directory.page(session, wanted.q, wanted.email_domain, wanted.limit, wanted.cursor)
    shown = OwnUser if caller().is_admin else PublicUser
    return answer(UserPage(items=[shown.model_validate(user) for user in found], next=following))


@users.patch("/<int:user_id>")
def change(user_id: int) -> ResponseReturnValue:
    wanted = json_body(ProfileChange)
    if caller().user_id != user_id:
        raise Forbidden("People change only their own profile.")
    with transaction() as session:
        user = accounts.change(session, directory.by_id(session, user_id), wanted)
    return answer(OwnUser.model_validate(user))


def _shown(user: User) -> PublicUser:
    """E-mail addresses are for the person and for administrators alone."""
    private = caller().user_id == user.id or caller().is_admin
    return (OwnUser if private else PublicUser).model_validate(user)
