"""The gateway with a watch on its event loop, as the application of a real gunicorn worker. Only for test_loop.py.

Beside what the gateway serves: `/lag` tells for how long the loop stood still at the most, in seconds, since it was last asked;
`/sleep` blocks it, to show that this is seen. Where it stood still, the worker's log says.
"""

import asyncio
import faulthandler
import time
from pathlib import Path
from typing import Any

from gateway.app import create_asgi_app
from gateway.asgi import Receive, Scope, Send

TURN = 0.005  # seconds between two looks
TOO_LONG = 0.15  # seconds after which the log says where the loop stands


def waited_for_cpu() -> float:
    """Seconds for which this thread was ready to run but another had the processor: the loop is not to blame for those."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9


class Watched:
    def __init__(self) -> None:
        self._gateway = create_asgi_app()
        self._lag = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            watch = asyncio.create_task(self._watch())
            await self._gateway(scope, receive, send)
            watch.cancel()
        elif scope["path"] == "/lag":
            told, self._lag = self._lag, 0.0
            await answer(send, str(told))
        elif scope["path"] == "/sleep":
            time.sleep(0.3)  # noqa: ASYNC251 - that is the point
            await answer(send, "slept")
        else:
            await self._gateway(scope, receive, send)

    async def _watch(self) -> None:
        turned, waited = time.perf_counter(), waited_for_cpu()
        while True:
            faulthandler.dump_traceback_later(TOO_LONG)
            await asyncio.sleep(TURN)
            turned_last, waited_last = turned, waited
            turned, waited = time.perf_counter(), waited_for_cpu()
            self._lag = max(self._lag, turned - turned_last - TURN - (waited - waited_last))


async def answer(send: Send, text: str) -> Any:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": text.encode()})
