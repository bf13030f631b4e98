"""The composed system, under a name and a port of its own, from a copy of the tree: what can be done to it and asked of it."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.stack import ROOT

# All that containers are made of.
FILES = ("docker-compose.yml", "compose.override.yml", ".dockerignore")
FOLDERS = ("gateway", "users_service", "posts_service", "shared", "deploy")
REPLICAS = 3


def copy_tree(to: Path) -> Path:
    for name in FILES:
        shutil.copy(ROOT / name, to / name)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    return to


def docker(*arguments: str, cwd: Path | None = None, **environment: str) -> str:
    """What the command prints, its messages included; raises AssertionError with that when it fails."""
    done = subprocess.run(
        ["docker", *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"docker {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-4000:]}"
    return done.stdout


@dataclass
class Composed:
    """Verbs return when what they do is done; all raise AssertionError when it cannot be."""

    tree: Path
    project: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self, *options: str, replicas: int = REPLICAS) -> None:
        self.compose("up", "--detach", "--wait", "--scale", f"posts_service={replicas}", *options)

    def up_for_development(self) -> None:
        """By the bare command, which takes compose.override.yml by itself."""
        docker("compose", "-p", self.project, "up", "--detach", "--wait", "--build", cwd=self.tree, PORT=str(self.port))

    def compose(self, *arguments: str) -> str:
        options = ["-p", self.project, "-f", "docker-compose.yml"]
        return docker("compose", *options, *arguments, cwd=self.tree, PORT=str(self.port))

    def run_in(self, service: str, *command: str) -> str:
        return self.compose("exec", "-T", service, *command)

    def containers(self) -> list[dict[str, Any]]:
        """What `docker inspect` tells of each, those that have ended included."""
        ids = docker("ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={self.project}").split()
        found: list[dict[str, Any]] = json.loads(docker("inspect", *ids))
        return found


def service_of(container: dict[str, Any]) -> str:
    return str(container["Config"]["Labels"]["com.docker.compose.service"])
