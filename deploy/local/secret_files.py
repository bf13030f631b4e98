"""Secrets, made once and kept in a file each that its owner alone may read. What they open is not known here."""

import secrets
from pathlib import Path


def secret(data_dir: Path, name: str) -> str:
    """The secret `name`, made at the first call for this `data_dir`: 64 hexadecimal digits."""
    path = data_dir / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = path.with_suffix(".new")  # a kill in the middle must not leave an empty secret
        unfinished.touch(mode=0o600)
        unfinished.write_text(secrets.token_hex(32))
        unfinished.rename(path)
    return path.read_text()
