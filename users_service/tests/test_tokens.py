"""API tokens."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.tests.callers import As
from users_service import tokens

Register = Callable[[str], int]
Acting = Callable[..., As]


def _token(client: As, name: str = "cli") -> dict[str, str]:
    made: dict[str, str] = client.post("/tokens", login="ada", password="open sesame", name=name).get_json()
    return made


def test_a_token_proves_its_owner_until_it_is_revoked(acting: Acting, nobody: As, register: Register) -> None:
    ada = register("ada")
    made = _token(nobody)
    assert nobody.post("/tokens/authenticate", token=made["token"]).get_json()["user"]["id"] == ada
    assert acting(ada + 1).delete(f"/tokens/{made['id']}").status_code == 404
    assert acting(ada).delete(f"/tokens/{made['id']}").status_code == 204
    assert nobody.post("/tokens/authenticate", token=made["token"]).status_code == 401


def test_only_the_right_password_makes_one(nobody: As, register: Register) -> None:
    register("ada")
    assert nobody.post("/tokens", login="ada", password="guessed", name="cli").status_code == 401


def test_the_database_holds_no_token(app: Flask, nobody: As, register: Register) -> None:
    register("ada")
    secret = _token(nobody)["token"]
    with app.extensions["engine"].begin() as connection:
        rows = str(connection.execute(text("SELECT * FROM tokens")).all())
    assert secret not in rows
    assert secret.removeprefix(tokens.PREFIX) not in rows


def test_one_lists_ones_own_and_never_the_secret(acting: Acting, nobody: As, register: Register) -> None:
    ada = register("ada")
    made = _token(nobody, "laptop")
    listed = acting(ada).get("/tokens")
    assert [token["name"] for token in listed.get_json()["items"]] == ["laptop"]
    assert made["token"] not in listed.text
    assert nobody.get("/tokens").status_code == 401


def test_expired_tokens_prove_nothing_and_are_purged(app: Flask, nobody: As, register: Register) -> None:
    register("ada")
    secret = _token(nobody)["token"]
    engine = app.extensions["engine"]
    with engine.begin() as connection:
        connection.execute(text("UPDATE tokens SET expires_at = now() - interval '1 second'"))
    assert nobody.post("/tokens/authenticate", token=secret).status_code == 401
    with Session(engine) as session, session.begin():
        assert (tokens.purge(session), tokens.purge(session)) == (1, 0)
