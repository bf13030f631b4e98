"""API tokens over HTTP."""

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from shared.answers import answer
from shared.database import transaction
from shared.problems import Unauthenticated
from shared.service import caller
from shared.validation import json_body
from users_service import accounts, tokens
from users_service.schemas import NewToken, OwnUser, TokenInfo, TokenList, TokenOwner, TokenProof, TokenRequest

api = Blueprint("tokens", __name__, url_prefix="/tokens")


@api.post("")
def make() -> ResponseReturnValue:
    wanted = json_body(TokenRequest)
    with transaction() as session:
        user = accounts.authenticate(session, wanted.login, wanted.password)
        token, secret = tokens.make(session, user, wanted.name)
    made = NewToken(**TokenInfo.model_validate(token).model_dump(), token=secret)
    return answer(made), 201, {"Location": f"/tokens/{token.id}"}


@api.post("/authenticate")
def authenticate() -> ResponseReturnValue:
    given = json_body(TokenProof)
    with transaction() as session:
        token, user = tokens.authenticate(session, given.token)
    return answer(TokenOwner(token_id=token.id, user=OwnUser.model_validate(user)))


@api.get("")
def of_caller() -> ResponseReturnValue:
    with transaction() as session:
        found = tokens.of_user(session, _user_id())
    return answer(TokenList(items=[TokenInfo.model_validate(token) for token in found]))


@api.delete("/<uuid:token_id>")
def revoke(token_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        tokens.revoke(session, _user_id(), token_id)
    return "", 204


def _user_id() -> int:
    user_id = caller().user_id
    if user_id is None:
        raise Unauthenticated
    return user_id
