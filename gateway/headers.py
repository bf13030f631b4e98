"""The headers of every answer, errors included: what browsers may do with it, and who may keep it."""

from typing import cast

from flask import Flask, Response, g, request, session

from gateway.aggregates.parts import missing
from gateway.sessions import LazySession

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def install_headers(app: Flask, https: bool) -> None:
    fixed = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if https:
        fixed["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(fixed)
        if request.endpoint != "static":
            _say_who_may_keep_it(response)
        return response


def _say_who_may_keep_it(response: Response) -> None:
    """What was made for somebody is kept by nobody; the rest may be kept, but is asked for again each time."""
    response.vary.update(("Cookie", "Authorization", "Accept"))
    if missing() and response.status_code < 400:
        response.headers["X-Gateway-Completed"] = "false"
        response.headers["Cache-Control"] = "no-store"
    private = ("caller" in g and g.caller.user_id is not None) or cast("LazySession", session).shows
    if "Cache-Control" not in response.headers:
        kept = not private and request.method in ("GET", "HEAD") and response.status_code == 200
        response.headers["Cache-Control"] = "public, no-cache" if kept else "no-store"
    if response.status_code == 200 and request.method in ("GET", "HEAD") and response.is_sequence:
        response.add_etag()
        response.make_conditional(request)
