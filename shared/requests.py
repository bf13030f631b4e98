"""What is true of every request in every process: its id, its log line, and how an exception becomes an answer."""

import logging
import re
import secrets
import sys
import time
from typing import Any

import orjson
from flask import Flask, Response, g, has_request_context, request
from flask.json.provider import JSONProvider
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter, UnicodeConverter

from shared.cursors import MAX_ID
from shared.problems import MEDIA_TYPE, Problem

REQUEST_ID = "X-Request-ID"
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_log = logging.getLogger("request")


class IdConverter(IntegerConverter):
    """`<int:…>` up to 2^63 - 1, the largest id there can be. What is larger is nobody's, like 0, and so becomes 0.

    A rule that does not take a value is passed over, and the answer could be 405, with what other rules of the path allow.
    """

    regex = r"\d{1,19}"

    def to_python(self, value: str) -> int:
        number: int = super().to_python(value)
        return number if number <= MAX_ID else 0


class NameConverter(UnicodeConverter):
    """`<string:…>` without NUL, which no PostgreSQL text can hold: nothing has such a name."""

    def __init__(self, map: Any, **options: Any) -> None:
        super().__init__(map, **options)
        self.regex = self.regex.replace("[^/]", r"[^/\x00]")


class OrjsonProvider(JSONProvider):
    """orjson in the place of the standard library's json."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        body = orjson.dumps(self._prepare_response_obj(args, kwargs))
        return Response(body, mimetype="application/json")


class _LogFormatter(logging.Formatter):
    """logfmt lines; every value that a client could choose is quoted, so that none can forge a line."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line = f"level={record.levelname.lower()} service={self._service}"
        if has_request_context():
            line += f" request_id={request_id()}"
        line += " " + (record.getMessage() if record.name == "request" else f"message={quoted(record.getMessage())}")
        if record.exc_info:
            line += " exception=" + quoted(self.formatException(record.exc_info))
        return line


def quoted(value: str) -> str:
    return orjson.dumps(value.encode("utf-8", "backslashreplace").decode()).decode()


def install_logs(service: str, level: str = "INFO") -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_LogFormatter(service))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # our own line for each request says more


def request_id() -> str:
    """The id under which this request is logged in every process that it touches."""
    if "request_id" not in g:
        given = request.headers.get(REQUEST_ID, "")
        g.request_id = given if _ACCEPTABLE_ID.fullmatch(given) else secrets.token_hex(16)
    return str(g.request_id)


def install_requests(app: Flask) -> None:
    """JSON by orjson, ids and names that fit, the request id on every answer and one log line for each request."""
    app.json = OrjsonProvider(app)
    app.url_map.converters |= {"int": IdConverter, "string": NameConverter, "default": NameConverter}

    @app.before_request
    def start_clock() -> None:
        g.started = time.monotonic()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers[REQUEST_ID] = request_id()
        took = (time.monotonic() - g.get("started", time.monotonic())) * 1000
        _log.log(
            logging.DEBUG if request.blueprint == "health" else logging.INFO,
            "method=%s path=%s status=%d ms=%.1f",
            request.method,
            quoted(request.path),
            response.status_code,
            took,
        )
        return response


def install_problems(app: Flask) -> None:
    """Every error leaves as a problem document."""

    @app.errorhandler(Exception)
    def answer(error: Exception) -> Response:
        return problem_response(as_problem(error))


def as_problem(error: Exception) -> Problem:
    """What a client may know of an exception. What it may not know goes to the log."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestEntityTooLarge):
        return Problem("The body is larger than what is taken here.", status=413)
    if isinstance(error, HTTPException) and error.code is not None:
        kept = {name: value for name, value in error.get_headers() if name in ("Allow", "Location", "Retry-After")}
        return Problem("" if error.code >= 500 else error.description or "", status=error.code, headers=kept)
    _log.error("unhandled=%s", type(error).__name__, exc_info=error)
    return Problem("Something went wrong on our side.", status=500)


def problem_response(problem: Problem) -> Response:
    body = orjson.dumps(problem.document(request_id()))
    return Response(body, status=problem.status, headers=problem.headers, content_type=MEDIA_TYPE)
