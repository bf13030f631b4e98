"""The system that the tests of tests/e2e and tests/contract share: started once, when the first of them asks for it."""

from collections.abc import Iterator

import pytest

from tests import system as whole


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[whole.System]:
    with whole.running(tmp_path_factory.mktemp("system")) as running:
        yield running


@pytest.fixture(scope="session")
def url(system: whole.System) -> str:
    """Where the gateway is."""
    return system.url
