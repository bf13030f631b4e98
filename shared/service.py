"""The skeleton of a data service: who may call it, and what it installs besides its own blueprints."""

from flask import Flask, g, request

from shared.database import install_database
from shared.health import install_health
from shared.identity import SCHEME, Caller, InvalidStatement, Verifier
from shared.problems import Unauthenticated
from shared.requests import install_logs, install_problems, install_requests

MAX_BODY = 1024 * 1024  # bytes; longer bodies are answered with 413


def create_service(name: str, database_url: str, identity_keys: str, audience: str) -> Flask:
    """A Flask app that takes only requests with a good statement of the caller, and has no endpoint yet but health."""
    app = Flask(name, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, SECRET_KEY=identity_keys)
    install_logs(name)
    install_requests(app)
    install_problems(app)
    ping = install_database(app, database_url)
    install_health(app, {"database": ping})
    install_identity(app, Verifier(identity_keys, audience))
    return app


def install_identity(app: Flask, verifier: Verifier) -> None:
    """Deny by default: but for health, nothing answers to a request that the gateway did not sign."""

    @app.before_request
    def identify() -> None:
        if request.blueprint == "health":
            return
        scheme, _, statement = request.headers.get("Authorization", "").partition(" ")
        try:
            if scheme != SCHEME:
                raise InvalidStatement("missing")
            g.caller = verifier.verify(statement)
        except InvalidStatement as error:
            app.logger.warning("statement of the caller refused: %s", error)
            raise Unauthenticated("The statement of the caller is missing or not good.", scheme=SCHEME) from error


def caller() -> Caller:
    """Who the gateway says is calling."""
    who: Caller = g.caller
    return who
