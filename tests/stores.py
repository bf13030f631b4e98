"""The real stores for all tests: one PostgreSQL and one Valkey for the whole run, loaded as a plugin by pyproject.toml."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from deploy.local import servers


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Postgres]:
    with servers.postgres(tmp_path_factory.mktemp("stores"), durable=False) as running:
        yield running


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.valkey(tmp_path_factory.mktemp("stores"), durable=False) as running:
        yield running.url


@pytest.fixture(scope="session")
def users_database(database_server: servers.Postgres) -> str:
    """The URL of the users database, migrated."""
    return _migrated("users", database_server)


@pytest.fixture(scope="session")
def posts_database(database_server: servers.Postgres) -> str:
    """The URL of the posts database, migrated."""
    return _migrated("posts", database_server)


def _migrated(name: str, server: servers.Postgres) -> str:
    url = server.url_for(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"{name.upper()}_DATABASE_URL", url)
        command.upgrade(Config(Path(f"{name}_service/alembic.ini")), "head")
    return url
