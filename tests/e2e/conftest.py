"""Has pytest explain the assertions of what is no test module itself."""

import pytest

pytest.register_assert_rewrite("tests.e2e.person", "tests.e2e.browser", "tests.e2e.journey")
