"""Requests that another site's page makes a browser send (CSRF), on the API.

A call that changes something and is proven by the session cookie alone must come from our own origin: Sec-Fetch-Site says
so, or else Origin (W3C Fetch Metadata; RFC 6454). A browser never sends a bearer token on its own, so that needs no proof.
"""

from urllib.parse import urlsplit

from flask import current_app, request

from shared.problems import Forbidden


def check_origin() -> None:
    """Raises Forbidden."""
    if request.method in ("GET", "HEAD", "OPTIONS") or "Authorization" in request.headers:
        return
    if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
        return
    fetch_site = request.headers.get("Sec-Fetch-Site")
    own = fetch_site in ("same-origin", "none") if fetch_site else _is_own(request.headers.get("Origin", ""))
    if not own:
        raise Forbidden("A call with the session cookie must come from this site's own pages; or use a bearer token.")


def _is_own(origin: str) -> bool:
    public: str = current_app.config["PUBLIC_ORIGIN"]
    if public:
        return origin == public
    try:
        return bool(origin and urlsplit(origin).netloc == request.host)
    except ValueError:  # `http://[` is no URL at all
        return False
