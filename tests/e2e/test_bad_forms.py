"""Whatever is sent to a page, the answer is the right 4xx as a page, what was typed is still there, and never a 5xx."""

from dataclasses import dataclass

import httpx
import pytest

from tests.e2e.browser import Browser, Page
from tests.e2e.person import PASSWORD, Person, new_name

# Forms end their lines like this.
TEXT = "Two lines\r\nof text"

WRONG_FORMS: list[tuple[str, dict[str, str], int, str]] = [
    # the page, what is typed into its form, the status, and what is said about it
    ("/auth/register", {}, 422, "Please fill this in."),
    ("/auth/register", {"username": "ab"}, 422, "Use 3 to 80 characters."),
    ("/auth/register", {"username": "two words", "email": "e@example.org"}, 422, "Use only letters"),
    ("/auth/register", {"username": "<b>&\"'", "email": "e@example.org"}, 422, "Begin with a letter"),
    ("/auth/register", {"username": "nul\x00nul", "email": "e@example.org"}, 422, "Use only letters"),
    ("/auth/register", {"username": "{new}", "email": "nobody"}, 422, "Write it like name@example.org."),
    ("/auth/register", {"username": "{new}", "email": "a@b", "password": PASSWORD}, 422, "E-mail address"),
    ("/auth/register", {"username": "{new}", "email": "e@example.org", "password": "short"}, 422, "Use 8 to 256"),
    ("/auth/register", {"username": "{new}", "email": "e@example.org", "password": "aaaaaaaa"}, 422, "too easy to guess"),
    ("/auth/register", {"username": "{taken}", "email": "e@example.org", "password": PASSWORD}, 409, "Username is taken."),
    ("/auth/register", {"username": "{new}", "email": "{address}", "password": PASSWORD}, 409, "E-mail address is taken."),
    ("/auth/login", {}, 422, "Please fill this in."),
    ("/auth/login", {"login": "{taken}", "password": "a wrong one"}, 401, "Name or password is not right."),
    ("/auth/login", {"login": "nobody-of-this-name", "password": PASSWORD}, 401, "Name or password is not right."),
    ("/auth/login", {"login": "x" * 121, "password": PASSWORD}, 422, "Use at most 120 characters."),
    ("/auth/login", {"login": "nul\x00nul", "password": PASSWORD}, 422, "must not contain NUL"),
    ("/auth/login", {"login": "{taken}", "password": "nul\x00nul"}, 422, "must not contain NUL"),
    ("/new", {"title": "", "body": TEXT}, 422, "Please fill this in."),
    ("/new", {"title": " ", "body": TEXT}, 422, "Please fill this in."),
    ("/new", {"title": "A title", "body": ""}, 422, "Please fill this in."),
    ("/new", {"title": "x" * 201, "body": TEXT}, 422, "Use at most 200 characters."),
    ("/new", {"title": "A title", "body": "x" * 100_001}, 422, "Use at most 100,000 characters."),
    ("/new", {"title": "nul\x00nul", "body": TEXT}, 422, "must not contain NUL"),
    ("/new", {"title": "A title", "body": "</textarea>\x00"}, 422, "must not contain NUL"),
    ("/post/{mine}/edit", {"title": "", "body": TEXT}, 422, "Please fill this in."),
    ("/post/{mine}/edit", {"title": "A title", "body": "nul\x00nul"}, 422, "must not contain NUL"),
    ("/settings", {"display_name": "x" * 81, "bio": TEXT}, 422, "Use at most 80 characters."),
    ("/settings", {"display_name": "A name", "bio": "x" * 501}, 422, "Use at most 500 characters."),
    ("/settings", {"display_name": "nul\x00nul", "bio": TEXT}, 422, "must not contain NUL"),
    ("/settings/email", {"email": "nobody"}, 422, "Write it like name@example.org."),
    ("/settings/email", {"email": "e@example.org", "current_password": "a wrong one"}, 403, "is not right"),
    ("/settings/email", {"email": "{address of another}", "current_password": PASSWORD}, 409, "is taken."),
    ("/settings/password", {"current_password": "a wrong one", "password": "four rather small words"}, 403, "is not right"),
    ("/settings/password", {"current_password": PASSWORD, "password": "short"}, 422, "Use 8 to 256"),
]  # fmt: skip

NOT_THERE: list[tuple[str, str, int]] = [
    # what is asked for, and the status of the page that comes
    ("GET", "/nowhere", 404),
    ("GET", "/users/no-such-name", 404),
    ("GET", "/users/no-such-name/posts", 404),
    ("GET", "/users/%00", 404),
    ("GET", "/users/%ff%ed%a0%80", 404),
    ("GET", "/users/" + "x" * 5000, 404),
    ("GET", "/post/0", 404),
    ("GET", "/post/one", 404),
    ("GET", "/post/-1", 404),
    ("GET", "/post/9223372036854775807", 404),
    ("GET", "/post/9223372036854775808", 404),
    ("GET", "/post/9223372036854775808/edit", 404),
    ("POST", "/post/9223372036854775808/delete", 404),
    ("GET", "/post/{foreign}/edit", 403),
    ("GET", "/post/{foreign}/delete", 403),
    ("POST", "/post/{foreign}/delete", 403),
    ("GET", "/?cursor=x", 422),
    ("GET", "/?cursor=%00", 422),
    ("GET", "/users?cursor=x", 422),
    ("GET", "/users?q=%00", 422),
    ("GET", "/users?q=" + "x" * 81, 422),
    ("GET", "/users/{taken}/posts?cursor=x", 422),
    ("GET", "/dashboard?cursor=x", 422),
    ("GET", "/search?q=%00", 422),
    ("GET", "/search?q=" + "x" * 81, 422),
    ("GET", "/search?q=" + "(" * 3000, 422),
    ("GET", "/?cursor=" + "(" * 3000, 422),
    ("POST", "/", 405),
    ("POST", "/dashboard", 405),
    ("PUT", "/new", 405),
    ("DELETE", "/post/{mine}", 405),
    ("PURGE", "/about", 405),
]


