"""The benchmark itself, as small as it gets: what it measures is for docs/benchmarks.md, that it runs is for here."""

import json
import subprocess
import sys
from pathlib import Path

TINY = {"rounds": 1, "seconds": 0.2, "connections": 2, "users": 3, "posts": 5, "name": "tiny"}


def test_prints_a_table_and_keeps_every_round(tmp_path: Path) -> None:
    options = [f"--{name}={value}" for name, value in {**TINY, "into": tmp_path}.items()]
    done = subprocess.run([sys.executable, "-m", "bench", *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "| `/v1/users/<username>` |" in done.stdout
    [file] = tmp_path.iterdir()
    kept = json.loads(file.read_text())
    assert kept["settings"] == TINY
    assert [one["route"] for one in kept["rounds"]] == ["/livez", "/v1/users/<username>", "/"]
    for one in kept["rounds"]:
        assert one["requests"] > 0
        assert one["errors"] == 0
        assert one["cpu_ms"].keys() >= {"gateway", "users_service", "posts_service", "postgres", "valkey", "client"}
