"""The embedded PostgreSQL and Valkey: real processes, below a path that is long, has spaces and is closed to others."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis

from deploy.local import leftovers
from deploy.local.servers import Postgres, postgres, valkey

PARENT = """
import sys, time
from pathlib import Path
from deploy.local.servers import postgres, valkey
with postgres(Path(sys.argv[1])) as database, valkey(Path(sys.argv[1])) as cache:
    print(database.url_for("users"), cache.url, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    closed = tmp_path_factory.mktemp("closed") / ("a long path with spaces " * 8).strip()
    closed.mkdir(mode=0o700)
    return closed / "var"


@pytest.fixture
def database(data_dir: Path) -> Iterator[Postgres]:
    with postgres(data_dir, durable=False) as database:
        yield database


def ask(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


def test_each_role_enters_its_own_database_alone(database: Postgres) -> None:
    users, posts = database.url_for("users"), database.url_for("posts")
    assert ask(users, "select current_user, current_database()") == [("users", "users")]
    assert ask(posts, "select current_user, current_database()") == [("posts", "posts")]
    for foreign in ("posts", "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied"):
            ask(f"{users.rpartition('/')[0]}/{foreign}", "select 1")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(users.replace("users:", "users:not"), "select 1")


def test_letters_beyond_ascii_have_their_lower_case(database: Postgres) -> None:
    assert ask(database.url_for("users"), "select lower('ÉTÉ ŁÓDŹ')") == [("été łódź",)]


def test_nobody_else_can_read_the_secrets_or_the_data(data_dir: Path, database: Postgres) -> None:
    private = [data_dir / "postgres", data_dir / "secrets", *(data_dir / "secrets").iterdir()]
    assert not [path for path in private if path.stat().st_mode & 0o077]
    arguments = psutil.Process(database.process.pid).cmdline()
    assert not [secret for secret in private[2:] if secret.read_text() in arguments]


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone gives its servers to another user")
def test_for_root_the_servers_run_as_somebody_else_and_open_no_folder(data_dir: Path, database: Postgres) -> None:
    assert 0 not in psutil.Process(database.process.pid).uids()
    assert data_dir.parent.stat().st_mode & 0o777 == 0o700


def test_data_survives_a_kill_of_the_servers(data_dir: Path) -> None:
    with postgres(data_dir, durable=False) as database, valkey(data_dir, durable=False) as cache:
        ask(database.url_for("users"), "create table killed (id int); insert into killed values (1)")
        with Redis.from_url(cache.url) as redis:
            redis.set("killed", "1")
        database.process.kill()
        cache.process.kill()
    with postgres(data_dir, durable=False) as database, valkey(data_dir, durable=False) as cache:
        assert ask(database.url_for("users"), "select id from killed") == [(1,)]
        with Redis.from_url(cache.url) as redis:
            assert redis.get("killed") == b"1"


def test_the_next_start_takes_over_from_a_killed_parent(data_dir: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        users, redis_url = parent.stdout.readline().split()
        ask(users, "create table orphaned (id int)")
        with Redis.from_url(redis_url) as redis:
            redis.set("orphaned", "1")
        parent.kill()
    orphans = [*leftovers.servers_on(data_dir / "postgres"), *leftovers.servers_on(data_dir / "valkey")]
    assert len(orphans) == 2
    with postgres(data_dir, durable=False) as database, valkey(data_dir, durable=False) as cache:
        assert not any(map(leftovers.is_running, orphans))
        assert ask(database.url_for("users"), "select id from orphaned") == []
        with Redis.from_url(cache.url) as redis:
            assert redis.get("orphaned") == b"1"


def test_a_process_id_that_another_program_has_now_is_no_obstacle(data_dir: Path) -> None:
    with postgres(data_dir, durable=False) as database:
        database.process.kill()
    pid_file = data_dir / "postgres" / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"]) as other:
        pid_file.write_text(pid_file.read_text().replace(str(database.process.pid), str(other.pid), 1))
        with postgres(data_dir, durable=False) as database:
            assert ask(database.url_for("posts"), "select 1") == [(1,)]
        assert other.poll() is None
        other.send_signal(signal.SIGTERM)
