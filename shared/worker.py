"""The loop of a service's worker process: run each duty when it is due, outlive outages, stop when told to."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

_log = logging.getLogger(__name__)


@dataclass
class Duty:
    """Something to do every `every` seconds. It returns how much there was; while there is more, it is due at once."""

    name: str
    every: float
    run: Callable[[], int | None]
    due: float = field(default=0.0, compare=False)


def work(duties: list[Duty], heartbeat: str | None = None) -> None:
    """Run the duties until SIGTERM or SIGINT. `heartbeat`: a file touched while the loop turns, for health checks."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _log.info("worker started: %s", ", ".join(duty.name for duty in duties))
    while not stop.is_set():
        now = time.monotonic()
        for duty in [duty for duty in duties if duty.due <= now]:
            duty.due = now + (0 if _done(duty) else duty.every)
        if heartbeat:
            Path(heartbeat).touch()
        stop.wait(max(0.0, min(duty.due for duty in duties) - time.monotonic()))
    _log.info("worker stopped")


def _done(duty: Duty) -> int | None:
    """An outage of the database or the stream is waited out: what was to be done still waits in its table."""
    try:
        return duty.run()
    except Exception:  # noqa: BLE001 - whatever it was, the next duty must not suffer
        _log.exception("%s failed, will be tried again", duty.name)
        return None
