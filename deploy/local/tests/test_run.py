"""`python -m deploy.local.run` with real stores, and stand-ins for our own processes, which other tests start."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from deploy.local import leftovers, ports
from deploy.local.stack import ROOT

RUN = """
import sys
from deploy.local import run
from deploy.local.stack import Process

SERVE = '''
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        if self.path == "/end":
            sys.exit(3)
HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
'''

def processes(stores, data_dir, address, watched):
    return [
        Process("gateway", [sys.executable, "-c", SERVE, address.partition(":")[2]], {}),
        Process("watch", [sys.executable, "-m", "deploy.local.watch", address, *watched], {}),
    ]

run.migrate, run.processes = lambda stores: None, processes
sys.exit(run.main())
"""


class Runner:
    """A run on a folder and a port of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = ports.free(1)[0]

    def command(self, **settings: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "DATA_DIR": str(self.data_dir), "PORT": str(self.port), **settings}
        for replaced in ("USERS_DATABASE_URL", "POSTS_DATABASE_URL", "REDIS_URL"):
            environment.pop(replaced, None)
        return subprocess.Popen(
            [sys.executable, "-c", RUN],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @contextmanager
    def ready(self) -> Iterator[subprocess.Popen[str]]:
        with self.command() as process:
            try:
                assert process.stdout is not None
                assert any("Ready after" in line for line in process.stdout), process.wait()
                yield process
            finally:
                process.kill()

    def says(self, **settings: str) -> tuple[int, str]:
        """What a run that cannot start ends with."""
        with self.command(**settings) as process:
            output, _ = process.communicate(timeout=30)
            return process.returncode, output

    def left(self) -> list[str]:
        processes = leftovers.of_run(self.data_dir) + leftovers.servers_on(self.data_dir / "postgres")
        return [process.name() for process in processes if leftovers.is_running(process)]


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(tmp_path_factory.mktemp("run") / "a folder with spaces")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(runner: Runner, stop: signal.Signals) -> None:
    with runner.ready() as process:
        process.send_signal(stop)
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output
    assert output.endswith("Stopped.\n")
    assert runner.left() == []


def test_what_is_in_the_way_is_said_in_one_line(runner: Runner, tmp_path: Path) -> None:
    with runner.ready() as process:
        code, output = runner.says()
        assert (code, output.count("\n")) == (1, 1)
        assert f"already runs on {runner.data_dir}, as process {process.pid}." in output
        code, output = runner.says(DATA_DIR=str(tmp_path / "another"))
        assert (code, output.count("\n")) == (1, 1)
        assert output.startswith(f"Port {runner.port} of 127.0.0.1 cannot be had")
    assert not (tmp_path / "another" / "postgres").exists()


def test_a_run_that_was_killed_is_cleared_away_by_the_next(runner: Runner) -> None:
    with runner.ready() as process:
        process.kill()
    assert len(runner.left()) > 2
    with runner.ready() as process:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert runner.left() == []


@pytest.mark.parametrize("victim", ["gateway", "postgres", "valkey"])
def test_whoever_ends_by_itself_is_named(runner: Runner, victim: str) -> None:
    with runner.ready() as process:
        if victim == "gateway":
            connection = HTTPConnection("127.0.0.1", runner.port, timeout=10)
            connection.request("GET", "/end")
            connection.close()
        else:
            leftovers.servers_on(runner.data_dir / victim)[0].kill()
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 1, output
    how = "ended with exit code 3" if victim == "gateway" else "was ended by SIGKILL"
    assert re.search(rf"^{victim} {how}.*, so everything was stopped\.$", output, re.MULTILINE), output
    assert runner.left() == []
