"""Who sees an e-mail address: its owner, and administrators; nobody finds out anything else that is not told."""

import os
import subprocess
import sys

import pytest

from deploy.local.stack import ROOT
from tests.e2e.browser import Browser
from tests.e2e.person import Person, client, new_name, told
from tests.system import System


@pytest.fixture(scope="module")
def alice(url: str) -> Person:
    """Has published, and so is on every page there is."""
    alice = Person.registers(url).takes_token()
    alice.publishes(f"By {alice.name}")
    return alice


@pytest.fixture(scope="module")
def admin(system: System) -> Person:
    admin = Person.registers(system.url, new_name("admin"))
    # As an operator does it.
    command = [sys.executable, "-m", "flask", "--app", "users_service.app:create_app", "appoint", admin.name, "admin"]
    environment = {**os.environ, **system.table["users_service"].settings}
    subprocess.run(command, env=environment, cwd=ROOT, check=True)
    return admin.takes_token()


@pytest.mark.parametrize("signed_in", [True, False], ids=["another person", "nobody"])
def test_an_address_is_not_told_to_others(url: str, alice: Person, signed_in: bool) -> None:
    other = Person.registers(url).takes_token().http if signed_in else client(url)
    post = alice.gets("/v1/dashboard")["posts"]["items"][0]["id"]
    calls = ["/v1/users", f"/v1/users/{alice.name}", f"/v1/users/{alice.name}/posts", "/v1/posts", f"/v1/posts/{post}"]
    pages = ["/", "/users", f"/users/{alice.name}", f"/users/{alice.name}/posts", f"/post/{post}"]
    searches = [f"{path}?q={alice.name}" for path in ("/v1/search", "/v1/users", "/search", "/users")]
    for path in [*calls, *pages, *searches]:
        answer = other.get(path, headers={"Accept": "*/*" if path.startswith("/v1") else "text/html"})
        assert alice.name in answer.text, "else it would prove nothing"
        for private in (alice.email, '"email"', '"role"', "password", "argon2"):
            assert private not in answer.text, f"{private} in {path}"
    if signed_in:
        assert alice.email not in other.get("/v1/dashboard").text


def test_nobody_is_found_by_an_address(url: str, alice: Person) -> None:
    for part in (alice.email, alice.email.split("@")[1]):
        assert told(client(url).get("/v1/users", params={"q": part}))["items"] == []
        assert told(client(url).get("/v1/search", params={"q": part}))["users"]["items"] == []


def test_ones_own_address_is_told(alice: Person) -> None:
    assert alice.gets("/v1/me")["email"] == alice.email
    assert alice.gets("/v1/dashboard")["user"]["email"] == alice.email


def test_people_by_domain_are_for_administrators(url: str, alice: Person, admin: Person) -> None:
    domain = alice.email.split("@")[1]
    for other in (alice.http, client(url)):
        told(other.get("/v1/users", params={"email_domain": domain}), 403)
    assert [user["username"] for user in admin.gets("/v1/users", email_domain=domain.upper())["items"]] == [alice.name]
    assert admin.gets("/v1/users", email_domain="nobody.example.org")["items"] == []


def test_a_role_cannot_be_had_by_asking(url: str) -> None:
    name = new_name("mallory")
    account = {"username": name, "email": f"{name}@example.org", "password": "three small words"}
    for more in ({"role": "admin"}, {"id": 1}, {"password_hash": "x"}):
        told(client(url).post("/v1/auth/register", json={**account, **more}), 422)
    mallory = Person.registers(url).takes_token()
    told(mallory.http.patch("/v1/me", json={"role": "admin"}), 422)
    told(mallory.http.post("/v1/posts", json={"title": "t", "body": "b", "author_id": 1}), 422)
    headers = {"X-User-Id": "1", "X-User-Role": "admin", "X-Forwarded-User": "admin"}
    told(mallory.http.get("/v1/users", params={"email_domain": "example.org"}, headers=headers), 403)
    told(client(url).get("/v1/me", headers={**headers, "Authorization": "Statement x"}), 401)


def test_what_is_written_is_shown_as_text(url: str) -> None:
    mallory = Person.registers(url).takes_token()
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
    mallory.changes(display_name=attack, bio=attack)
    post = mallory.publishes(attack, attack)
    browser = Browser(url)
    for path in ("/", f"/post/{post['id']}", f"/users/{mallory.name}", f"/search?q={mallory.name}", "/users"):
        assert "<script" not in browser.http.get(path).text
        assert "<img" not in browser.http.get(path).text
        assert browser.opens(path).shows("<script>alert(1)</script>")
