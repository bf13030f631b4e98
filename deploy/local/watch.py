"""The process that tells when all the others serve, and ends when a store does, by which honcho stops the others.

    python -m deploy.local.watch ADDRESS STARTED [PID...]    (STARTED: seconds of time.time())

It is a process so that its words stand in their place among those of the others.
"""

import sys
import time
from http.client import HTTPConnection, HTTPException

import psutil

from deploy.local.leftovers import is_running

PATIENCE = 15  # seconds after which, and after which again, it says what is missing


def main(address: str, started: float, pids: list[int]) -> int:
    stores = [psutil.Process(pid) for pid in pids]
    complain_at = time.time() + PATIENCE
    while (missing := _missing(address)) is not None:
        if time.time() > complain_at:
            complain_at += PATIENCE
            print(f"not ready after {time.time() - started:.0f} s: {missing}")
        time.sleep(0.1)
    print(f"Ready after {time.time() - started:.1f} s. Open http://{address} (its API: http://{address}/api/docs).")
    print("`make seed` fills it with demo people and posts; Ctrl-C stops it.")
    while all(map(is_running, stores)):
        time.sleep(0.5)
    return 1


def _missing(address: str) -> str | None:
    """What /readyz, or the lack of an answer, says; None once all of it serves."""
    try:
        connection = HTTPConnection(address, timeout=5)
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        connection.close()
    except (OSError, HTTPException) as error:
        return str(error)
    return None if answer.status == 200 else text


if __name__ == "__main__":
    address, started, *pids = sys.argv[1:]
    sys.exit(main(address, float(started), [int(pid) for pid in pids]))
