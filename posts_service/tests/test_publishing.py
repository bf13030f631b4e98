"""Publishing, editing, deleting: what is stored, who may, and what is announced."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from shared.tests.callers import As, wrong_fields

Acting = Callable[..., As]
Publish = Callable[..., int]


def test_a_published_post_reads_as_it_was_written(acting: Acting, nobody: As) -> None:
    body = "  An indented beginning.\n\nEmoji 🎈, עברית, and <b>no markup</b>."
    made = acting(1).post("/posts", title="  A title ", body=body)
    assert made.status_code == 201
    post = nobody.get(made.headers["Location"]).get_json()
    assert post == made.get_json()
    assert (post["author_id"], post["title"], post["body"]) == (1, "A title", body)
    assert post["created_at"] == post["updated_at"]
    assert post["created_at"].endswith("Z")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"body": ""}, "body"),
        ({"body": "x" * 100_001}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"title": None}, "title"),
        ({"title": 7}, "title"),
        ({"author_id": 2}, "author_id"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(acting: Acting, given: dict[str, object], field: str) -> None:
    answer = acting(1).post("/posts", **({"title": "A title", "body": "Words"} | given))
    assert (answer.status_code, wrong_fields(answer)) == (422, [field])


def test_the_longest_that_fits_is_taken(acting: Acting) -> None:
    assert acting(1).post("/posts", title="ü" * 200, body="🎈" * 100_000).status_code == 201


def test_nobody_publishes_nothing(nobody: As) -> None:
    assert nobody.post("/posts", title="A title", body="Words").status_code == 401


def test_what_is_edited_changes_and_the_rest_stays(acting: Acting, publish: Publish) -> None:
    post_id = publish(1)
    edited = acting(1).patch(f"/posts/{post_id}", title="Another title").get_json()
    assert (edited["title"], edited["body"]) == ("Another title", "Some words.")
    assert edited["updated_at"] > edited["created_at"]
    assert acting(1).patch(f"/posts/{post_id}").status_code == 422
    assert acting(1).patch(f"/posts/{post_id}", title="").status_code == 422


@pytest.mark.parametrize(("user_id", "status"), [(2, 403), (None, 401)])
def test_only_its_author_changes_a_post(
    acting: Acting, nobody: As, publish: Publish, user_id: int | None, status: int
) -> None:
    post_id = publish(1)
    assert acting(user_id).patch(f"/posts/{post_id}", title="Mine").status_code == status
    assert acting(user_id).delete(f"/posts/{post_id}").status_code == status
    assert nobody.get(f"/posts/{post_id}").get_json()["title"] == "A title"


def test_a_deleted_post_is_gone(acting: Acting, nobody: As, publish: Publish) -> None:
    post_id = publish(1)
    assert acting(1).delete(f"/posts/{post_id}").status_code == 204
    assert nobody.get(f"/posts/{post_id}").status_code == 404
    assert acting(1).delete(f"/posts/{post_id}").status_code == 404


def test_each_change_is_announced_with_it(app: Flask, acting: Acting, publish: Publish) -> None:
    post_id = publish(1)
    acting(2).patch(f"/posts/{post_id}", title="Not mine")
    acting(1).patch(f"/posts/{post_id}", title="Mine")
    acting(1).delete(f"/posts/{post_id}")
    with app.extensions["engine"].begin() as connection:
        kinds = connection.execute(text("SELECT kind FROM outbox ORDER BY id")).scalars().all()
    assert kinds == ["post.published", "post.edited", "post.deleted"]
