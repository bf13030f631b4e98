"""The composed system that these tests share. It is built and started once, and nothing of it is left."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from deploy.local import ports
from tests.containers.composed import Composed, copy_tree

pytest.register_assert_rewrite("tests.e2e.person", "tests.e2e.browser", "tests.e2e.journey")


def why_not() -> str | None:
    if os.environ.get("BROADSHEET_CONTAINERS") != "1":
        return "takes minutes and a Docker engine: asked for by BROADSHEET_CONTAINERS=1"
    try:
        subprocess.run(["docker", "info"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "no Docker engine answers to `docker info`"
    return None


@pytest.fixture(scope="session")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    if why := why_not():
        pytest.skip(why)
    [port] = ports.free(1)
    composed = Composed(copy_tree(tmp_path_factory.mktemp("clone")), f"broadsheet-test-{port}", port)
    try:
        composed.up("--build")
        yield composed
    finally:
        composed.compose("down", "--volumes", "--rmi", "local", "--timeout", "5")
