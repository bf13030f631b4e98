"""`make run`: all of Broadsheet on this machine, until Ctrl-C. What runs is in stack.py, its stores in servers.py.

Read from the environment: PORT and HOST (where the gateway listens), DATA_DIR (where data and secrets are kept), and
USERS_DATABASE_URL, POSTS_DATABASE_URL and REDIS_URL, which replace the stores that would be started.
"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.local import CannotStart, leftovers, ports
from deploy.local.migrate import migrate
from deploy.local.servers import Postgres, Valkey, postgres, valkey
from deploy.local.stack import Stores, processes
from deploy.local.supervise import how_it_ended, supervise


def main() -> int:
    data_dir = Path(os.environ.get("DATA_DIR") or "var").resolve()
    if os.environ.get(leftovers.MARK) != str(data_dir):
        # whatever descends from us has to bear the mark from birth, honcho's forks too
        environment = {**os.environ, leftovers.MARK: str(data_dir), "PYTHONUNBUFFERED": "1"}
        os.execve(sys.executable, sys.orig_argv, environment)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # under nohup SIGHUP is
            signal.signal(number, signal.default_int_handler)
    try:
        run(data_dir, os.environ.get("HOST") or "127.0.0.1", _port(os.environ.get("PORT") or "8000"))
    except (CannotStart, PermissionError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    print("Stopped.")
    return 0


def run(data_dir: Path, host: str, port: int) -> None:
    """Returns when it has been told to stop and all has stopped."""
    started = time.time()
    with ExitStack() as running:
        running.enter_context(_alone_on(data_dir))
        if left := leftovers.of_run(data_dir):
            print(f"An earlier run was killed: ending the {len(left)} processes that it left.")
            leftovers.end(lambda: leftovers.of_run(data_dir))
        # Ctrl-C can come in the instant in which a server is started and nobody holds it yet
        running.callback(leftovers.end, lambda: leftovers.servers_on(data_dir / "postgres", data_dir / "valkey"))
        if why := ports.why_not(host, port):
            raise CannotStart(f"Port {port} of {host} cannot be had ({why}). Choose another: make run PORT=8001")
        print(f"Data is in {data_dir}.")
        stores, servers = _start_stores(data_dir, running)
        running.callback(leftovers.end, lambda: leftovers.of_run(data_dir))
        with _timed("Migrating both databases"):
            migrate(stores)
        watched = [str(server.process.pid) for server in servers]
        print("Starting the gateway, both services and their workers.")
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        ended = supervise(processes(stores, data_dir, address, [str(started), *watched]))
        for server in servers:
            if (code := server.process.poll()) is not None:
                ended = f"{server.log.stem} {how_it_ended(code)} (see {server.log})"
        if ended:
            raise CannotStart(f"{ended}, so everything was stopped.")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise CannotStart(f"PORT must be a number from 1 to 65535, and not {text}.")
    return int(text)


@contextmanager
def _alone_on(data_dir: Path) -> Iterator[None]:
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.pid").open("a+") as pid_file:
        try:
            # unlike that of flock, this lock does not pass on to honcho's forks: it ends with us
            fcntl.lockf(pid_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pid_file.seek(0)
            raise CannotStart(
                f"Broadsheet already runs on {data_dir}, as process {pid_file.read()}. Stop it with Ctrl-C, "
                f"or run another beside it: make run PORT=8001 DATA_DIR=var-2"
            ) from None
        pid_file.truncate(0)
        pid_file.write(str(os.getpid()))
        pid_file.flush()
        yield


def _start_stores(data_dir: Path, running: ExitStack) -> tuple[Stores, list[Postgres | Valkey]]:
    users, posts, redis = map(os.environ.get, ("USERS_DATABASE_URL", "POSTS_DATABASE_URL", "REDIS_URL"))
    servers: list[Postgres | Valkey] = []
    if not (users and posts):
        with _timed("Starting PostgreSQL"):
            servers.append(database := running.enter_context(postgres(data_dir)))
        users, posts = users or database.url_for("users"), posts or database.url_for("posts")
    if not redis:
        with _timed("Starting Valkey"):
            servers.append(cache := running.enter_context(valkey(data_dir)))
        redis = cache.url
    return Stores(users, posts, redis), servers


@contextmanager
def _timed(what: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"{what} ... ", end="")
    try:
        yield
    finally:
        print(f"{time.monotonic() - started:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
