"""Of all that the gateway needs, one thing after the other is killed or frozen. Clients always get an answer, and in time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from tests.e2e.browser import Browser, Page
from tests.e2e.person import PASSWORD, Person, client
from tests.system import System

IN_TIME = 3.0  # seconds
AT_ONCE = 1.0
EJECTED = 0.9  # less than the shortest attempt that waits

HOW = pytest.mark.parametrize("how", ["killed", "frozen"])


@dataclass
class People:
    """Alice at a browser and with two clients; and guests."""

    url: str
    alice: Browser
    by_token: httpx.Client
    by_cookie: httpx.Client
    name: str
    post: int

    def ask(self, call: str) -> httpx.Response:
        """`call`: who, the method and the path."""
        who, method, path = call.format(name=self.name, post=self.post).split(" ")
        known = {"page": self.alice.http, "token": self.by_token, "cookie": self.by_cookie}
        asking = known.get(who) or client(self.url)
        body = {"title": "Written", "body": "meanwhile", "login": self.name, "password": PASSWORD}
        if method != "POST":
            return asking.request(method, path)
        if path == "/v1/posts":
            return asking.post(path, json={name: body[name] for name in ("title", "body")})
        return asking.post(path, json={name: body[name] for name in ("login", "password")})

    def ask_all(self, calls: list[str]) -> dict[str, httpx.Response]:
        """All at the same time, as it would be."""
        with ThreadPoolExecutor(len(calls)) as pool:
            return dict(zip(calls, pool.map(self.ask, calls), strict=True))


@pytest.fixture(scope="module")
def people(system: System) -> People:
    alice, browser = Person.registers(system.url).takes_token(), Browser(system.url)
    browser.fills("/auth/login", login=alice.name, password=PASSWORD)
    browser.http.follow_redirects = False
    by_cookie = alice.at_another_device().signs_in().http
    return People(system.url, browser, alice.http, by_cookie, alice.name, alice.publishes("Before")["id"])


@contextmanager
def down(system: System, name: str, how: str) -> Iterator[None]:
    """Without it, for a while; afterwards the system gets ready by itself."""
    (system.kill if how == "killed" else system.pause)(name)
    try:
        yield
    finally:
        (system.revive if how == "killed" else system.resume)(name)
        system.wait_until_ready()


def assert_unavailable(answers: dict[str, httpx.Response]) -> None:
    for call, answer in answers.items():
        assert answer.status_code == 503, call
        assert int(answer.headers["Retry-After"]) > 0, call
        assert answer.elapsed.total_seconds() < IN_TIME, call
        assert "Set-Cookie" not in answer.headers, call
        if call.startswith("page"):
            assert Page(answer).shows(f"Request id: {answer.headers['X-Request-ID']}"), call
        else:
            assert answer.headers["Content-Type"] == "application/problem+json", call
            assert answer.json()["request_id"] == answer.headers["X-Request-ID"], call


def assert_fine(answers: dict[str, httpx.Response], within: float = IN_TIME) -> None:
    for call, answer in answers.items():
        assert answer.is_success, f"{call}: {answer.text}"
        assert answer.elapsed.total_seconds() < within, call


def assert_incomplete(answers: dict[str, httpx.Response], within: float = IN_TIME) -> None:
    assert_fine(answers, within)
    for call, answer in answers.items():
        assert answer.headers["X-Gateway-Completed"] == "false", call
        assert answer.headers["Cache-Control"] == "no-store", call
        if call.startswith("page"):
            assert Page(answer).shows("Some of this page could not be fetched just now."), call
        else:
            assert all(one["part"] and one["reason"] for one in answer.json()["missing"]), call


NEED_USERS = [
    "page GET /users", "page GET /users/{name}", "page GET /dashboard", "guest GET /v1/users/{name}",
    "guest POST /v1/auth/login", "token GET /v1/me", "cookie GET /v1/me", "token POST /v1/posts",
]  # fmt: skip
BETTER_WITH_USERS = ["page GET /", "page GET /post/{post}", "page GET /search?q=before", "guest GET /v1/posts",
                     "guest GET /v1/posts/{post}", "guest GET /v1/search?q=before"]  # fmt: skip
WITHOUT_USERS = ["guest GET /livez", "guest GET /about", "guest GET /auth/login", "page GET /about", "page GET /new",
                 "page GET /post/{post}/edit", "guest GET /openapi.json"]  # fmt: skip
NEED_POSTS = ["page GET /", "page GET /post/{post}", "page GET /post/{post}/edit", "guest GET /v1/posts",
              "token POST /v1/posts", "cookie POST /v1/posts"]  # fmt: skip
BETTER_WITH_POSTS = ["page GET /users/{name}", "guest GET /v1/users/{name}", "page GET /dashboard", "token GET /v1/dashboard",
                     "page GET /search?q=before", "guest GET /v1/search?q=before"]  # fmt: skip
WITHOUT_POSTS = [*WITHOUT_USERS[:5], "page GET /users", "page GET /settings", "guest GET /v1/users", "token GET /v1/me",
                 "cookie GET /v1/me", "guest POST /v1/auth/login"]  # fmt: skip
NEED_SESSIONS = ["page GET /dashboard", "page GET /new", "page GET /settings", "cookie GET /v1/me", "cookie POST /v1/posts",
                 "guest POST /v1/auth/login", "cookie GET /v1/dashboard"]  # fmt: skip
WITHOUT_SESSIONS = [
    "guest GET /", "guest GET /users", "guest GET /users/{name}", "guest GET /post/{post}", "guest GET /search?q=before",
    "page GET /", "page GET /users", "page GET /users/{name}", "page GET /post/{post}", "cookie GET /v1/posts",
    "token GET /v1/me", "token GET /v1/dashboard", "token POST /v1/posts", "guest GET /livez", "page GET /about",
]  # fmt: skip


@HOW
@pytest.mark.parametrize(
    ("name", "need", "better", "without"),
    [
        ("users_service", NEED_USERS, BETTER_WITH_USERS, WITHOUT_USERS),
        ("posts_service", NEED_POSTS, BETTER_WITH_POSTS, WITHOUT_POSTS),
    ],
    ids=["users_service", "posts_service"],
)
def test_a_service(
    system: System, people: People, name: str, need: list[str], better: list[str], without: list[str], how: str
) -> None:
    posts = people.by_token.get("/v1/posts", params={"author": people.name, "limit": 100}).json()["items"]
    with down(system, name, how):
        answers = people.ask_all([*need, *better, *without])
        assert_unavailable({call: answers[call] for call in need})
        assert_fine({call: answers[call] for call in without})
        assert_incomplete({call: answers[call] for call in better})
        # By now the service is ejected, and nobody waits for it any more.
        assert_incomplete(people.ask_all(better), within=EJECTED)
        assert people.ask("guest GET /readyz").status_code == 503
    after = people.ask_all([*need, *better, *without])
    assert_fine(after)
    assert all("X-Gateway-Completed" not in answer.headers for answer in after.values())
    written = people.by_token.get("/v1/posts", params={"author": people.name, "limit": 100}).json()["items"]
    # What was sent afterwards; meanwhile nothing, but for what a frozen service had already been sent.
    sent = sum(call.endswith("POST /v1/posts") for call in need)
    indeterminate = sent if (name, how) == ("posts_service", "frozen") else 0
    assert sent <= len(written) - len(posts) <= sent + indeterminate


@HOW
def test_the_sessions(system: System, people: People, how: str) -> None:
    with down(system, "valkey", how):
        answers = people.ask_all(NEED_SESSIONS)
        assert_unavailable(answers)
        for call in WITHOUT_SESSIONS:
            assert_fine({call: people.ask(call)}, within=AT_ONCE)
        assert people.ask("guest GET /readyz").status_code == 503
    assert_fine(people.ask_all([*NEED_SESSIONS, *WITHOUT_SESSIONS]))


def test_a_form_is_not_lost_with_the_sessions(system: System, people: People) -> None:
    fields = people.alice.opens("/new").form.fields | {"title": "Long thought of", "body": "Typed for hours"}
    with down(system, "valkey", "killed"):
        page = people.alice.sends("/new", fields)
        assert (page.status, page.form.fields["body"]) == (503, "Typed for hours")
    answer = people.alice.http.post("/new", data=fields)
    assert answer.status_code == 303


@HOW
def test_the_databases(system: System, people: People, how: str) -> None:
    before = {name: child.pid for name, child in system.children.items() if name != "postgres"}
    calls = ["page GET /", "page GET /dashboard", "guest GET /v1/posts", "token GET /v1/me", "cookie GET /v1/me"]
    with down(system, "postgres", how):
        assert_unavailable(people.ask_all(calls))
        assert_fine(people.ask_all(["guest GET /livez", "page GET /about", "page GET /new"]))
        for name in ("users_service", "posts_service"):
            own = f"http://{system.table[name].settings['BIND']}"
            assert httpx.get(f"{own}/livez", trust_env=False).status_code == 200
        assert people.ask("guest GET /readyz").status_code == 503
    assert_fine(people.ask_all(calls))
    assert {name: system.children[name].pid for name in before} == before


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_store_that_came_back_before_anybody_asked(system: System, people: People, name: str) -> None:
    calls = ["page GET /", "page GET /dashboard", "guest GET /v1/posts", "token GET /v1/me", "cookie GET /v1/me"]
    assert_fine(people.ask_all(calls))
    system.kill(name)
    system.revive(name)
    assert_fine(people.ask_all(calls))
