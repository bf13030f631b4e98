"""What every process's settings have in common: where they are read from, and which secrets are refused.

Each process declares its own frozen subclass; nothing else in the tree reads the environment for its configuration.
"""

import os
import sys
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

MIN_SECRET_LENGTH = 32
MIN_DISTINCT_CHARACTERS = 10
PLACEHOLDERS = ("change", "secret", "example", "placeholder", "password", "default", "xxxx")


def _real_secret(value: str) -> str:
    """Refuse what somebody typed or forgot to replace; every comma-separated key must pass (rotation keeps two)."""
    for key in value.split(","):
        if len(key) < MIN_SECRET_LENGTH:
            raise ValueError(f"must have at least {MIN_SECRET_LENGTH} characters")
        if any(word in key.lower() for word in PLACEHOLDERS) or len(set(key)) < MIN_DISTINCT_CHARACTERS:
            raise ValueError("looks like a placeholder; generate one with `openssl rand -hex 32`")
    return value


Secret = Annotated[str, AfterValidator(_real_secret)]


class ProcessSettings(BaseSettings):
    """Read once from the environment, or from one file a setting in the folder that SECRETS_DIR names."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    def __init__(self, **values: Any) -> None:
        super().__init__(_secrets_dir=os.environ.get("SECRETS_DIR"), **values)


SettingsT = TypeVar("SettingsT", bound=ProcessSettings)


def load(kind: type[SettingsT]) -> SettingsT:
    """Return the settings, or end the process with one clear line that never shows a value."""
    try:
        return kind()
    except ValidationError as error:
        wrong = "; ".join(f"{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors(include_input=False))
        sys.exit(f"cannot start, wrong settings: {wrong}")
