"""The migrations make the tables that the models describe."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config


@pytest.mark.parametrize("name", ["users", "posts"])
def test_migrated_tables_are_those_of_the_models(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"{name.upper()}_DATABASE_URL", request.getfixturevalue(f"{name}_database"))
    command.check(Config(Path(f"{name}_service/alembic.ini")))
