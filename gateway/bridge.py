"""Lets Flask, which is synchronous, run on the event loop and wait without blocking it.

A request runs in a greenlet of its own. Wherever it has to wait, `await_` steps the awaitable and hands each future that it
yields out to `run_in_greenlet`, which is an ordinary coroutine of the request's task and yields that future to the loop. So
an async view, and whatever synchronous code it calls, waits at any depth: the loop, the task and the context variables are
the same on both sides, an exception or a cancellation is thrown in at the very place that waits, and nothing needs a thread.
(The technique of SQLAlchemy's `greenlet_spawn`, here with every step of the awaitable taken inside the greenlet.)
"""

from collections.abc import Awaitable, Callable, Generator
from types import coroutine
from typing import Any, TypeVar

from greenlet import getcurrent, greenlet

ResultT = TypeVar("ResultT")


class _RequestGreenlet(greenlet):
    """Marks a greenlet whose parent is `_drive`, and which therefore may wait."""


async def run_in_greenlet(function: Callable[..., ResultT], *args: Any) -> ResultT:
    """Run `function` so that it, and all that it calls, may use `await_`."""
    request = _RequestGreenlet(function)
    request.gr_context = getcurrent().gr_context
    result: ResultT = await _drive(request, args)
    return result


@coroutine
def _drive(request: greenlet, args: tuple[Any, ...]) -> Generator[Any, Any, Any]:
    """Yield to the loop each future that the greenlet waits for; return what the greenlet returns."""
    step = request.switch(*args)
    while not request.dead:
        try:
            sent = yield step
        except BaseException as error:  # noqa: BLE001 - cancellation too goes to where it waits
            step = request.throw(error)
        else:
            step = request.switch(sent)
    return step


def await_(awaitable: Awaitable[ResultT]) -> ResultT:
    """Wait for `awaitable` from synchronous code of a request. Raises RuntimeError outside of one."""
    request = getcurrent()
    loop_side = request.parent
    if not isinstance(request, _RequestGreenlet) or loop_side is None:
        if hasattr(awaitable, "close"):
            awaitable.close()
        raise RuntimeError("await_() works only within a request that runs on the event loop")
    steps = awaitable.__await__()
    send: Callable[..., Any] = steps.send
    sent: Any = None
    try:
        while True:
            future = send(sent)
            try:
                sent = loop_side.switch(future)
            except BaseException as error:  # noqa: BLE001 - cancellation too goes to what is awaited
                send, sent = steps.throw, error
            else:
                send = steps.send
    except StopIteration as stop:
        result: ResultT = stop.value
        return result
