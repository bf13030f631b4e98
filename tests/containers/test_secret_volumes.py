"""The job that makes the secrets: what it makes serves as settings, is for the right eyes, and stays."""

from pathlib import Path

import pytest

from deploy.compose import secret_volumes
from gateway.settings import Settings as Gateway
from posts_service.settings import Settings as Posts
from posts_service.settings import WorkerSettings as PostsWorker
from shared.settings import ProcessSettings
from users_service.settings import Settings as Users
from users_service.settings import WorkerSettings as UsersWorker


@pytest.fixture
def volumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("kept", "gateway", "users", "posts", "users_db", "posts_db", "redis"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(secret_volumes, "VOLUMES", tmp_path)
    secret_volumes.main()
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "volume"),
    [(Gateway, "gateway"), (Users, "users"), (UsersWorker, "users"), (Posts, "posts"), (PostsWorker, "posts")],
)
def test_each_process_finds_its_settings(
    volumes: Path, monkeypatch: pytest.MonkeyPatch, kind: type[ProcessSettings], volume: str
) -> None:
    monkeypatch.setenv("SECRETS_DIR", str(volumes / volume))
    monkeypatch.setenv("USERS_URL", "http://users-service:8000")
    monkeypatch.setenv("POSTS_URL", "http://posts-service:8000")
    kind()


def test_a_second_start_changes_nothing_and_mends_what_was_lost(volumes: Path) -> None:
    def everything() -> dict[Path, str]:
        return {path: path.read_text() for path in volumes.rglob("*") if path.is_file()}

    before = everything()
    (volumes / "users" / "redis_url").unlink()
    (volumes / "posts" / "redis_url.new").touch(mode=0o440)  # as a kill in the middle leaves it
    secret_volumes.main()
    assert everything() == before


def test_no_secret_is_for_everybody_nor_two_readers_alike(volumes: Path) -> None:
    for path in volumes.rglob("*"):
        assert path.is_dir() or path.stat().st_mode & 0o007 == 0, path
    for database in ("users_db", "posts_db"):
        assert [path.name for path in (volumes / database).iterdir()] == ["password"]
    assert (volumes / "users_db/password").read_text() != (volumes / "posts_db/password").read_text()
