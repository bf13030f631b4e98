"""Finds and ends what a run that was killed left behind. What runs tells whose it is: no record can be out of date.

Servers are known by their data folder among their arguments, everything else of a run by a mark in its environment.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

MARK = "BROADSHEET_RUN"
SERVERS = {"initdb", "postgres", "valkey-server"}
GRACE = 10  # seconds to stop before a kill


def of_run(data_dir: Path) -> list[psutil.Process]:
    """What was started with MARK=data_dir in its environment, apart from ourselves."""
    return [
        process
        for process in psutil.process_iter(["environ"])
        if process.pid != os.getpid() and (process.info["environ"] or {}).get(MARK) == str(data_dir)
    ]


def servers_on(*folders: Path) -> list[psutil.Process]:
    """The servers that keep their data in one of the folders."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if (command := process.info["cmdline"])
        and Path(command[0]).name in SERVERS
        and not {str(folder) for folder in folders}.isdisjoint(command)
    ]


def end(find: Callable[[], list[psutil.Process]], how: signal.Signals = signal.SIGTERM) -> None:
    """Asks whatever `find` finds to stop, and kills what has not after some seconds.

    It is looked for again and again: a process that is asked may just have started another.
    """
    deadline = time.monotonic() + GRACE
    while (left := find()) and time.monotonic() < deadline + GRACE:
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(how if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.05)


def is_running(process: psutil.Process) -> bool:
    """False for a zombie too: in a container without an init nobody may ever collect it."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
