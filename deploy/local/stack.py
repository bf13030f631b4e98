"""The table of what runs: each process of Broadsheet with its command and its settings. How it is run is in run.py."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.local import ports
from deploy.local.secret_files import secret

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Process:
    """One process of ours; `settings` is what it gets beside the environment that all of them share."""

    name: str
    command: list[str]
    settings: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.settings}


@dataclass(frozen=True)
class Stores:
    """Where data is kept, as URLs."""

    users: str
    posts: str
    redis: str


def processes(stores: Stores, data_dir: Path, address: str, watched: list[str]) -> list[Process]:
    """All that runs for as long as Broadsheet does; the gateway listens on `address`, the services on free ports.

    `watched` is what watch.py has to know: when the start began, and the process ids of the stores.
    """
    users, posts = (f"127.0.0.1:{port}" for port in ports.free(2))
    threads = {"THREADS": os.environ.get("THREADS", "8")}
    users_key = {"USERS_IDENTITY_KEY": secret(data_dir, "users_identity_key")}
    posts_key = {"POSTS_IDENTITY_KEY": secret(data_dir, "posts_identity_key")}
    users_data, posts_data = {"USERS_DATABASE_URL": stores.users}, {"POSTS_DATABASE_URL": stores.posts}
    redis = {"REDIS_URL": stores.redis}
    gateway = {
        "SECRET_KEY": secret(data_dir, "secret_key"),
        "USERS_URL": f"http://{users}",
        "POSTS_URL": f"http://{posts}",
    }
    return [
        Process(
            "users_service",
            _gunicorn("gthread", "users_service.app:create_app()"),
            {"BIND": users, **threads, **users_data, **users_key},
        ),
        Process(
            "posts_service",
            _gunicorn("gthread", "posts_service.app:create_app()"),
            {"BIND": posts, **threads, **posts_data, **posts_key},
        ),
        Process("users_worker", _worker("users_service.worker"), {**users_data, **redis}),
        Process("posts_worker", _worker("posts_service.worker"), {**posts_data, **redis}),
        Process(
            "gateway",
            _gunicorn("asgi", "gateway.app:create_asgi_app()"),
            {"BIND": address, **gateway, **redis, **users_key, **posts_key},
        ),
        Process("watch", _python("deploy.local.watch", address.replace("0.0.0.0", "127.0.0.1"), *watched), {}),
    ]


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _worker(module: str) -> list[str]:
    # those who answer go first: at the start, when all six want two cores, that brings it a second forward
    return ["nice", "-n", "10", *_python(module)]


def _gunicorn(worker: str, application: str) -> list[str]:
    return _python("gunicorn", "-c", "python:shared.gunicorn_conf", "-k", worker, application)
