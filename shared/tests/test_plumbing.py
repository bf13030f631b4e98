"""Cursors, settings, request ids and problems."""

import secrets
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from shared import cursors
from shared.problems import Conflict, FieldError, NotFound
from shared.requests import install_problems, install_requests
from shared.settings import ProcessSettings, Secret, load


@given(st.integers(1, cursors.MAX_ID))
def test_a_cursor_gives_back_its_id(last_id: int) -> None:
    assert cursors.decode(cursors.encode(last_id)) == last_id


@given(st.text(max_size=16))
def test_no_other_text_is_a_cursor(text: str) -> None:
    try:
        last_id = cursors.decode(text)
    except ValueError:
        return
    assert cursors.encode(last_id) == text


class _Settings(ProcessSettings):
    some_key: Secret


@pytest.mark.parametrize("key", [None, "", "short", "a" * 64, "changeme" * 8, "my-secret-" + "0123456789" * 4])
def test_a_missing_short_or_placeholder_secret_refuses_to_boot_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    if key is not None:
        monkeypatch.setenv("SOME_KEY", key)
    with pytest.raises(SystemExit) as stopped:
        load(_Settings)
    line = str(stopped.value)
    assert "SOME_KEY" in line
    assert "\n" not in line
    assert not key or key not in line


def test_secrets_come_from_files_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = secrets.token_hex(32)
    (tmp_path / "some_key").write_text(key)
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    assert load(_Settings).some_key == key


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    install_requests(app)
    install_problems(app)

    @app.get("/conflict/<int:number>")
    def conflict(number: int) -> str:
        if number == 0:
            raise NotFound("Nothing has this id.")
        raise Conflict("Taken.", errors=[FieldError("name", "is taken")])

    @app.get("/bug")
    def bug() -> str:
        raise LookupError("postgresql://user:password@host")

    return app


def test_a_problem_names_the_fields_and_the_request(app: Flask) -> None:
    answer = app.test_client().get("/conflict/1", headers={"X-Request-ID": "chosen-by-client"})
    assert answer.content_type == "application/problem+json"
    assert answer.get_json() == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "Taken.",
        "errors": [{"in": "body", "field": "name", "message": "is taken"}],
        "request_id": "chosen-by-client",
    }


@pytest.mark.parametrize("given", ["short", "x" * 65, "with blank inside", 'quote"quote"', None])
def test_a_request_id_that_could_forge_a_log_line_is_replaced(app: Flask, given: str | None) -> None:
    answer = app.test_client().get("/none", headers={"X-Request-ID": given} if given else {})
    assert len(answer.headers["X-Request-ID"]) == 32
    assert answer.headers["X-Request-ID"] == answer.get_json()["request_id"]


def test_a_bug_tells_nothing(app: Flask) -> None:
    answer = app.test_client().get("/bug")
    assert (answer.status_code, answer.get_json()["detail"]) == (500, "Something went wrong on our side.")
    assert "password" not in answer.text


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/no", 404), ("POST", "/bug", 405)])
def test_what_the_framework_refuses_is_a_problem_too(app: Flask, method: str, path: str, status: int) -> None:
    answer = app.test_client().open(path, method=method)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert status != 405 or "GET" in answer.headers["Allow"]


def test_ids_end_at_the_largest_there_can_be(app: Flask) -> None:
    client = app.test_client()
    assert client.get(f"/conflict/{2**63 - 1}").status_code == 409
    for beyond in (2**63, 10**19 - 1, 10**30):
        assert client.get(f"/conflict/{beyond}").status_code == 404
