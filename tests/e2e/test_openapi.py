"""The gateway does what its OpenAPI document says, and nothing that schemathesis can think of breaks it."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import schemathesis

from tests.e2e.person import Person, client, told

PROGRAM = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"]

# Every check, and the same cases each time.
SETTINGS = """
[generation]
deterministic = true

[checks.negative_data_rejection]
# The default ones and 413: a text that is too long may make a body that is too large to be read at all.
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx"]
"""

# A new token as soon as one is refused: among what is tried is revoking tokens.
SIGNED_IN = """
[auth.dynamic.openapi.bearer]
path = "/v1/auth/tokens"
payload = {{ login = "{name}", password = "{password}", name = "schemathesis" }}
extract_selector = "/token"
"""


@pytest.fixture(scope="module")
def document(url: str) -> Any:
    return told(client(url).get("/openapi.json"))


def run(url: str, folder: Path, settings: str, *options: str) -> str:
    """What schemathesis says; AssertionError unless it found nothing."""
    (folder / "schemathesis.toml").write_text(settings)
    command = [*PROGRAM, "run", f"{url}/openapi.json", "--checks", "all", "--no-color", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, "\n".join(f"{line:.1000}" for line in (done.stdout + done.stderr).splitlines())
    return done.stdout


def test_the_document_is_openapi_3_1(url: str, document: Any) -> None:
    schemathesis.openapi.from_dict(document).validate()
    assert document["openapi"].startswith("3.1.")


def test_the_documentation_page_has_every_call_and_nothing_from_elsewhere(url: str, document: Any) -> None:
    page = client(url).get("/api/docs").text
    for path, methods in document["paths"].items():
        assert path in page
        assert all(call["summary"].replace("'", "&#39;") in page for call in methods.values())
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)


def test_every_call_does_as_described_for_somebody(url: str, document: Any, tmp_path: Path) -> None:
    alice = Person.registers(url)
    settings = SETTINGS + SIGNED_IN.format(name=alice.name, password=alice.password)
    said = run(url, tmp_path, settings, "--max-examples", "15")
    calls = sum(len(methods) for methods in document["paths"].values())
    assert f"Tested: {calls}\n" in said
    assert "returned only 401/403" not in said, said


def test_every_call_does_as_described_for_nobody(url: str, tmp_path: Path) -> None:
    run(url, tmp_path, SETTINGS, "--phases", "fuzzing", "--max-examples", "5")
