"""The journey, on real processes. Its steps are in journey.py, which tests/containers walks too."""

import pytest

from tests.e2e.journey import walk_api, walk_pages


@pytest.mark.parametrize("by_token", [True, False], ids=["by token", "by session"])
def test_the_journey_by_api(url: str, by_token: bool) -> None:
    walk_api(url, by_token)


def test_the_journey_by_pages(url: str) -> None:
    walk_pages(url)
