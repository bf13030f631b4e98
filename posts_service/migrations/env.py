"""Alembic's environment of posts_service."""

from posts_service.models import Base
from posts_service.settings import DatabaseSettings
from shared import migrations
from shared.settings import load

migrations.run(Base.metadata, load(DatabaseSettings).posts_database_url)
