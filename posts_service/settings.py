"""The settings of posts_service, each read from the environment variable of its name."""

from shared.settings import ProcessSettings, Secret


class DatabaseSettings(ProcessSettings):
    """What migrations need."""

    # Where the posts are: postgresql+psycopg://user:password@host:port/database
    posts_database_url: str


class Settings(DatabaseSettings):
    """What the HTTP process needs."""

    # The key of the caller statements; the gateway has the same. Two, comma-separated, while it is being rotated.
    posts_identity_key: Secret


class WorkerSettings(DatabaseSettings):
    """What the worker needs."""

    # Where events are announced: redis://:password@host:port/0
    redis_url: str
    # A file that the worker touches while it turns, for health checks of containers.
    heartbeat_file: str | None = None
