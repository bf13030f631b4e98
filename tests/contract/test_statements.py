"""The services answer to nobody who does not show a good statement of the caller (OWASP ASVS 5.0, 9.1 and 9.2)."""

import secrets
import time
from typing import Any

import httpx
import jwt
import pytest

from shared.identity import ISSUER, SCHEME
from tests.system import System

PATHS = {"users": ["/users", "/users/1", "/tokens", "/nowhere"], "posts": ["/posts", "/posts/1", "/nowhere"]}


def statement(key: str, algorithm: str = "HS256", **changes: Any) -> str:
    """A good one for the administrator 1, but for the changes; a claim that is None is left out."""
    claims = {"iss": ISSUER, "exp": int(time.time()) + 60, "sub": "1", "role": "admin"} | changes
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm)


def wrong_ones(key: str, audience: str, other: str) -> dict[str, dict[str, str]]:
    """Headers by what is wrong with them."""
    head, claims, signature = statement(key, aud=audience).split(".")
    _, more_claims, _ = statement(key, aud=audience, sub="2").split(".")
    bare = {
        "no JWT": "x",
        "expired": statement(key, aud=audience, exp=int(time.time()) - 1),
        "without an end": statement(key, aud=audience, exp=None),
        "for the other service": statement(key, aud=other),
        "for nobody in particular": statement(key),
        "by another issuer": statement(key, aud=audience, iss="mallory"),
        "by no issuer": statement(key, aud=audience, iss=None),
        "not yet good": statement(key, aud=audience, nbf=int(time.time()) + 60),
        "by another key": statement(secrets.token_hex(32), aud=audience),
        "alg=none": statement("", "none", aud=audience),
        "another algorithm": statement(key, "HS512", aud=audience),
        "without its signature": f"{head}.{claims}.",
        "with another's claims": f"{head}.{more_claims}.{signature}",
    }
    wrong = {what: {"Authorization": f"{SCHEME} {told}"} for what, told in bare.items()}
    good = statement(key, aud=audience)
    return wrong | {"missing": {}, "as a bearer token": {"Authorization": f"Bearer {good}"}, "cookie": {"Cookie": good}}


@pytest.mark.parametrize(("audience", "other"), [("users", "posts"), ("posts", "users")])
def test_nothing_but_a_good_statement_is_taken(system: System, audience: str, other: str) -> None:
    settings = system.table[f"{audience}_service"].settings
    key = settings[f"{audience.upper()}_IDENTITY_KEY"]
    with httpx.Client(base_url=f"http://{settings['BIND']}", trust_env=False) as service:
        good = {"Authorization": f"{SCHEME} {statement(key, aud=audience)}"}
        assert service.get(f"/{audience}", headers=good).status_code == 200
        for what, headers in wrong_ones(key, audience, other).items():
            for path in PATHS[audience]:
                answer = service.get(path, headers=headers)
                assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, SCHEME), f"{what}: {path}"
                assert answer.headers["Content-Type"] == "application/problem+json"
        assert service.post(f"/{audience}", json={}).status_code == 401


@pytest.mark.parametrize("name", ["users_service", "posts_service"])
def test_health_alone_needs_none(system: System, name: str) -> None:
    for path in ("livez", "readyz"):
        assert httpx.get(f"http://{system.table[name].settings['BIND']}/{path}", trust_env=False).status_code == 200


def test_each_service_has_a_key_of_its_own(system: System) -> None:
    users, posts = system.table["users_service"].settings, system.table["posts_service"].settings
    assert users["USERS_IDENTITY_KEY"] != posts["POSTS_IDENTITY_KEY"]
    assert "POSTS_IDENTITY_KEY" not in users
    assert "USERS_IDENTITY_KEY" not in posts
