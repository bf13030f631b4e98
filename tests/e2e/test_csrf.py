"""Nothing is changed by a request that another site makes a browser send: every route that changes something is tried."""

from dataclasses import dataclass

import pytest

from tests.e2e.browser import Browser
from tests.e2e.person import PASSWORD, Json, Person, told
from tests.e2e.routes import Route, unsafe

UNSAFE_PAGES, UNSAFE_CALLS = unsafe(of_api=False), unsafe(of_api=True)
# What would be good in any form of ours, were it not for the token.
FIELDS = {
    "username": "mallory",
    "email": "mallory@example.org",
    "login": "mallory",
    "password": "mallory knows this",
    "current_password": PASSWORD,
    "title": "By mallory",
    "body": "By mallory",
    "display_name": "Mallory",
    "bio": "By mallory",
}
NOT_OURS: list[dict[str, str]] = [
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@dataclass
class Victim:
    """A person who is signed in at a browser, with a post."""

    person: Person
    browser: Browser
    post: Json

    def path(self, route: Route) -> str:
        return route.filled(post_id=self.post["id"], token_id="11111111-1111-4111-8111-111111111111")

    def is_unharmed(self) -> bool:
        me = self.person.gets("/v1/me")
        posts = self.person.gets("/v1/dashboard")["posts"]["items"]
        return (me["email"], me["bio"], posts) == (self.person.email, "", [self.post])


@pytest.fixture(scope="module")
def victim(url: str) -> Victim:
    person, browser = Person.registers(url).takes_token(), Browser(url)
    browser.fills("/auth/login", login=person.name, password=PASSWORD)
    return Victim(person, browser, person.publishes("Mine"))


def test_there_are_pages_and_calls_to_try() -> None:
    assert len(UNSAFE_PAGES) >= 8
    assert len(UNSAFE_CALLS) >= 9


@pytest.mark.parametrize(("route", "method"), UNSAFE_PAGES, ids=str)
def test_a_page_takes_nothing_without_its_token(victim: Victim, route: Route, method: str) -> None:
    another_sessions = Browser(victim.person.url).opens("/auth/login").form.fields["csrf_token"]
    for token in ({}, {"csrf_token": "made up"}, {"csrf_token": another_sessions}):
        fields = FIELDS | token
        path, browser = victim.path(route), victim.browser.http
        assert browser.request(method, path, data=fields).status_code == 400
        parts = {name: (None, value) for name, value in fields.items()}
        assert browser.request(method, path, files=parts).status_code == 400
    assert victim.is_unharmed()


@pytest.mark.parametrize(("route", "method"), UNSAFE_PAGES, ids=str)
def test_a_page_takes_nothing_from_a_guest_without_a_token(victim: Victim, route: Route, method: str) -> None:
    answer = Browser(victim.person.url).http.request(method, victim.path(route), data=FIELDS)
    assert 400 <= answer.status_code < 500
    assert victim.is_unharmed()


@pytest.mark.parametrize(("route", "method"), UNSAFE_CALLS, ids=str)
def test_a_call_with_the_cookie_alone_comes_from_our_own_site(victim: Victim, route: Route, method: str) -> None:
    for headers in NOT_OURS:
        told(victim.browser.http.request(method, victim.path(route), json=FIELDS, headers=headers), 403)
    assert victim.is_unharmed()


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": None}])
def test_our_own_site_may_call(victim: Victim, headers: dict[str, str | None]) -> None:
    given = {name: value or victim.person.url for name, value in headers.items()}
    told(victim.browser.http.patch("/v1/me", json={"bio": ""}, headers=given))
