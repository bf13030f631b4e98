"""What is measured: the routes, and the demo data that they show."""

import os
import subprocess
import sys

import httpx

from deploy.local import CannotStart
from deploy.local.stack import ROOT


def fill(address: str, users: int, posts: int) -> None:
    """Demo people and posts through the public API, by `make seed`; the same ones each time. Raises CannotStart."""
    wanted = {"URL": f"http://{address}", "USERS": str(users), "POSTS": str(posts), "SEED": "1"}
    seed = [sys.executable, "-m", "deploy.local.seed"]
    # it tells how to sign in, which nobody will; its progress bar is on stderr
    told = subprocess.DEVNULL
    if subprocess.run(seed, env={**os.environ, **wanted}, cwd=ROOT, stdout=told, check=False).returncode:
        raise CannotStart("The demo data could not be made.")


def routes(address: str) -> dict[str, list[str]]:
    """The paths behind each route. Of people, those that one page lists are visited in turn."""
    people = httpx.get(f"http://{address}/v1/users?limit=100", trust_env=False).raise_for_status().json()["items"]
    return {
        "/livez": ["/livez"],
        "/v1/users/<username>": [f"/v1/users/{person['username']}" for person in people],
        "/": ["/"],
    }
