"""The docs are true of the tree: settings, events, targets and calls that exist are described, and no others."""

import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

import gateway.settings
import posts_service.events
import posts_service.settings
import users_service.events
import users_service.settings

ROOT = Path(__file__).parents[1]
OPERATIONS = (ROOT / "docs/operations.md").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()


def _settings() -> set[str]:
    modules = (gateway.settings, users_service.settings, posts_service.settings)
    classes = {value for module in modules for value in vars(module).values() if isinstance(value, type)}
    return {name.upper() for kind in classes if issubclass(kind, BaseSettings) for name in kind.model_fields}


def test_every_setting_is_described_and_in_the_example() -> None:
    described = set(re.findall(r"`([A-Z_]+)`", OPERATIONS))
    example = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert _settings() <= described
    assert _settings() | {"SECRETS_DIR", "BIND", "WORKERS", "THREADS"} == example


@pytest.mark.parametrize("module", [users_service.events, posts_service.events])
def test_every_event_is_described(module: object) -> None:
    kinds = {value for name, value in vars(module).items() if name.isupper()}
    assert kinds
    assert kinds <= set(re.findall(r"^\| `([a-z.]+)`", OPERATIONS, re.MULTILINE))


def test_every_make_target_that_the_docs_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    named = {name for page in pages for name in re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(), re.MULTILINE)}
    assert {"run", "test"} <= named
    assert named <= targets


def test_every_link_within_the_docs_leads_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
