"""A whole Broadsheet for as long as a benchmark takes, in a temporary folder, and what it has cost so far."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests import system


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
    """Start it all; stop it and remove its data at the end. Raises DoesNotServe."""
    with (
        tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as folder,
        system.running(Path(folder)) as whole,
    ):
        programs = {name: psutil.Process(child.pid) for name, child in whole.children.items()}
        [worker] = programs["gateway"].children()
        yield System(whole.url.removeprefix("http://"), worker, programs)


def _cpu_seconds(process: psutil.Process) -> float:
    """Of the process, of what descends from it, and of those descendants that have ended."""
    total = 0.0
    for one in [process, *process.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total
