"""What clients count on in any HTTP API: Location, ETag, Link, Allow, and one shape for everything that is refused."""

import re

import httpx
import pytest

from tests.e2e.browser import Browser
from tests.e2e.person import PASSWORD, Person, client, new_name, told
from tests.e2e.routes import ROUTES, Route

ALL_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
TOKEN_ID = "11111111-1111-4111-8111-111111111111"


@pytest.fixture(scope="module")
def alice(url: str) -> Person:
    return Person.registers(url).takes_token()


@pytest.fixture(scope="module")
def ids(alice: Person) -> list[int]:
    """Posts of alice, newest first: more than one page of HTML."""
    return [alice.publishes(f"Number {number}")["id"] for number in range(25)][::-1]


def test_location_leads_to_what_was_made(alice: Person) -> None:
    answer = alice.http.post("/v1/posts", json={"title": "Here", "body": "Found."})
    assert alice.gets(answer.headers["Location"]) == told(answer, 201)
    name = new_name()
    account = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
    answer = alice.http.post("/v1/auth/register", json=account)
    made = told(answer, 201)
    assert "Set-Cookie" not in answer.headers
    assert alice.gets(answer.headers["Location"])["user"]["id"] == made["id"]


def test_what_has_not_changed_is_not_sent_again(alice: Person) -> None:
    post = alice.publishes("As it was")
    for path in (f"/v1/posts/{post['id']}", f"/v1/users/{alice.name}", "/v1/me", f"/post/{post['id']}"):
        tag = alice.http.get(path).headers["ETag"]
        again = alice.http.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert alice.http.get(path, headers={"If-None-Match": '"another"'}).status_code == 200
    tag = alice.http.get(f"/v1/posts/{post['id']}").headers["ETag"]
    alice.edits(post, title="As it is")
    changed = alice.http.get(f"/v1/posts/{post['id']}", headers={"If-None-Match": tag})
    assert told(changed)["title"] == "As it is"
    assert changed.headers["ETag"] != tag


def test_head_is_get_without_a_body(url: str) -> None:
    for path in ("/", "/users", "/v1/posts", "/openapi.json", "/static/broadsheet.css"):
        get, head = client(url).get(path), client(url).head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert [head.headers[name] for name in ("ETag", "Content-Type")] == [
            get.headers[name] for name in ("ETag", "Content-Type")
        ]


def test_what_was_made_for_somebody_is_kept_by_nobody(alice: Person, url: str) -> None:
    assert alice.http.get("/v1/me").headers["Cache-Control"] == "no-store"
    answer = client(url).get("/v1/posts")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert {"Cookie", "Authorization"} <= set(re.split(", *", answer.headers["Vary"]))


@pytest.mark.parametrize("path", ["/v1/users/{name}/posts?limit=4", "/v1/posts?author={name}&limit=4&q=number"])
def test_pages_are_walked_to_the_end_without_loss_or_doubles(alice: Person, ids: list[int], path: str) -> None:
    following: str | None = path.format(name=alice.name)
    seen: list[int] = []
    while following:
        answer = alice.http.get(following)
        page = told(answer)
        assert 1 <= len(page["items"]) <= 4
        seen += [post["id"] for post in page["items"] if post["title"].startswith("Number")]
        following = answer.links.get("next", {}).get("url")
        assert (page["next"] is None) == (following is None)
        alice.deletes(alice.publishes("Comes in between"))
        if page["next"]:
            assert told(alice.http.get(path.format(name=alice.name), params={"cursor": page["next"]}))
    assert seen == ids


def test_pages_for_people_are_walked_to_the_end_too(alice: Person, url: str, ids: list[int]) -> None:
    page = Browser(url).opens(f"/users/{alice.name}/posts")
    seen = list(page.links)
    while older := [link for link, text in page.links.items() if text.startswith("Older")]:
        page = Browser(url).opens(older[0])
        seen += page.links
    posts = [int(link.removeprefix("/post/")) for link in seen if link.startswith("/post/")]
    assert [post for post in posts if post in ids] == ids


