"""The HTTP process of posts_service."""

from flask import Flask

from posts_service.api.posts import posts
from posts_service.settings import Settings
from shared.service import create_service
from shared.settings import load


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or load(Settings)
    app = create_service("posts_service", settings.posts_database_url, settings.posts_identity_key, audience="posts")
    app.register_blueprint(posts)
    return app
