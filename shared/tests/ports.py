"""Ports for the servers that tests start."""

import socket
import subprocess
import time


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_open(address: str, process: "subprocess.Popen[bytes]", patience: float = 20) -> None:
    """Return once something listens at `host:port`. Raises AssertionError when the process ends or `patience` seconds pass."""
    host, port = address.split(":")
    end = time.monotonic() + patience
    while time.monotonic() < end:
        assert process.poll() is None, f"the process ended with {process.returncode}"
        try:
            socket.create_connection((host, int(port)), timeout=0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing listens at {address}")
