"""The whole of Broadsheet as real processes on free ports, for tests:

    with running(folder) as system:
        httpx.get(f"{system.url}/readyz")
        system.pause("posts_service")

What runs is in deploy/local/stack.py.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from deploy.local import leftovers, ports
from deploy.local.migrate import migrate
from deploy.local.servers import Postgres, Valkey, postgres, valkey
from deploy.local.stack import ROOT, Process, Stores, processes

PATIENCE = 40  # seconds until all of it serves
STORES: dict[str, Callable[..., AbstractContextManager[Postgres | Valkey]]] = {"postgres": postgres, "valkey": valkey}
TELLS_PEOPLE = "watch"  # of deploy/local: says when all is ready, serves nobody


class DoesNotServe(Exception):
    """With the ends of the logs."""


@dataclass
class System:
    """`url`: where the gateway is. `folder`: logs, data and secrets. `table`: what each process is started with.

    Processes go by the names of deploy/local/stack.py, the stores by `postgres` and `valkey`.
    """

    url: str
    folder: Path
    table: dict[str, Process] = field(default_factory=dict)
    stores: dict[str, Postgres | Valkey] = field(default_factory=dict)
    children: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    _until_end: ExitStack = field(default_factory=ExitStack)

    def start_store(self, name: str, port: int | None = None) -> None:
        self.stores[name] = self._until_end.enter_context(STORES[name](self.folder, durable=False, port=port))
        self.children[name] = self.stores[name].process

    def start(self, process: Process) -> None:
        """In a session of its own: Ctrl-C is for pytest, which ends it."""
        environment = {**process.environment, "WORKERS": "1", "PYTHONUNBUFFERED": "1"}
        with self.log(process.name).open("ab") as log:
            self.children[process.name] = subprocess.Popen(
                process.command, env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        self.table[process.name] = process

    def kill(self, name: str) -> None:
        """SIGKILL, without a chance to say goodbye."""
        self._signal(name, signal.SIGKILL)
        self.children[name].wait()

    def revive(self, name: str) -> None:
        """Start again what was killed, with the same settings and at the same port."""
        if name in self.stores:
            self.start_store(name, self.stores[name].port)
        else:
            self.start(self.table[name])

    def pause(self, name: str) -> None:
        self._signal(name, signal.SIGSTOP)

    def resume(self, name: str) -> None:
        self._signal(name, signal.SIGCONT)

    @contextmanager
    def another_gateway(self, application: str = "gateway.app:create_asgi_app()", **settings: str) -> Iterator[str]:
        """One more gateway beside the first, with other settings or wrapped into something; its URL."""
        usual = self.table["gateway"]
        address = f"127.0.0.1:{ports.free(1)[0]}"
        command = [*usual.command[:-1], application]
        self.start(Process("another", command, {**usual.settings, **settings, "BIND": address}))
        try:
            self.wait_until_ready(f"http://{address}")
            yield f"http://{address}"
        finally:
            self.kill("another")
            del self.children["another"]

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def wait_until_ready(self, url: str | None = None) -> None:
        """Raises DoesNotServe."""
        deadline = time.monotonic() + PATIENCE
        while not _is_ready(url or self.url):
            ended = [name for name, child in self.children.items() if child.poll() is not None]
            if ended or time.monotonic() > deadline:
                raise DoesNotServe("\n".join([f"ended: {ended}", *map(self._end_of_log, self.children)]))
            time.sleep(0.05)

    def end(self) -> None:
        ours = [name for name in self.children if name not in self.stores]
        for name in ours:
            self.resume(name)
            self.children[name].terminate()
        deadline = time.monotonic() + leftovers.GRACE
        for name in ours:
            try:
                self.children[name].wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.kill(name)
        self._until_end.close()

    def _signal(self, name: str, number: signal.Signals) -> None:
        """To the process and to all that descend from it: gunicorn's workers, PostgreSQL's backends."""
        if self.children[name].poll() is None:
            process = psutil.Process(self.children[name].pid)
            for one in [process, *process.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    one.send_signal(number)

    def _end_of_log(self, name: str) -> str:
        lines = self.log(name).read_text(errors="replace").splitlines()
        return "\n  ".join([f"{name}:", *lines[-15:]])


@contextmanager
def running(folder: Path) -> Iterator[System]:
    """Start all of it, stores included, and end all of it. Raises DoesNotServe."""
    address = f"127.0.0.1:{ports.free(1)[0]}"
    system = System(f"http://{address}", folder)
    try:
        for name in STORES:
            system.start_store(name)
        database, cache = system.stores["postgres"], system.stores["valkey"]
        assert isinstance(database, Postgres)
        assert isinstance(cache, Valkey)
        stores = Stores(database.url_for("users"), database.url_for("posts"), cache.url)
        migrate(stores)
        for process in processes(stores, folder, address, []):
            if process.name != TELLS_PEOPLE:
                system.start(process)
        system.wait_until_ready()
        yield system
    finally:
        system.end()


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False, timeout=5).is_success
    except httpx.HTTPError:
        return False
