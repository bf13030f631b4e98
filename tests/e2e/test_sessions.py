"""Sessions and tokens: whom they stand for, how they begin, and that they end at once."""

from http.cookies import SimpleCookie

import httpx
import pytest

from tests.e2e.browser import Browser
from tests.e2e.person import PASSWORD, Person, client, told
from tests.system import System

NEW_PASSWORD = "four rather small words"


def whose(url: str, session_id: str | None) -> str | None:
    """The name of the person whose session it is, None for nobody's."""
    answer = httpx.get(f"{url}/v1/me", headers={"Cookie": f"session={session_id}"}, trust_env=False)
    return str(answer.json()["username"]) if answer.is_success else None


def session_of(person: Person) -> str:
    return str(person.http.cookies["session"])


def test_the_cookie_is_for_this_site_alone_and_not_for_scripts(url: str) -> None:
    alice = Person.registers(url)
    answer = client(url).post("/v1/auth/login", json={"login": alice.name, "password": alice.password})
    [morsel] = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert (morsel.key, morsel["httponly"], morsel["samesite"], morsel["path"]) == ("session", True, "Lax", "/")
    assert (morsel["domain"], bool(morsel["secure"]), int(morsel["max-age"]) > 0) == ("", False, True)
    assert len(morsel.value) >= 22, "22 characters of base64 are 128 bits"


def test_over_https_the_cookie_is_bound_to_the_host(system: System) -> None:
    with system.another_gateway(COOKIE_SECURE="true") as url:
        answer = client(url).get("/auth/login")
    [morsel] = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert (morsel.key, morsel["secure"], morsel["path"], morsel["domain"]) == ("__Host-session", True, "/", "")
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_reading_needs_no_cookie(url: str) -> None:
    for path in ("/", "/about", "/users", "/v1/posts"):
        assert "Set-Cookie" not in client(url).get(path).headers


def test_signing_in_begins_a_new_session(url: str) -> None:
    alice, browser = Person.registers(url), Browser(url)
    browser.opens("/auth/login")
    before = browser.cookie
    browser.fills("/auth/login", login=alice.name, password=PASSWORD)
    assert before is not None
    assert browser.cookie not in (None, before)
    assert (whose(url, before), whose(url, browser.cookie)) == (None, alice.name)
    before = browser.cookie
    browser.fills("/auth/login", login=alice.name, password=PASSWORD)
    assert (whose(url, before), whose(url, browser.cookie)) == (None, alice.name)


@pytest.mark.parametrize("planted", ["planted", "x" * 43, "../../etc", "a" * 4000])
def test_a_planted_session_id_is_never_adopted(url: str, planted: str) -> None:
    alice = Person.registers(url)
    browser = Browser(url)
    browser.http.cookies.set("session", planted, domain="127.0.0.1", path="/")
    browser.fills("/auth/login", login=alice.name, password=PASSWORD)
    assert browser.cookie not in (None, planted)
    assert (whose(url, planted), whose(url, browser.cookie)) == (None, alice.name)


def test_signing_out_ends_the_session_and_not_just_the_cookie(url: str) -> None:
    alice = Person.registers(url).signs_in()
    kept = session_of(alice)
    alice.signs_out()
    assert "session" not in alice.http.cookies
    assert whose(url, kept) is None


def test_a_new_password_ends_the_other_sessions(url: str) -> None:
    alice = Person.registers(url).signs_in()
    other = alice.at_another_device().signs_in()
    alice.changes(password=NEW_PASSWORD, current_password=PASSWORD)
    assert (whose(url, session_of(alice)), whose(url, session_of(other))) == (alice.name, None)
    told(client(url).post("/v1/auth/login", json={"login": alice.name, "password": PASSWORD}), 401)
    alice.at_another_device().signs_in()


def test_a_new_password_by_page_ends_the_other_sessions_too(url: str) -> None:
    other = Person.registers(url).signs_in()
    browser = Browser(url)
    browser.fills("/auth/login", login=other.name, password=PASSWORD)
    page = browser.fills("/settings/password", current_password=PASSWORD, password=NEW_PASSWORD)
    assert page.shows("Your password is changed")
    assert (whose(url, browser.cookie), whose(url, session_of(other))) == (other.name, None)


@pytest.mark.parametrize(
    "change", [{"password": NEW_PASSWORD}, {"email": "new@example.org"}], ids=["password", "e-mail address"]
)
@pytest.mark.parametrize("current", [{}, {"current_password": "a wrong password"}], ids=["no password", "wrong"])
def test_what_opens_the_account_needs_the_current_password(
    url: str, change: dict[str, str], current: dict[str, str]
) -> None:
    alice = Person.registers(url).signs_in()
    other = alice.at_another_device().signs_in()
    problem = told(alice.http.patch("/v1/me", json={**change, **current}), 403)
    assert [error["field"] for error in problem["errors"]] == ["current_password"]
    assert whose(url, session_of(other)) == alice.name
    assert alice.gets("/v1/me")["email"] == alice.email


def test_a_revoked_token_is_no_good_at_once_and_others_are(url: str) -> None:
    alice = Person.registers(url).takes_token()
    other = alice.at_another_device().takes_token()
    alice.revokes_token()
    told(alice.http.get("/v1/me"), 401)
    [left] = other.gets("/v1/auth/tokens")["items"]
    told(Person.registers(url).takes_token().http.delete(f"/v1/auth/tokens/{left['id']}"), 404)
    told(other.http.delete(f"/v1/auth/tokens/{left['id']}"), 204)
    told(other.http.get("/v1/me"), 401)


def test_a_call_with_a_token_ignores_cookies(url: str) -> None:
    alice, bob = Person.registers(url).takes_token(), Person.registers(url).signs_in()
    alice.http.cookies = bob.http.cookies
    assert alice.gets("/v1/me")["username"] == alice.name
    alice.http.headers["Sec-Fetch-Site"] = "cross-site"
    assert alice.publishes("From anywhere")["author"]["username"] == alice.name
    for proof in ("Bearer bs_made-up", "Bearer", "Basic Ym9iOmJvYg==", ""):
        problem = told(bob.http.get("/v1/me", headers={"Authorization": proof}), 401)
        assert problem["status"] == 401
    assert whose(url, session_of(bob)) == bob.name


def test_a_name_or_password_that_is_wrong_is_not_told_apart(url: str) -> None:
    alice = Person.registers(url)

    def refusal(login: str, password: str) -> dict[str, object]:
        problem: dict[str, object] = told(
            client(url).post("/v1/auth/login", json={"login": login, "password": password}), 401
        )
        del problem["request_id"]
        return problem

    assert refusal(alice.name, "a wrong password") == refusal("nobody-of-this-name", alice.password)
