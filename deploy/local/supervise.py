"""Runs processes side by side under honcho until one of them ends or we are told to stop; then it stops them all."""

import multiprocessing
import re
import shlex
import signal
from collections.abc import Iterable

from honcho.manager import Manager  # type: ignore[import-untyped]  # ships no types

from deploy.local.stack import ROOT, Process

CAUSE = re.compile(r"SIG\w+ received|(?P<name>\S+) stopped \(rc=(?P<code>-?\d+)\)")


class Supervisor(Manager):  # type: ignore[misc]  # without types its class is Any
    """honcho's manager, which also remembers why it stopped: among all that ends then, that is hard to see."""

    cause: re.Match[str] | None = None

    def _system_print(self, data: str) -> None:
        super()._system_print(data)
        self.cause = self.cause or CAUSE.match(data)
        if self.returncode is not None:
            self.terminate()

    def terminate(self) -> None:
        """Told to stop while still starting, honcho would look for process ids it does not know; so that comes later."""
        if self._all_started():
            super().terminate()


def supervise(processes: Iterable[Process]) -> str | None:
    """Returns which process ended by itself and how, or None when we were told to stop."""
    # from 3.14 on Python would start a server that forks for it, and one more process that has to be ended
    multiprocessing.set_start_method("fork", force=True)
    supervisor = Supervisor()
    for process in processes:
        # exec: honcho's signals are for the process, not for a shell around it
        command = f"exec {shlex.join(process.command)}"
        supervisor.add_process(process.name, command, env=process.environment, cwd=ROOT)
    supervisor.loop()
    if supervisor.cause is None or supervisor.cause["name"] is None:
        return None
    return f"{supervisor.cause['name']} {how_it_ended(int(supervisor.cause['code']))}"


def how_it_ended(code: int) -> str:
    """subprocess's return code in words."""
    return f"ended with exit code {code}" if code >= 0 else f"was ended by {signal.Signals(-code).name}"
