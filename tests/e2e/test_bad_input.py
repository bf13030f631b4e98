"""Whatever is sent to the API, the answer is the right 4xx as a problem document, and never a 5xx. Pages: test_bad_forms.py."""

import socket
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest

from tests.e2e.person import PASSWORD, Person, new_name

LONG = "x" * 100_001
GOOD = {"username": "good-name", "email": "good@example.org", "password": PASSWORD}
POST = {"title": "A title", "body": "A body"}
MEGABYTES = b'{"title": "' + b"x" * 2_000_000 + b'"}'
JSON = {"Content-Type": "application/json"}


def raw(content: bytes, content_type: str = "application/json") -> dict[str, Any]:
    return {"content": content, "headers": {"Content-Type": content_type}}


class InChunks(httpx.SyncByteStream):
    """Two megabytes without a Content-Length."""

    def __iter__(self) -> Iterator[bytes]:
        yield from (b"x" * 100_000 for _ in range(20))


WRONG_FIELDS: list[tuple[str, Any, list[str]]] = [
    # what it is sent to, the body, and the fields that are named
    ("POST /v1/auth/register", {}, ["email", "password", "username"]),
    ("POST /v1/auth/register", {**GOOD, "username": 1}, ["username"]),
    ("POST /v1/auth/register", {**GOOD, "username": None}, ["username"]),
    ("POST /v1/auth/register", {**GOOD, "username": ["good-name"]}, ["username"]),
    ("POST /v1/auth/register", {**GOOD, "username": "ab"}, ["username"]),
    ("POST /v1/auth/register", {**GOOD, "username": "x" * 81}, ["username"]),
    ("POST /v1/auth/register", {**GOOD, "username": "two words"}, ["username"]),
    ("POST /v1/auth/register", {**GOOD, "username": "good-name\nx"}, ["username"]),
    ("POST /v1/auth/register", {**GOOD, "username": "naïve"}, ["username"]),
    ("POST /v1/auth/register", {**GOOD, "username": "nul\x00nul"}, ["username"]),
    ("POST /v1/auth/register", {**GOOD, "email": "nobody"}, ["email"]),
    ("POST /v1/auth/register", {**GOOD, "email": "a@b@example.org"}, ["email"]),
    ("POST /v1/auth/register", {**GOOD, "email": "x" * 120 + "@example.org"}, ["email"]),
    ("POST /v1/auth/register", {**GOOD, "password": "7 chars"}, ["password"]),
    ("POST /v1/auth/register", {**GOOD, "password": "x" * 257}, ["password"]),
    ("POST /v1/auth/register", {**GOOD, "password": "with a \x00 in it"}, ["password"]),
    ("POST /v1/auth/register", {**GOOD, "password": "good-name"}, ["password"]),
    ("POST /v1/auth/register", {**GOOD, "password": "GOOD@EXAMPLE.ORG"}, ["password"]),
    ("POST /v1/auth/register", {**GOOD, "is_admin": True}, ["is_admin"]),
    ("POST /v1/auth/register", [GOOD], [""]),
    ("POST /v1/auth/register", None, [""]),
    ("POST /v1/auth/login", {"login": "alice"}, ["password"]),
    ("POST /v1/auth/login", {"login": "x" * 121, "password": PASSWORD}, ["login"]),
    ("POST /v1/auth/login", {"login": "nul\x00nul", "password": PASSWORD}, ["login"]),
    ("POST /v1/auth/login", {"login": "alice", "password": LONG}, ["password"]),
    ("POST /v1/auth/tokens", {"login": "alice", "password": PASSWORD}, ["name"]),
    ("POST /v1/auth/tokens", {"login": "alice", "password": PASSWORD, "name": "  "}, ["name"]),
    ("POST /v1/posts", {}, ["body", "title"]),
    ("POST /v1/posts", {**POST, "title": ""}, ["title"]),
    ("POST /v1/posts", {**POST, "title": " \t\n "}, ["title"]),
    ("POST /v1/posts", {**POST, "title": "x" * 201}, ["title"]),
    ("POST /v1/posts", {**POST, "title": "nul\x00nul"}, ["title"]),
    ("POST /v1/posts", {**POST, "title": {"en": "A title"}}, ["title"]),
    ("POST /v1/posts", {**POST, "body": LONG}, ["body"]),
    ("POST /v1/posts", {**POST, "body": "nul\x00nul"}, ["body"]),
    ("POST /v1/posts", {**POST, "id": 2**63}, ["id"]),
    ("PATCH /v1/posts/{mine}", {}, [""]),
    ("PATCH /v1/posts/{mine}", {"title": None}, ["title"]),
    ("PATCH /v1/posts/{mine}", {"title": ""}, ["title"]),
    ("PATCH /v1/posts/{mine}", {"author_id": 1}, ["author_id"]),
    ("PATCH /v1/me", {}, [""]),
    ("PATCH /v1/me", {"display_name": "x" * 81, "bio": "x" * 501}, ["bio", "display_name"]),
    ("PATCH /v1/me", {"bio": "nul\x00nul"}, ["bio"]),
    ("PATCH /v1/me", {"email": "nobody", "current_password": PASSWORD}, ["email"]),
    ("PATCH /v1/me", {"password": "aaaaaaaa", "current_password": PASSWORD}, ["password"]),
]  # fmt: skip

