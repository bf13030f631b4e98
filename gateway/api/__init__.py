"""The public JSON API under /v1, and what describes it."""

from flask_openapi3 import OpenAPI

from gateway.api.auth import auth
from gateway.api.docs import docs
from gateway.api.me import me
from gateway.api.posts import posts
from gateway.api.search import finder
from gateway.api.users import users


def install_api(app: OpenAPI) -> None:
    for blueprint in (auth, me, users, posts, finder):
        app.register_api(blueprint)
    app.register_blueprint(docs)