@dataclass
class Reader:
    """Alice at her browser, and what the placeholders in the tables stand for."""

    browser: Browser
    given: dict[str, str]

    def fill_in(self, text: str) -> str:
        for name, value in self.given.items():
            text = text.replace(f"{{{name}}}", value)
        return text


@pytest.fixture(scope="module")
def alice(url: str) -> Reader:
    alice, bob = Person.registers(url).takes_token(), Person.registers(url, new_name("bob")).takes_token()
    browser = Browser(url)
    browser.fills("/auth/login", login=alice.name, password=PASSWORD)
    mine, foreign = alice.publishes("Mine"), bob.publishes("Not mine")
    given = {"taken": alice.name.upper(), "new": new_name(), "address": alice.email, "address of another": bob.email}
    return Reader(browser, {**given, "mine": str(mine["id"]), "foreign": str(foreign["id"])})


@pytest.mark.parametrize(("path", "typed", "status", "said"), WRONG_FORMS, ids=lambda value: f"{value!s:.70}")
def test_a_refused_form_says_why_and_keeps_what_was_typed(
    alice: Reader, path: str, typed: dict[str, str], status: int, said: str
) -> None:
    typed = {name: alice.fill_in(value) for name, value in typed.items()}
    page = alice.browser.fills(alice.fill_in(path), **typed)
    assert (page.status, page.shows(said)) == (status, True), page.text
    for name, value in typed.items():
        kept = "" if "password" in name else value
        assert page.form.fields[name].split() == kept.split()


@pytest.mark.parametrize(("method", "path", "status"), NOT_THERE, ids=lambda value: f"{value!s:.50}")
def test_what_is_not_there_is_a_page_that_says_so(alice: Reader, method: str, path: str, status: int) -> None:
    page = Page(alice.browser.http.request(method, alice.fill_in(path)))
    assert page.status == status
    assert page.shows(f"Request id: {page.headers['X-Request-ID']}")
    assert "/" in page.links
    assert ("Allow" in page.headers) == (status == 405)


def test_a_foreign_post_is_not_changed_by_a_form_with_a_good_token(alice: Reader) -> None:
    token = alice.browser.opens("/new").form.fields["csrf_token"]
    typed = {"csrf_token": token, "title": "Mine now", "body": "Mine now"}
    page = alice.browser.sends(f"/post/{alice.given['foreign']}/edit", typed)
    assert (page.status, page.form.fields["body"]) == (403, "Mine now")
    assert alice.browser.sends(f"/post/{alice.given['foreign']}/delete", typed).status == 403
    assert alice.browser.opens(f"/post/{alice.given['foreign']}").shows("Not mine")


def test_a_guest_keeps_what_was_typed_too(url: str) -> None:
    guest = Browser(url)
    token = guest.opens("/auth/login").form.fields["csrf_token"]
    page = guest.sends("/new", {"csrf_token": token, "title": "Long thought of", "body": "Typed for hours"})
    assert (page.status, page.form.fields["title"], page.form.fields["body"]) == (
        401,
        "Long thought of",
        "Typed for hours",
    )


def test_a_guest_is_sent_to_sign_in_and_back(url: str) -> None:
    alice, guest = Person.registers(url), Browser(url)
    page = guest.opens("/settings/email?a=b")
    assert page.path == "/auth/login"
    answer = guest.http.get("/settings/email?a=b", follow_redirects=False)
    page = guest.fills(answer.headers["Location"], login=alice.name, password=PASSWORD)
    assert page.path == "/settings/email"
    for elsewhere in ("//evil.example", "https:evil.example", "/\\evil.example", "/%09/evil.example"):
        page = guest.fills(f"/auth/login?next={elsewhere}", login=alice.name, password=PASSWORD)
        assert page.path == "/dashboard"


@pytest.mark.parametrize(
    ("content_type", "content", "status"),
    [
        ("application/json", b'{"login": "a", "password": "b"}', 400),
        ("multipart/form-data; boundary=x", b"--x\r\nnot a part", 400),
        ("multipart/form-data", b"no boundary", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n" * 100_000, 400),
        ("application/x-www-form-urlencoded", b"&" * 100_000, 400),
        ("application/x-www-form-urlencoded", b"login=%ff%00&csrf_token=%ed%a0%80", 400),
        ("application/x-www-form-urlencoded", b"login=" + b"x" * 2_000_000, 413),
        ("text/plain; charset=utf-7", b"login=a", 400),
    ],
    ids=lambda value: f"{value!s:.50}",
)
def test_what_is_no_form_is_refused(alice: Reader, content_type: str, content: bytes, status: int) -> None:
    answer: httpx.Response = alice.browser.http.post(
        "/auth/login", content=content, headers={"Content-Type": content_type}
    )
    assert Page(answer).status == status


def test_odd_cookies_do_no_harm(url: str) -> None:
    for cookie in ("session=" + "x" * 4000, "session", "=; ;;", "session=a; session=b", "session=%00", "session=é"):
        answer = Browser(url).http.get("/", headers=[(b"Cookie", cookie.encode())])
        assert answer.status_code == 200
