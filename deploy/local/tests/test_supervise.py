"""What honcho alone does not do: stop in the middle of starting."""

import subprocess
import sys

from deploy.local.stack import ROOT

STOPPED_WHILE_STARTING = """
import signal, sys
from deploy.local import supervise
from deploy.local.stack import Process

class Early(supervise.Supervisor):
    def _start(self):
        signal.raise_signal(signal.SIGTERM)
        super()._start()

supervise.Supervisor = Early
print(supervise.supervise(Process(name, ["sleep", "60"], {}) for name in ("one", "two")))
"""


def test_a_signal_that_comes_while_processes_start_stops_them() -> None:
    command = [sys.executable, "-c", STOPPED_WHILE_STARTING]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.splitlines()[-1] == "None"
    assert done.stdout.count("stopped (rc=-15)") == 2
    assert done.stderr == ""
