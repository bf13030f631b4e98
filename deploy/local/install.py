"""Installs locked requirements into the environment it runs in, with one moving line in place of pip's hundreds.

python deploy/local/install.py FILE...
"""

import re
import subprocess
import sys
import time
from pathlib import Path

LOCKED = re.compile(r"^([\w.-]+)==", re.MULTILINE)
MET = re.compile(r"\s*(?:Collecting|Ignoring|Requirement already satisfied:) ([\w.-]+)")


def main(files: list[str]) -> int:
    wanted = {name for file in files for name in LOCKED.findall(Path(file).read_text())}
    met: set[str] = set()
    other: list[str] = []
    started = time.monotonic()
    print(f"Installing {len(wanted)} packages into .venv, which is done once.")
    options = [part for file in files for part in ("-r", file)]
    pip = [sys.executable, "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", *options]
    with subprocess.Popen(pip, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if package := MET.match(line):
                met.add(package[1])
                _show(f"{len(met)} of {len(wanted)}: {package[1]}")
            elif line.startswith("Installing collected packages"):
                _show("writing them")
            else:
                other.append(line)
    if process.returncode:
        _show("")
        print(*other[-20:], sep="", file=sys.stderr)
    else:
        _show("")
        print(f"Installed in {time.monotonic() - started:.0f} s.")
    return process.returncode


def _show(state: str) -> None:
    """One line that each call overwrites, for those who watch."""
    if sys.stdout.isatty():
        print(f"\r\033[K{state}", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
