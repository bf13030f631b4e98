"""A whole Broadsheet for as long as a benchmark takes, in a temporary folder. What runs is in deploy/local/stack.py."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from deploy.local import CannotStart, ports
from deploy.local.migrate import migrate
from deploy.local.servers import postgres, valkey
from deploy.local.stack import ROOT, Process, Stores, processes

PATIENCE = 30  # seconds until all of it serves
NOT_MEASURED = "watch"  # only tells people that all is ready


@dataclass(frozen=True)
class System:
    """`address`: host:port of the gateway. `worker`: its one worker. `programs`: everything, by name."""

    address: str
    worker: psutil.Process
    programs: dict[str, psutil.Process]

    def cpu_seconds(self) -> dict[str, float]:
        """User and system time so far; of the gateway, its worker's alone."""
        return {name: _cpu_seconds(process) for name, process in {**self.programs, "gateway": self.worker}.items()}


@contextmanager
def running() -> Iterator[System]:
    """Start it all; stop it and remove its data at the end. Raises CannotStart."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="broadsheet-bench-")))
        database, cache = stack.enter_context(postgres(folder)), stack.enter_context(valkey(folder))
        stores = Stores(database.url_for("users"), database.url_for("posts"), cache.url)
        migrate(stores)
        [port] = ports.free(1)
        address = f"127.0.0.1:{port}"
        ours = [process for process in processes(stores, folder, address, []) if process.name != NOT_MEASURED]
        children = [(process, stack.enter_context(_started(process, folder))) for process in ours]
        deadline = time.monotonic() + PATIENCE
        while not _is_ready(address):
            for process, child in children:
                _check(child.poll() is None and time.monotonic() < deadline, process, folder)
            time.sleep(0.05)
        programs = {process.name: psutil.Process(child.pid) for process, child in children}
        programs |= {"postgres": psutil.Process(database.process.pid), "valkey": psutil.Process(cache.process.pid)}
        [worker] = programs["gateway"].children()
        yield System(address, worker, programs)


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"http://{address}/readyz", trust_env=False).is_success
    except httpx.HTTPError:
        return False


@contextmanager
def _started(process: Process, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, **process.settings, "WORKERS": "1"}
    with _log(process, folder).open("wb") as log:
        child = subprocess.Popen(process.command, env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            yield child
        finally:
            child.terminate()
            child.wait()


def _check(good: bool, process: Process, folder: Path) -> None:
    if not good:
        log = _log(process, folder).read_text(errors="replace")
        raise CannotStart(f"{process.name} does not run:\n{log}")


def _log(process: Process, folder: Path) -> Path:
    return folder / f"{process.name}.log"


def _cpu_seconds(process: psutil.Process) -> float:
    """Of the process, of what descends from it, and of those descendants that have ended."""
    total = 0.0
    for one in [process, *process.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total