def test_people_are_walked_to_the_end(alice: Person, url: str) -> None:
    family = new_name("family")
    names = [Person.registers(url, f"{family}-{number}").name for number in range(5)][::-1]
    answer = alice.http.get("/v1/users", params={"q": family, "limit": 2})
    seen = [user["username"] for user in told(answer)["items"]]
    while "next" in answer.links:
        answer = alice.http.get(answer.links["next"]["url"])
        seen += [user["username"] for user in told(answer)["items"]]
    assert seen == names


@pytest.mark.parametrize("route", [route for route in ROUTES if "<path:" not in route.path], ids=str)
def test_another_method_is_answered_with_those_that_there_are(alice: Person, route: Route) -> None:
    path = route.filled(post_id=1, username=alice.name, token_id=TOKEN_ID)
    for method in sorted(set(ALL_METHODS) - route.methods):
        answer = alice.http.request(method, path)
        assert answer.status_code == 405, method
        assert route.methods <= set(answer.headers["Allow"].split(", "))
        assert_problem(answer)


def assert_problem(answer: httpx.Response) -> None:
    """RFC 9457, and the request's id in both places."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["title"]
    assert problem["request_id"] == answer.headers["X-Request-ID"]


def test_every_answer_says_its_request_id(alice: Person, url: str) -> None:
    for path in ("/", "/v1/posts", "/v1/me", "/nowhere", "/v1/nowhere", "/livez"):
        answer = client(url).get(path, headers={"X-Request-ID": "0123456789abcdef.of-a-client"})
        assert answer.headers["X-Request-ID"] == "0123456789abcdef.of-a-client"
    for bad in ("short", "a" * 65, "with blanks in it", "a;b=c/d\\e<f>"):
        assert client(url).get("/livez", headers={"X-Request-ID": bad}).headers["X-Request-ID"] != bad
    page = Browser(url).opens("/nowhere", 404)
    assert page.shows(f"Request id: {page.headers['X-Request-ID']}")


@pytest.mark.parametrize("path", ["/nowhere", "/v1/nowhere", "/v1/me", "/v1/posts/0", "/v1/users?limit=0"])
def test_a_client_that_asks_for_no_html_gets_problems(url: str, path: str) -> None:
    for accept in ("*/*", "application/json", "application/problem+json"):
        answer = client(url).get(path, headers={"Accept": accept})
        assert 400 <= answer.status_code < 500
        assert_problem(answer)


def test_a_refusal_of_the_services_keeps_their_reasons(alice: Person) -> None:
    account = {"username": alice.name.upper(), "email": "a@b.example", "password": PASSWORD}
    answer = alice.http.post("/v1/auth/register", json=account)
    assert told(answer, 409)["errors"] == [{"in": "body", "field": "username", "message": "is taken"}]
    assert_problem(answer)
    answer = alice.http.post("/v1/posts", json={"title": "", "body": 1})
    assert {error["field"] for error in told(answer, 422)["errors"]} == {"title", "body"}
    answer = alice.http.get("/v1/posts", params={"limit": 1000})
    assert [(error["in"], error["field"]) for error in told(answer, 422)["errors"]] == [("query", "limit")]


def test_a_401_says_how_to_prove_who_one_is(url: str) -> None:
    assert client(url).get("/v1/me").headers["WWW-Authenticate"] == "Bearer"


def test_times_are_rfc_3339_in_utc(alice: Person) -> None:
    post = alice.publishes("Now")
    for time in (post["created_at"], post["updated_at"], alice.gets("/v1/me")["created_at"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", time)


def test_every_answer_says_what_browsers_may_do_with_it(url: str) -> None:
    paths = ("/", "/nowhere", "/v1/posts", "/v1/nowhere", "/livez", "/openapi.json")
    answers = [client(url).get(path) for path in paths]
    for answer in [*answers, client(url).put("/"), client(url).post("/v1/posts", content=b"x" * 2_000_000)]:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
