"""Stands for the network in tests of the transports: notes what was asked, and answers as it is told to."""

import asyncio
from collections.abc import Callable

import httpx

Behaviour = Callable[[httpx.Request], httpx.Response | Exception | float]


def answers(status: int = 200) -> Behaviour:
    return lambda _: httpx.Response(status)


def refuses(_: httpx.Request) -> Exception:
    return httpx.ConnectError("refused")


def hangs(_: httpx.Request) -> float:
    return 60.0


class StubWire(httpx.AsyncBaseTransport):
    """`behaviour` says what comes of a request: a response, an exception, or seconds to wait before a 200."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.asked: list[httpx.Request] = []
        self.hosts: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        self.hosts.append(request.url.host)
        outcome = self.behaviour(request)
        if isinstance(outcome, float):
            await asyncio.sleep(outcome)
            return httpx.Response(200)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome
