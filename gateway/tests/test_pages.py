"""The pure parts of the pages: filters, where `next` leads, and the forms. Whole pages are walked in tests/e2e."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from flask_wtf.csrf import generate_csrf

from gateway.api.docs import docs
from gateway.pages import filters, install_pages
from gateway.pages.forms import LoginForm, PostForm, ProfileForm, RegisterForm
from gateway.pages.next_url import is_local
from gateway.pages.page_form import SIGNED_OUT, TOO_OLD, PageForm, explaining
from gateway.pages.static_url import static_url
from shared.problems import Conflict, FieldError, Unavailable

ALICE = {"user_id": 1, "username": "alice", "role": "member"}
GOOD = {"username": "alice", "email": "alice@example.org", "password": "a few words in a row"}


class Visit(dict[str, Any], SessionMixin):
    """A session in memory."""

    lost = False


class OneVisit(SessionInterface):
    """Every request comes from the same browser."""

    def __init__(self) -> None:
        self.visit = Visit()

    def open_session(self, app: Flask, request: Request) -> Visit:
        return self.visit

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        pass


@pytest.fixture
def app() -> Flask:
    app = Flask("gateway", static_folder="pages/static", template_folder="pages/templates")
    app.secret_key = "only for these tests"
    app.session_interface = OneVisit()
    app.register_blueprint(docs)
    install_pages(app)
    return app


@pytest.fixture
def visit(app: Flask) -> Visit:
    assert isinstance(app.session_interface, OneVisit)
    return app.session_interface.visit


@pytest.fixture
def token(app: Flask) -> str:
    with app.test_request_context():
        return str(generate_csrf())


@pytest.fixture
def sent(app: Flask, token: str) -> Callable[..., PageForm]:
    """Send a form as a browser would, with its CSRF token, and say what became of it."""

    def send(kind: type[PageForm], **fields: Any) -> PageForm:
        with app.test_request_context(method="POST", data={"csrf_token": token, **fields}):
            form = kind()
            form.validate_on_submit()
            return form

    return send


def test_times_are_read_by_people_and_by_machines() -> None:
    assert filters.format_datetime("2026-11-22T12:00:00.123456Z") == (
        '<time datetime="2026-11-22T12:00:00Z">22 November 2026, 12:00 UTC</time>'
    )
    assert (
        filters.format_date("2026-11-02T23:30:00-02:00")
        == '<time datetime="2026-11-03T01:30:00Z">3 November 2026</time>'
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        (" two\n\n lines ", "two lines"),
        ("one two three four", "one two…"),
        ("one two, three four", "one two…"),
        ("unbreakable-word", "unbreakab…"),
        ("", ""),
    ],
)
def test_an_excerpt_ends_between_words(text: str, shown: str) -> None:
    assert filters.excerpt(text, 10) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\r\ntwo\r\n \r\n\r\nthree", '<p dir="auto">one<br>\ntwo</p>\n<p dir="auto">three</p>'),
        ("<b>&\n<script>", '<p dir="auto">&lt;b&gt;&amp;<br>\n&lt;script&gt;</p>'),
        (" \n ", ""),
    ],
)
def test_plain_text_becomes_paragraphs_and_nothing_else(text: str, shown: str) -> None:
    assert filters.paragraphs(text) == shown


def test_numbers_agree_with_their_nouns() -> None:
    assert [filters.pluralize(n, "post") for n in (0, 1, 2, 1234)] == ["0 posts", "1 post", "2 posts", "1,234 posts"]
    assert filters.pluralize(2, "person", "people") == "2 people"


@pytest.mark.parametrize("url", ["/", "/new", "/post/1/edit?a=b%2F#c", "/search?q=//x&next=http://y", "/users/é"])
def test_next_may_be_a_page_of_this_site(url: str) -> None:
    assert is_local(url)


@pytest.mark.parametrize(
    "url",
    [
        "", "new", "//evil", "///evil", "\\\\evil", "/\\evil", "\\/evil", "https:evil", "https://evil", "javascript:x",
        "/\t/evil", "/\n/evil", "\t//evil", " //evil", "/new\r\nSet-Cookie: a=b", "/a\x00b", "//[evil", "/\u202e/evil",
    ],
)  # fmt: skip
def test_next_leads_nowhere_else(url: str) -> None:
    assert not is_local(url)


def test_a_static_url_changes_with_the_file(app: Flask, tmp_path: Any) -> None:
    app.static_folder = str(tmp_path)
    sheet = tmp_path / "sheet.css"
    with app.test_request_context():
        sheet.write_text("a")
        first = static_url("sheet.css")
        assert static_url("sheet.css") == first
        sheet.write_text("b")
        sheet.touch()
        assert static_url("sheet.css") != first


def test_a_good_form_has_what_a_verb_takes(sent: Callable[..., PageForm]) -> None:
    form = sent(RegisterForm, **{**GOOD, "username": " alice "})
    assert (form.status, form.values()) == (200, GOOD)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", "al"),
        ("username", "a" * 81),
        ("username", "_alice"),
        ("username", "al ice"),
        ("username", "alicé"),
        ("email", "alice"),
        ("email", "alice@"),
        ("email", "a@" + "b" * 60 + "." + "c" * 58),
        ("password", "7 chars"),
        ("password", "p" * 257),
    ],
)
def test_a_wrong_field_is_named_and_the_others_are_not(sent: Callable[..., PageForm], field: str, value: str) -> None:
    form = sent(RegisterForm, **{**GOOD, field: value})
    assert (form.status, list(form.errors)) == (422, [field])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "a" * 80),
        ("email", "a@" + "b" * 60 + "." + "c" * 57),
        ("username", "0_-"),
        ("password", "8 chars."),
        ("password", " " * 256),
    ],
)
def test_what_is_just_right_is_taken(sent: Callable[..., PageForm], field: str, value: str) -> None:
    assert sent(RegisterForm, **{**GOOD, field: value}).values()[field] == value


def test_line_ends_count_once(sent: Callable[..., PageForm], visit: Visit) -> None:
    visit.update(ALICE)
    assert sent(PostForm, title="t", body="x" + "\r\n" * 99_999).status == 200
    assert sent(PostForm, title="t", body="x" * 100_001).status == 422
    assert sent(PostForm, title="t" * 201, body="x").status == 422


@pytest.mark.parametrize("wrong", ["", "made up", "expired", "of another session"])
def test_a_token_that_is_not_good_keeps_what_was_typed(
    app: Flask, sent: Callable[..., PageForm], visit: Visit, wrong: str
) -> None:
    visit.update(ALICE)
    fields = {} if wrong in ("expired", "of another session") else {"csrf_token": wrong}
    if wrong == "expired":
        app.config["WTF_CSRF_TIME_LIMIT"] = -1
    if wrong == "of another session":
        visit["csrf_token"] = "another"
    form = sent(PostForm, title="A title", body="A text", **fields)
    assert (form.status, form.form_errors) == (400, [TOO_OLD])
    assert form.values() == {"title": "A title", "body": "A text"}


def test_who_is_signed_out_keeps_what_was_typed(sent: Callable[..., PageForm]) -> None:
    form = sent(PostForm, title="A title", body="A text")
    assert (form.status, form.form_errors, form.values()["body"]) == (401, [SIGNED_OUT], "A text")


def test_nobody_is_taken_for_signed_out_while_sessions_are_lost(sent: Callable[..., PageForm], visit: Visit) -> None:
    visit.lost = True
    assert sent(PostForm, title="A title", body="A text").status == 503


def test_a_refusal_is_shown_at_its_field(sent: Callable[..., PageForm]) -> None:
    form = sent(RegisterForm, **GOOD)
    with explaining(form):
        raise Conflict("Some are taken.", errors=[FieldError("username", "is taken"), FieldError("else", "is odd")])
    assert form.status == 409
    assert form.errors == {"username": ["Username is taken."], "": ["else is odd."]}


def test_a_service_that_is_down_says_when_to_try_again(app: Flask, token: str) -> None:
    with app.test_request_context(method="POST", data={"csrf_token": token, "bio": "b"}):
        form = ProfileForm()
        with explaining(form):
            raise Unavailable("Not now.", retry_after=7)
        response = app.process_response(Response())
    assert (form.status, form.form_errors, response.headers["Retry-After"]) == (503, ["Not now."], "7")


@pytest.mark.parametrize(
    "what", [{"json": ["a"]}, {"json": {"login": 1}}, {"data": {"login": (io.BytesIO(b"a"), "a.txt")}}]
)
def test_only_text_is_taken(app: Flask, what: dict[str, Any]) -> None:
    with app.test_request_context(method="POST", **what):
        form = LoginForm()
        assert not form.validate_on_submit()
        assert form.login.data in (None, "")


def test_a_wrong_field_is_tied_to_its_error_and_the_summary(app: Flask, token: str) -> None:
    answer = app.test_client().post("/auth/register", data={**GOOD, "csrf_token": token, "username": "<b>"})
    page = answer.text
    assert answer.status_code == 422
    assert "<title>Error: Register" in page
    assert '<a href="#username">Username</a>' in page
    assert 'aria-describedby="username-error username-hint" aria-invalid="true"' in page.replace("\n", " ")
    assert 'id="username-error"' in page
    assert 'value="&lt;b&gt;"' in page
    assert 'value="alice@example.org"' in page
    assert GOOD["password"] not in page


def test_a_guest_signs_in_first_and_comes_back(app: Flask) -> None:
    answer = app.test_client().get("/post/7/edit?a=b")
    assert (answer.status_code, answer.location) == (303, "/auth/login?next=/post/7/edit?a%3Db")
