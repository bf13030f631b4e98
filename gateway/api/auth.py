"""Registering, signing in by session or by token."""

from flask import url_for

from gateway.api import shapes
from gateway.api.blueprint import SIGNED_IN, ApiBlueprint
from gateway.api.schemas import Login, Me, NewToken, Registration, TokenPath, TokenRequest, Tokens
from gateway.api.shapes import Reply
from gateway.callers import require_caller, services, sign_in, sign_out, token_id
from shared.validation import idempotency_key

auth = ApiBlueprint("auth", "/auth", tag="auth")


@auth.post("/register", responses={201: Me})
async def register(body: Registration) -> Reply:
    """Make an account. Signs nobody in."""
    user = await services().users.register(body.username, body.email, body.password, idempotency_key())
    return shapes.me(user), 201, {"Location": url_for("api_users.show", username=user.username)}


@auth.post("/login", responses={200: Me})
async def login(body: Login) -> Reply:
    """Begin a session; the answer sets its cookie."""
    user = await services().users.authenticate(body.login, body.password)
    sign_in(user)
    return shapes.me(user)


@auth.post("/logout", responses={204: None})
async def logout() -> Reply:
    """End the session of the cookie that came with the call, if there is one."""
    sign_out()
    return "", 204


@auth.post("/tokens", responses={201: NewToken})
async def make_token(body: TokenRequest) -> Reply:
    """Make a bearer token. It is told only in this answer, and good for a year."""
    token = await services().users.make_token(body.login, body.password, body.name)
    location = url_for("api_auth.revoke_token", token_id=token.id)
    return shapes.token(token) | {"token": token.token}, 201, {"Location": location}


@auth.get("/tokens", responses={200: Tokens}, security=SIGNED_IN)
async def tokens() -> Reply:
    """One's own tokens, newest first."""
    require_caller()
    return shapes.listing(shapes.token, await services().users.tokens())


@auth.delete("/tokens/current", responses={204: None}, security=SIGNED_IN)
async def revoke_current_token() -> Reply:
    """Revoke the token that came with the call."""
    await services().users.revoke_token(token_id())
    return "", 204


@auth.delete("/tokens/<uuid:token_id>", responses={204: None}, security=SIGNED_IN)
async def revoke_token(path: TokenPath) -> Reply:
    """Revoke one of one's own tokens."""
    require_caller()
    await services().users.revoke_token(str(path.token_id))
    return "", 204
