"""A small Flask app on our ASGI adapter, for tests that need to see inside a request."""

import asyncio
import contextvars
from typing import Any

from flask import g, request, session
from flask.typing import ResponseReturnValue

from gateway.asgi import AsgiApp, LoopFlask
from gateway.bridge import await_

seen: dict[str, int] = {"torn down": 0, "cancelled": 0, "finished": 0}
of_request: contextvars.ContextVar[str] = contextvars.ContextVar("of_request", default="nobody")


app = LoopFlask(__name__)
app.secret_key = "nothing hangs on it in a test"


@app.teardown_request
def count(error: BaseException | None) -> None:
    seen["torn down"] += 1


@app.get("/whoami/<name>")
async def whoami(name: str) -> ResponseReturnValue:
    """Say who we are after having waited in three ways, with others running in between."""
    g.name = session["name"] = name
    of_request.set(name)
    await asyncio.sleep(0.02)
    await asyncio.gather(asyncio.sleep(0.01), asyncio.sleep(0.02))
    await_(asyncio.sleep(0.01))
    return {
        "g": g.name,
        "request": request.view_args and request.view_args["name"],
        "query": request.args["name"],
        "session": session["name"],
        "context": of_request.get(),
    }


@app.get("/sync/<name>")
def sync(name: str) -> ResponseReturnValue:
    g.name = name
    await_(asyncio.sleep(0.01))
    return {"g": g.name}


@app.get("/raise")
async def fail() -> ResponseReturnValue:
    await asyncio.sleep(0)
    raise LookupError("a detail that nobody may see")


@app.get("/slow")
async def slow() -> ResponseReturnValue:
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        seen["cancelled"] += 1
        raise
    seen["finished"] += 1
    return "late"


@app.post("/echo")
async def echo() -> ResponseReturnValue:
    return request.get_data()


@app.post("/unread")
def unread() -> ResponseReturnValue:
    return "not looked at", 413


@app.get("/stream")
def stream() -> ResponseReturnValue:
    def parts() -> Any:
        for number in range(3):
            await_(asyncio.sleep(0))
            yield f"{number}\n"

    return parts(), {"Content-Type": "text/plain"}


@app.get("/seen")
def counted() -> ResponseReturnValue:
    return seen


@app.errorhandler(500)
def sorry(error: Exception) -> ResponseReturnValue:
    return "something went wrong", 500


asgi = AsgiApp(app)
