"""Alembic's environment of users_service."""

from shared import migrations
from shared.settings import load
from users_service.models import Base
from users_service.settings import DatabaseSettings

migrations.run(Base.metadata, load(DatabaseSettings).users_database_url)
