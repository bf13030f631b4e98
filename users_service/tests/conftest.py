"""users_service on a real database, emptied before each test."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from shared.tests.callers import KEY, As
from users_service.app import create_app
from users_service.settings import Settings

CallerFactory = Callable[..., As]


@pytest.fixture(scope="session")
def app(users_database: str) -> Iterator[Flask]:
    app = create_app(Settings(users_database_url=users_database, users_identity_key=KEY))
    yield app
    app.extensions["engine"].dispose()


@pytest.fixture(autouse=True)
def _empty(app: Flask) -> None:
    with app.extensions["engine"].begin() as connection:
        connection.execute(text("TRUNCATE users, tokens, outbox, idempotency_keys RESTART IDENTITY CASCADE"))


@pytest.fixture
def acting(app: Flask) -> CallerFactory:
    """`acting(user_id, role)`: a client on behalf of that caller; of nobody without."""
    return lambda user_id=None, role="member": As(app, "users", user_id, role)


@pytest.fixture
def nobody(acting: CallerFactory) -> As:
    return acting()


@pytest.fixture
def register(nobody: As) -> Callable[[str], int]:
    """Register somebody by name and return their id."""

    def registered(name: str) -> int:
        answer = nobody.post("/users", username=name, email=f"{name}@example.org", password="open sesame")
        assert answer.status_code == 201, answer.text
        user_id: int = answer.get_json()["id"]
        return user_id

    return registered