WRONG_QUERIES: list[tuple[str, str]] = [
    # what is asked, and the parameter that is named
    ("/v1/posts?limit=0", "limit"),
    ("/v1/posts?limit=101", "limit"),
    ("/v1/posts?limit=1000000000", "limit"),
    ("/v1/posts?limit=-1", "limit"),
    ("/v1/posts?limit=1.5", "limit"),
    ("/v1/posts?limit=many", "limit"),
    ("/v1/posts?limit=", "limit"),
    ("/v1/posts?limit=%zz", "limit"),
    ("/v1/posts?limit=1&limit=2", "limit"),
    ("/v1/posts?cursor=x", "cursor"),
    ("/v1/posts?cursor=", "cursor"),
    ("/v1/posts?cursor=AAAAAAAAAAA", "cursor"),
    ("/v1/posts?cursor=__________8", "cursor"),
    ("/v1/posts?cursor=f_________8&cursor=f_________8", "cursor"),
    ("/v1/posts?cursor=%C3%A9%00", "cursor"),
    ("/v1/posts?cursor=" + "A" * 5000, "cursor"),
    ("/v1/posts?q=" + "x" * 201, "q"),
    ("/v1/posts?q=nul%00nul", "q"),
    ("/v1/posts?author=" + "x" * 81, "author"),
    ("/v1/posts?author=nul%00nul", "author"),
    ("/v1/users?limit=0", "limit"),
    ("/v1/users?cursor=x", "cursor"),
    ("/v1/users?q=nul%00nul", "q"),
    ("/v1/users/{name}/posts?limit=101", "limit"),
    ("/v1/users/{name}/posts?cursor=x", "cursor"),
    ("/v1/search", "q"),
    ("/v1/search?q=", "q"),
    ("/v1/search?q=%20%09", "q"),
    ("/v1/search?q=%00", "q"),
    ("/v1/search?q=a&q=b", "q"),
    ("/v1/search?q=" + "x" * 81, "q"),
]

