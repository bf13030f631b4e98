"""The HTTP process of users_service, and the commands of its operators."""

import click
from flask import Flask
from flask.cli import with_appcontext

from shared.database import transaction
from shared.problems import Problem
from shared.service import create_service
from shared.settings import load
from users_service import accounts
from users_service.api.tokens import api as tokens
from users_service.api.users import users
from users_service.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    settings = settings or load(Settings)
    app = create_service("users_service", settings.users_database_url, settings.users_identity_key, audience="users")
    app.register_blueprint(users)
    app.register_blueprint(tokens)
    app.cli.add_command(_appoint)
    return app


@click.command("appoint")
@click.argument("username")
@click.argument("role", type=click.Choice(accounts.ROLES))
@with_appcontext
def _appoint(username: str, role: str) -> None:
    """Give USERNAME the ROLE; it counts from the next sign-in."""
    try:
        with transaction() as session:
            accounts.appoint(session, username, role)
    except Problem as problem:
        raise click.ClickException(problem.detail) from problem
    click.echo(f"{username} is now {role}")
