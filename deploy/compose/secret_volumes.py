"""The job `secrets`, before all else: makes each secret at the first start, and gives each container its own in a volume.

The secrets themselves stay in the volume `kept`, which no other container sees; the others are filled from it at every start,
one file a setting. They can be read by the owner and the group of the job, 10001, as which or with which all containers run.
"""

from pathlib import Path

from deploy.local.secret_files import secret

VOLUMES = Path("/volumes")


def main() -> None:
    for volume, files in contents().items():
        for name, text in files.items():
            _write(VOLUMES / volume / name, text)
        print(f"{volume}: {', '.join(files)}")


def contents() -> dict[str, dict[str, str]]:
    """What each volume holds: the text of its files by their names."""
    users_db, posts_db, redis, users_identity_key, posts_identity_key, secret_key = (
        secret(VOLUMES / "kept", name)
        for name in ("users_db", "posts_db", "redis", "users_identity_key", "posts_identity_key", "secret_key")
    )
    redis_url = f"redis://:{redis}@redis:6379/0"
    return {
        "gateway": {
            "secret_key": secret_key,
            "users_identity_key": users_identity_key,
            "posts_identity_key": posts_identity_key,
            "redis_url": redis_url,
        },
        "users": {
            "users_database_url": f"postgresql+psycopg://users:{users_db}@users-db:5432/users",
            "users_identity_key": users_identity_key,
            "redis_url": redis_url,
        },
        "posts": {
            "posts_database_url": f"postgresql+psycopg://posts:{posts_db}@posts-db:5432/posts",
            "posts_identity_key": posts_identity_key,
            "redis_url": redis_url,
        },
        "users_db": {"password": users_db},
        "posts_db": {"password": posts_db},
        "redis": {"redis.conf": f"requirepass {redis}\n"},
    }


def _write(path: Path, text: str) -> None:
    """Put the file in its place at once, so that nobody reads half of it."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.chmod(0o440)
    unfinished.rename(path)


if __name__ == "__main__":
    main()
