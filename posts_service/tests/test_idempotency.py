"""Idempotency keys on a real database: what is sent twice is done once, whatever happens in between."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from posts_service.models import IdempotencyKey, Post
from shared import idempotency
from shared.tests.callers import As

Acting = Callable[..., As]
WORDS = {"title": "Once", "body": "and once only"}


def _posts(app: Flask) -> int:
    with Session(app.extensions["engine"]) as session:
        return session.scalar(select(func.count()).select_from(Post)) or 0


def test_the_same_request_gets_the_first_answer_again(app: Flask, acting: Acting) -> None:
    first = acting(1).under("k").post("/posts", **WORDS)
    again = acting(1).under("k").post("/posts", **WORDS)
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert again.headers["Location"] == first.headers["Location"]
    assert _posts(app) == 1


def test_without_a_key_each_request_counts(app: Flask, acting: Acting) -> None:
    acting(1).post("/posts", **WORDS)
    acting(1).post("/posts", **WORDS)
    assert _posts(app) == 2


def test_another_request_under_the_key_is_refused(app: Flask, acting: Acting) -> None:
    acting(1).under("k").post("/posts", **WORDS)
    assert acting(1).under("k").post("/posts", **(WORDS | {"title": "Twice"})).status_code == 422
    assert _posts(app) == 1


def test_keys_of_others_are_others(app: Flask, acting: Acting) -> None:
    acting(1).under("k").post("/posts", **WORDS)
    assert acting(2).under("k").post("/posts", **WORDS).get_json()["author_id"] == 2
    assert _posts(app) == 2


def test_a_refused_request_leaves_no_key(acting: Acting) -> None:
    assert acting(1).under("k").post("/posts", title="", body="").status_code == 422
    assert acting(1).under("k").post("/posts", **WORDS).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 101, "with blank", "ü"])
def test_what_is_no_key_is_said_to_be_none(app: Flask, acting: Acting, key: str) -> None:
    assert acting(1).under(key).post("/posts", **WORDS).status_code == 400
    assert _posts(app) == 0


def test_of_many_at_once_one_makes_it_and_none_makes_another(app: Flask, acting: Acting) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: acting(1).under("k").post("/posts", **WORDS), range(12)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.text for answer in answers if answer.status_code == 201}) == 1
    assert _posts(app) == 1


def test_while_the_first_is_under_way_the_second_is_told_so(app: Flask, acting: Acting) -> None:
    with app.extensions["engine"].begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('IdempotencyKey:1:k', 0))"))
        assert acting(1).under("k").post("/posts", **WORDS).status_code == 409


def test_a_rotated_key_of_ours_changes_nothing(app: Flask, acting: Acting, monkeypatch: pytest.MonkeyPatch) -> None:
    first = acting(1).under("k").post("/posts", **WORDS)
    monkeypatch.setitem(app.config, "SECRET_KEY", f"a new one,{app.config['SECRET_KEY']}")
    assert acting(1).under("k").post("/posts", **WORDS).get_json() == first.get_json()


def test_keys_are_forgotten_after_a_day(app: Flask, acting: Acting) -> None:
    acting(1).under("k").post("/posts", **WORDS)
    with Session(app.extensions["engine"]) as session, session.begin():
        idempotency.purge(session, IdempotencyKey)
        assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 1
        session.execute(update(IdempotencyKey).values(created_at=datetime.now(UTC) - timedelta(hours=25)))
        idempotency.purge(session, IdempotencyKey)
        assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 0
