"""posts_service on a real database, emptied before each test."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from posts_service.app import create_app
from posts_service.settings import Settings
from shared.tests.callers import KEY, As


@pytest.fixture(scope="session")
def app(posts_database: str) -> Iterator[Flask]:
    app = create_app(Settings(posts_database_url=posts_database, posts_identity_key=KEY))
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture(autouse=True)
def _empty(app: Flask) -> None:
    with app.extensions["engine"].begin() as connection:
        connection.execute(text("TRUNCATE posts, outbox, idempotency_keys RESTART IDENTITY"))


@pytest.fixture
def acting(app: Flask) -> Callable[..., As]:
    """`acting(user_id, role)`: a client on behalf of that caller; of nobody without."""
    return lambda user_id=None, role="member": As(app, "posts", user_id, role)


@pytest.fixture
def nobody(acting: Callable[..., As]) -> As:
    return acting()


@pytest.fixture
def publish(acting: Callable[..., As]) -> Callable[..., int]:
    """`publish(author, title)`: publish and return the post's id."""

    def published(author: int, title: str = "A title") -> int:
        post_id: int = acting(author).post("/posts", title=title, body="Some words.").get_json()["id"]
        return post_id

    return published
