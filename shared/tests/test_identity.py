"""The statement of the caller: what is good, and all that is not."""

import secrets
import time
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from flask import Flask

from shared.identity import ANONYMOUS, ISSUER, SCHEME, Caller, InvalidStatement, Signer, Verifier
from shared.requests import install_problems, install_requests
from shared.service import caller, install_identity

KEY, OLD_KEY = secrets.token_hex(32), secrets.token_hex(32)


def _claims(**changed: object) -> dict[str, object]:
    soon = datetime.now(UTC) + timedelta(seconds=30)
    return {"iss": ISSUER, "aud": "posts", "exp": soon, "sub": "7", "role": "member"} | changed


@pytest.mark.parametrize("who", [ANONYMOUS, Caller(7, "member"), Caller(2**63 - 1, "admin")])
def test_who_was_signed_is_who_is_read(who: Caller) -> None:
    assert Verifier(KEY, "posts").verify(Signer(KEY, "posts").sign(who)) == who


def test_keys_rotate_with_overlap() -> None:
    statement = Signer(f"{KEY},{OLD_KEY}", "posts").sign(Caller(7, "member"))
    assert Verifier(f"{OLD_KEY},{KEY}", "posts").verify(statement).user_id == 7
    with pytest.raises(InvalidStatement):
        Verifier(OLD_KEY, "posts").verify(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "",
        "nonsense",
        jwt.encode(_claims(exp=datetime.now(UTC) - timedelta(seconds=1)), KEY, "HS256"),
        jwt.encode(_claims(aud="users"), KEY, "HS256"),
        jwt.encode(_claims(iss="somebody"), KEY, "HS256"),
        jwt.encode({"iss": ISSUER, "aud": "posts", "sub": "7"}, KEY, "HS256"),
        jwt.encode(_claims(), OLD_KEY, "HS256"),
        jwt.encode(_claims(), KEY, "HS512"),
        jwt.encode(_claims(), "", "none"),
    ],
    ids=["empty", "nonsense", "expired", "other audience", "other issuer", "no expiry", "other key", "HS512", "none"],
)
def test_everything_else_is_refused(statement: str) -> None:
    with pytest.raises(InvalidStatement):
        Verifier(KEY, "posts").verify(statement)
    app = Flask(__name__)
    install_requests(app)
    install_problems(app)
    install_identity(app, Verifier(KEY, "posts"))
    app.get("/")(lambda: {"user_id": caller().user_id})
    answer = app.test_client().get("/", headers={"Authorization": f"{SCHEME} {statement}"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, SCHEME)


def test_a_statement_is_reused_for_a_while_and_never_beyond_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    signer = Signer(KEY, "posts")
    monkeypatch.setattr(time, "time", lambda: now - now % 20)
    first = signer.sign(ANONYMOUS)
    monkeypatch.setattr(time, "time", lambda: now - now % 20 + 19)
    assert signer.sign(ANONYMOUS) == first
    monkeypatch.setattr(time, "time", lambda: now - now % 20 + 20)
    assert signer.sign(ANONYMOUS) != first
