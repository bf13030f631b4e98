"""A system of their own for the tests that break it."""

from collections.abc import Iterator

import pytest

from tests import system as whole


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[whole.System]:
    with whole.running(tmp_path_factory.mktemp("broken")) as running:
        yield running
