"""Every route of the gateway, from its own URL map, so that a new one cannot be forgotten by the tests that try them all."""

import secrets
from dataclasses import dataclass

import pytest

from gateway.app import create_app
from gateway.settings import Settings

SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Route:
    """`path`: with Flask's placeholders, `/post/<int:post_id>`."""

    path: str
    methods: frozenset[str]

    @property
    def of_api(self) -> bool:
        return self.path.startswith("/v1/")

    def __str__(self) -> str:
        return self.path

    def filled(self, **values: object) -> str:
        """The path of one thing. Raises KeyError for a placeholder without a value."""
        parts = self.path.split("/")
        return "/".join(str(values[part[1:-1].split(":")[-1]]) if part.startswith("<") else part for part in parts)


def routes() -> list[Route]:
    settings = Settings(
        secret_key=secrets.token_hex(32),
        users_identity_key=secrets.token_hex(32),
        posts_identity_key=secrets.token_hex(32),
        users_url="http://users",
        posts_url="http://posts",
        redis_url="redis://redis",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gateway.app.install_logs", lambda name: None)  # pytest keeps its own
        app = create_app(settings)
    methods: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        methods.setdefault(rule.rule, set()).update(rule.methods or ())
    return [Route(path, frozenset(known)) for path, known in sorted(methods.items())]


ROUTES = routes()


def unsafe(of_api: bool) -> list[tuple[Route, str]]:
    """Each route with each method that changes something."""
    return [(route, method) for route in ROUTES for method in sorted(route.methods - SAFE) if route.of_api == of_api]
