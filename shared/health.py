"""`/livez` says that the process runs, `/readyz` that it can serve: it and everything that it needs."""

from collections.abc import Callable

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from shared.problems import Unavailable

Check = Callable[[], object]


def install_health(app: Flask, checks: dict[str, Check]) -> None:
    """`checks`: by name, what raises when the thing named does not serve."""
    health = Blueprint("health", __name__)

    @health.get("/livez")
    def livez() -> ResponseReturnValue:
        return {"status": "alive"}

    @health.get("/readyz")
    def readyz() -> ResponseReturnValue:
        failed = []
        for name, check in checks.items():
            try:
                check()
            except Exception as error:  # noqa: BLE001 - whatever it raises, it is not ready
                app.logger.warning("not ready: %s (%s)", name, type(error).__name__)
                failed.append(name)
        if failed:
            raise Unavailable(f"Not ready: {', '.join(failed)}.")
        return {"status": "ready"}

    app.register_blueprint(health)
