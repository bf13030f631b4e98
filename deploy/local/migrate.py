"""Brings both databases to the newest schema of their services. The migrations themselves are the services' own."""

import os
import re
import subprocess
import sys

import psycopg

from deploy.local import CannotStart
from deploy.local.stack import ROOT, Stores
from deploy.local.supervise import how_it_ended


def migrate(stores: Stores) -> None:
    """Both at once, and only where there is something to do: Alembic's start costs more than that of the stores."""
    databases = {"users_service": stores.users, "posts_service": stores.posts}
    running = {service: _alembic(service, url) for service, url in databases.items() if not _is_current(service, url)}
    for service, alembic in running.items():
        output, _ = alembic.communicate()
        if alembic.returncode:
            raise CannotStart(f"Alembic of {service} {how_it_ended(alembic.returncode)}:\n{output}")


def _alembic(service: str, url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "alembic", "-c", f"{service}/alembic.ini", "upgrade", "head"]
    setting = f"{service.removesuffix('_service').upper()}_DATABASE_URL"
    return subprocess.Popen(
        command, env={**os.environ, setting: url}, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _is_current(service: str, url: str) -> bool:
    """Whether the revisions that the database has noted are those that no other revision builds upon."""
    versions = (ROOT / service / "migrations" / "versions").glob("*.py")
    scripts = "\n".join(path.read_text() for path in versions)
    revisions = re.findall(r'^revision\b.*"(\w+)"', scripts, re.MULTILINE)
    built_upon = re.findall(r'"(\w+)"', "".join(re.findall(r"^down_revision\b.*", scripts, re.MULTILINE)))
    try:
        with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
            noted = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except psycopg.Error:
        return False
    return bool(noted) and {revision for (revision,) in noted} == set(revisions) - set(built_upon)
