"""What is left of a request's budget, told from process to process: `X-Deadline-Ms`, in milliseconds.

Counted from when work on the request begins: the time that it waited for a thread is not seen, so that under load a write can
be kept that the gateway has given up; an Idempotency-Key makes sending it again safe.

A duration, not a moment, so that no two clocks have to agree (as gRPC's `grpc-timeout` is).
"""

import time

from flask import g, has_request_context, request

from shared.problems import Unavailable

HEADER = "X-Deadline-Ms"


def left() -> float | None:
    """Seconds that are left, None where nobody set a deadline. Raises Unavailable when they are used up."""
    if not has_request_context():
        return None
    given = request.headers.get(HEADER, "")
    if not given.isdecimal():
        return None
    seconds: float = g.started + int(given) / 1000 - time.monotonic()
    if seconds <= 0:
        raise Unavailable("The time for this request is used up.", reason="timeout")
    return seconds