REFUSED: list[tuple[str, dict[str, Any], int]] = [
    # what it is sent to, what is sent, and the status of the refusal
    ("POST /v1/posts", raw(b""), 400),
    ("POST /v1/posts", raw(b"{"), 400),
    ("POST /v1/posts", raw(b"{'title': 'a'}"), 400),
    ("POST /v1/posts", raw(b"[" * 100_000), 400),
    ("POST /v1/posts", raw(b'{"title": NaN}'), 422),
    ("POST /v1/posts", raw(b'{"title": "\xff", "body": "x"}'), 400),
    ("POST /v1/posts", raw(b'{"title": "\\ud800", "body": "x"}'), 400),
    ("POST /v1/posts", raw('{"title": "a", "body": "x"}'.encode("utf-16")), 400),
    ("POST /v1/posts", raw(b'{"title": "a", "body": "x"}', "text/plain"), 415),
    ("POST /v1/posts", raw(b"title=a&body=x", "application/x-www-form-urlencoded"), 415),
    ("POST /v1/posts", {"files": {"title": (None, "a")}}, 415),
    ("POST /v1/posts", {}, 415),
    ("POST /v1/posts", raw(MEGABYTES), 413),
    ("POST /v1/posts", {"content": InChunks(), "headers": JSON}, 413),
    ("PATCH /v1/posts/{mine}", raw(b"null"), 422),
    ("PATCH /v1/me", {"json": {"password": "12345678", "current_password": "wrong"}}, 403),
    ("PATCH /v1/me", {"json": {"email": "a@example.org"}}, 403),
    ("PATCH /v1/posts/{foreign}", {"json": {"title": "Mine"}}, 403),
    ("DELETE /v1/posts/{foreign}", {}, 403),
    ("PATCH /v1/posts/9223372036854775807", {"json": {"title": "Mine"}}, 404),
    ("DELETE /v1/posts/9223372036854775807", {}, 404),
    ("GET /v1/posts/9223372036854775807", {}, 404),
    ("GET /v1/posts/9223372036854775808", {}, 404),
    ("PATCH /v1/posts/9223372036854775808", {"json": {"title": "Mine"}}, 404),
    ("DELETE /v1/posts/9223372036854775808", {}, 404),
    (f"GET /v1/posts/{'9' * 5000}", {}, 404),
    ("GET /v1/posts/0", {}, 404),
    ("GET /v1/posts/-1", {}, 404),
    ("GET /v1/posts/1.5", {}, 404),
    ("GET /v1/posts/one", {}, 404),
    ("GET /v1/posts/%00", {}, 404),
    ("GET /v1/users/no-such-name", {}, 404),
    ("GET /v1/users/no-such-name/posts", {}, 404),
    ("GET /v1/posts?author=no-such-name", {}, 404),
    ("GET /v1/posts?author=/kate", {}, 404),
    ("GET /v1/users/%E2%84%AAate/posts?limit=1", {}, 404),
    ("GET /v1/users/" + "(" * 3000, {}, 404),
    ("GET /v1/users/%00", {}, 404),
    ("GET /v1/users/%ff%fe", {}, 404),
    ("GET /v1/users/%ed%a0%80", {}, 404),
    (f"GET /v1/users/{'x' * 5000}", {}, 404),
    ("GET /v1/users/..%2f..%2freadyz", {}, 404),
    ("GET /v1/users/{name}%3flimit=1", {}, 404),
    ("DELETE /v1/auth/tokens/1", {}, 404),
    ("DELETE /v1/auth/tokens/11111111-1111-4111-8111-111111111111", {}, 404),
    ("GET /v1", {}, 404),
    ("GET /v1/", {}, 404),
    ("GET /v1/nowhere", {}, 404),
    ("GET /v2/posts", {}, 404),
    ("GET /static/../app.py", {}, 404),
    ("GET /static/%2e%2e/app.py", {}, 404),
    ("PUT /v1/posts", {"json": POST}, 405),
    ("DELETE /v1/posts", {}, 405),
    ("PURGE /v1/posts/{mine}", {}, 405),
    ("POST /v1/me", {"json": {}}, 405),
    ("GET /v1/me", {"headers": {"Authorization": b"Bearer \xe9\xff"}}, 401),
    ("GET /v1/me", {"headers": {"Authorization": "Bearer " + "x" * 4000}}, 401),
    ("GET /v1/me", {"headers": {"Authorization": "Bearer nul%00"}}, 401),
]


@pytest.fixture(scope="module")
def alice(url: str) -> Person:
    return Person.registers(url).takes_token()


@pytest.fixture(scope="module")
def given(alice: Person) -> dict[str, Any]:
    """What the placeholders in the tables stand for."""
    bob = Person.registers(alice.url, new_name("bob")).takes_token()
    return {"name": alice.name, "mine": alice.publishes("Mine")["id"], "foreign": bob.publishes("Not mine")["id"]}


def refusal(alice: Person, call: str, status: int, **sent: Any) -> Any:
    """The problem document that comes for it."""
    method, path = call.split(" ", 1)
    answer = alice.http.request(method, path, **sent)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    return answer.json()


