"""Addresses of static files that change with their content, so that browsers may keep the files for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import current_app, url_for


def static_url(filename: str) -> str:
    path = Path(current_app.static_folder or "", filename)
    return url_for("static", filename=filename, v=_fingerprint(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=64)
def _fingerprint(path: Path, changed: int) -> str:
    """`changed` is there so that a file edited under a running server is read again."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
