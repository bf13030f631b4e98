"""Flask on the event loop of an ASGI 3.0 server, here gunicorn's `asgi` worker.

Builds the WSGI environ (PEP 3333) of each request and runs Flask's `wsgi_app` within a greenlet, see bridge.py. The body is
not gathered beforehand: reading it waits for it, and the application's own limits stop what is too long.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from typing import Any
from urllib.parse import quote

from flask import Flask

from gateway.bridge import await_, run_in_greenlet

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Write = Callable[[bytes], None]

BODILESS = ("GET", "HEAD", "OPTIONS")  # such requests could have a body, but theirs would mean nothing
DRAIN_BYTES = 16 * 1024 * 1024
DRAIN_SECONDS = 2.0


class LoopFlask(Flask):
    """A Flask app whose async views run on the loop that serves the request."""

    def async_to_sync(self, func: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
        return lambda *args, **kwargs: await_(func(*args, **kwargs))


class AsgiApp:
    """An ASGI application around a Flask app. `lifespan`: opens what lives with the loop, and closes it."""

    def __init__(self, app: Flask, lifespan: Callable[[], AbstractAsyncContextManager[None]] = nullcontext) -> None:
        self.app = app
        self.lifespan = lifespan

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await run_in_greenlet(self._serve, scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started: Message = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Write:
            raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
            started.update(type="http.response.start", status=int(status[:3]), headers=raw)
            return _refuse_write

        body = _Body(receive)
        chunks: Iterable[bytes] = self.app.wsgi_app(_environ(scope, body), start_response)
        try:
            await_(send(started))
            # A response of one part, which nearly all are, goes out in one message.
            parts = chunks if isinstance(chunks, (list, tuple)) else None
            if parts is not None and len(parts) == 1:
                await_(send({"type": "http.response.body", "body": parts[0]}))
                return
            for chunk in chunks:
                await_(send({"type": "http.response.body", "body": chunk, "more_body": True}))
            await_(send({"type": "http.response.body", "body": b""}))
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
            if scope["method"] not in BODILESS:
                await_(body.drain())

    async def _live(self, receive: Receive, send: Send) -> None:
        """What lives as long as the worker is opened before the first request and closed after the last."""
        await receive()
        async with self.lifespan():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


def _refuse_write(data: bytes) -> None:
    raise NotImplementedError("the imperative write() of PEP 3333 is not offered")


class _Body(io.RawIOBase):
    """`wsgi.input`: each read waits for as much of the body as has come."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._rest = b""
        self._more = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest and self._more:
            message = await_(self._receive())
            if message["type"] == "http.disconnect":
                raise ConnectionResetError("the client left while its body was read")
            self._rest, self._more = message.get("body", b""), message.get("more_body", False)
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    async def drain(self) -> None:
        """Read on what nobody has read: a connection closed on unread bytes is reset, and the answer may be lost with it."""
        drained = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while self._more and drained < DRAIN_BYTES:
                    message = await self._receive()
                    drained += len(message.get("body", b""))
                    self._more = message.get("more_body", False)


def _environ(scope: Scope, body: _Body) -> dict[str, Any]:
    path = scope["path"]
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    raw_path: bytes = scope.get("raw_path") or quote(path).encode()
    query = scope["query_string"].decode("latin-1")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        # PEP 3333 carries bytes as latin-1.
        "PATH_INFO": path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": f"{raw_path.decode('latin-1')}?{query}".rstrip("?"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BufferedReader(body),
        # The body ends where the server says, chunked or not.
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + name
        if key in environ:
            # RFC 9110, 5.3 and RFC 6265, 4.2.1: repeated fields are one list; cookies have a separator of their own.
            value = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + value
        environ[key] = value
    return environ