@pytest.mark.parametrize(("call", "body", "fields"), WRONG_FIELDS, ids=lambda value: f"{value!s:.60}")
def test_wrong_fields_are_named(alice: Person, given: dict[str, Any], call: str, body: Any, fields: list[str]) -> None:
    problem = refusal(alice, call.format_map(given), 422, **raw(orjson.dumps(body)))
    assert sorted({error["field"] for error in problem["errors"]}) == fields
    assert {error["in"] for error in problem["errors"]} == {"body"}
    assert all(error["message"] for error in problem["errors"])


@pytest.mark.parametrize(("path", "parameter"), WRONG_QUERIES, ids=lambda value: f"{value:.60}")
def test_wrong_parameters_are_named(alice: Person, given: dict[str, Any], path: str, parameter: str) -> None:
    problem = refusal(alice, "GET " + path.replace("{name}", given["name"]), 422)
    assert [(error["in"], error["field"]) for error in problem["errors"]] == [("query", parameter)]


@pytest.mark.parametrize(("call", "sent", "status"), REFUSED, ids=lambda value: f"{value!s:.60}")
def test_what_cannot_be_is_refused(
    alice: Person, given: dict[str, Any], call: str, sent: dict[str, Any], status: int
) -> None:
    for name, value in given.items():
        call = call.replace(f"{{{name}}}", str(value))
    refusal(alice, call, status, **sent)


@pytest.mark.parametrize(
    ("method", "header", "body"),
    [
        ("POST", b"Content-Length: 5\r\nTransfer-Encoding: chunked", b"0\r\n\r\n"),
        ("POST", b"Content-Length: 1\r\nContent-Length: 2", b"{}"),
        ("POST", b"Content-Length: -1", b""),
        ("POST", b"Content-Length: many", b""),
        ("POST", b"Transfer-Encoding: chunked", b"ZZ\r\n\r\n"),
        ("GET", b"Host: another", b""),
        ("GET", b"Cookie: session=\x00", b""),
        ("GET", b"Forged: yes\n no: \r x", b""),
    ],
)
def test_what_is_no_http_is_refused(url: str, method: str, header: bytes, body: bytes) -> None:
    with socket.create_connection(("127.0.0.1", int(url.rsplit(":")[-1])), timeout=5) as connection:
        head = f"{method} /v1/posts HTTP/1.1\r\nHost: broadsheet\r\nContent-Type: application/json\r\n".encode()
        connection.sendall(head + header + b"\r\n\r\n" + body)
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(("field", "changed"), [("username", str.upper), ("email", str.upper), ("email", str.title)])
def test_names_and_addresses_are_taken_whatever_their_case(alice: Person, field: str, changed: Any) -> None:
    name = new_name()
    account = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
    account[field] = changed({"username": alice.name, "email": alice.email}[field])
    problem = refusal(alice, "POST /v1/auth/register", 409, json=account)
    assert problem["errors"] == [{"in": "body", "field": field, "message": "is taken"}]
    if field == "email":
        change = {"email": Person.registers(alice.url).email.upper(), "current_password": PASSWORD}
        refusal(alice, "PATCH /v1/me", 409, json=change)


def test_odd_but_readable_text_is_kept_to_the_letter(alice: Person) -> None:
    odd = ("😀 ünï", "\u202eright to left", "a\r\nb\tc", "  led by blanks", "\ufffe\U0010ffff", "' or 1=1 --", "%s{}")
    for text in odd:
        post = alice.publishes("odd " + text, text)
        assert alice.gets(f"/v1/posts/{post['id']}") == post
        assert (post["title"], post["body"]) == (("odd " + text).strip(), text)


@pytest.mark.parametrize("q", ["%", "_", "\\", "'", '"', "a & b", "!", ":*", "%ff", "😀", "(", "\ufffd" * 40])
def test_no_search_is_too_odd(alice: Person, q: str) -> None:
    for path in ("/v1/search", "/v1/users", "/v1/posts"):
        assert alice.gets(path, q=q)
    assert alice.http.get("/v1/search?q=%ff%fe").status_code == 200
