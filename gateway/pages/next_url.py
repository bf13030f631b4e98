"""Sending guests to sign in, and back to where they were: never to another site."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlsplit

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from gateway.callers import require_caller
from shared.problems import Unauthenticated

P = ParamSpec("P")
View = Callable[P, Awaitable[ResponseReturnValue]]


def signed_in(view: View[P]) -> View[P]:
    """A guest who opens the page signs in first. One who *sends* it does not: the form keeps what they typed."""

    @wraps(view)
    async def asked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if request.method != "POST":
            try:
                require_caller()
            except Unauthenticated:
                return redirect(url_for("auth.login", next=request.full_path.rstrip("?")), 303)
        return await view(*args, **kwargs)

    return asked


def next_url() -> str:
    """Where `?next=` says, if that is a page of this site, else the dashboard."""
    wanted = request.args.get("next", "")
    return wanted if is_local(wanted) else url_for("dashboard.show")


def is_local(url: str) -> bool:
    """Whether a browser stays on this site with it: one slash, a path, and nothing that a browser would read otherwise.

    Browsers take a backslash for a slash and drop control characters, so `/\\\\evil` and `/<tab>/evil` lead away.
    """
    if "\\" in url or not url.isprintable() or not url.startswith("/") or url.startswith("//"):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc
