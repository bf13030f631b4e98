"""Registering, authenticating, changing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from shared.tests.callers import As, wrong_fields

Register = Callable[[str], int]
Acting = Callable[..., As]


def test_registering_tells_the_account_and_never_the_password(nobody: As) -> None:
    answer = nobody.post("/users", username="Ada", email="Ada@Example.org", password="open sesame")
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/users/{answer.get_json()['id']}"
    assert set(answer.get_json()) == {"id", "username", "display_name", "bio", "created_at", "email", "role"}
    assert answer.get_json()["role"] == "member"


@pytest.mark.parametrize(
    ("username", "email", "field"),
    [("ADA", "other@example.org", "username"), ("other", "ADA@example.org", "email")],
)
def test_names_and_addresses_are_unique_whatever_their_case(
    nobody: As, register: Register, username: str, email: str, field: str
) -> None:
    register("ada")
    answer = nobody.post("/users", username=username, email=email, password="open sesame")
    assert (answer.status_code, wrong_fields(answer)) == (409, [field])


def test_of_two_who_want_one_name_at_once_one_gets_it(acting: Acting) -> None:
    def wants(number: int) -> int:
        answer = acting().post("/users", username="ada", email=f"a{number}@example.org", password="open sesame")
        return answer.status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(wants, range(4))) == [201, 409, 409, 409]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"username": "ab"}, "username"),
        ({"username": "a" * 81}, "username"),
        ({"username": "-ada"}, "username"),
        ({"username": "ada lovelace"}, "username"),
        ({"email": "nonsense"}, "email"),
        ({"email": "a@" + "b" * 130 + ".org"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "ada@example.org"}, "password"),
        ({"password": "xxxxxxxx"}, "password"),
        ({"role": "admin"}, "role"),
        ({"id": 7}, "id"),
        ({"username": "ada\x00"}, "username"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(nobody: As, given: dict[str, object], field: str) -> None:
    fields = {"username": "ada", "email": "ada@example.org", "password": "open sesame"} | given
    answer = nobody.post("/users", **fields)
    assert (answer.status_code, wrong_fields(answer)) == (422, [field])


def test_one_authenticates_by_name_or_address_whatever_the_case(nobody: As, register: Register) -> None:
    user_id = register("ada")
    for login in ("ada", "ADA", "Ada@Example.ORG"):
        assert nobody.post("/users/authenticate", login=login, password="open sesame").get_json()["id"] == user_id


def test_nobody_learns_which_of_the_two_was_wrong(nobody: As, register: Register) -> None:
    register("ada")
    wrong = nobody.post("/users/authenticate", login="ada", password="open sesamE")
    unknown = nobody.post("/users/authenticate", login="bob", password="open sesame")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.get_json()["detail"] == unknown.get_json()["detail"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=8, max_size=256))
def test_a_password_is_taken_to_the_letter(acting: Acting, register: Register, password: str) -> None:
    if len(set(password)) == 1:
        return
    name = f"u{abs(hash(password))}"
    nobody = acting()
    registered = nobody.post("/users", username=name, email=f"{name}@example.org", password=password)
    assert registered.status_code in (201, 409)
    almost = password[:-1] + ("a" if password[-1] != "a" else "b")
    assert nobody.post("/users/authenticate", login=name, password=password).status_code == 200
    assert nobody.post("/users/authenticate", login=name, password=almost).status_code == 401


def test_hashes_are_argon2id_and_weak_ones_are_upgraded(app: Flask, nobody: As, register: Register) -> None:
    user_id = register("ada")
    weak = PasswordHasher(time_cost=1, memory_cost=64).hash("open sesame")
    with app.extensions["engine"].begin() as connection:
        connection.execute(text("UPDATE users SET password_hash = :weak"), {"weak": weak})
    assert nobody.post("/users/authenticate", login="ada", password="open sesame").status_code == 200
    with app.extensions["engine"].begin() as connection:
        kept = connection.execute(text("SELECT password_hash FROM users WHERE id = :id"), {"id": user_id}).scalar()
    assert kept.startswith("$argon2id$")
    assert extract_parameters(kept).memory_cost == 19 * 1024


def test_a_profile_is_changed_by_its_owner_alone(acting: Acting, register: Register) -> None:
    ada, bob = register("ada"), register("bob")
    changed = acting(ada).patch(f"/users/{ada}", display_name="Ada L.", bio="Numbers.")
    assert (changed.status_code, changed.get_json()["display_name"]) == (200, "Ada L.")
    assert acting(bob).patch(f"/users/{ada}", bio="mine now").status_code == 403
    assert acting(ada).get(f"/users/{ada}").get_json()["bio"] == "Numbers."


@pytest.mark.parametrize("change", [{"email": "new@example.org"}, {"password": "a new sesame"}])
def test_what_is_risky_needs_the_current_password(acting: Acting, register: Register, change: dict[str, str]) -> None:
    ada = acting(register("ada"))
    path = "/users/1"
    assert wrong_fields(ada.patch(path, **change)) == ["current_password"]
    assert wrong_fields(ada.patch(path, **change, current_password="guessed")) == ["current_password"]
    assert ada.patch(path, **change, current_password="open sesame").status_code == 200


def test_an_empty_change_and_a_taken_address_are_refused(acting: Acting, register: Register) -> None:
    ada = acting(register("ada"))
    register("bob")
    assert ada.patch("/users/1").status_code == 422
    taken = ada.patch("/users/1", email="bob@example.org", current_password="open sesame")
    assert (taken.status_code, wrong_fields(taken)) == (409, ["email"])


def test_operators_appoint(app: Flask, register: Register, acting: Acting) -> None:
    register("ada")
    run = app.test_cli_runner()
    assert run.invoke(args=["appoint", "ADA", "admin"]).exit_code == 0
    assert acting(1).get("/users/1").get_json()["role"] == "admin"
    assert "no such user" in run.invoke(args=["appoint", "bob", "admin"]).output
