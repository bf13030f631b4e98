"""The load: keep-alive connections, each asking for one path after another until the time is up. A process of its own.

    python -m bench.load HOST:PORT SECONDS CONNECTIONS PATH...

Prints a Load as JSON. It is ours so that a fresh machine needs no other tool; what it costs itself is part of the Load.
"""

import asyncio
import itertools
import json
import math
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

PATIENCE = 10  # seconds for one answer


@dataclass(frozen=True)
class Load:
    """What the client saw. An answer other than 200 is an error, as is none at all."""

    requests: int
    errors: int
    seconds: float
    p50_ms: float
    p99_ms: float
    client_cpu_seconds: float


def run(address: str, paths: Sequence[str], seconds: float, connections: int) -> Load:
    """Start the load as a process, and wait for it."""
    command = [sys.executable, "-m", "bench.load", address, str(seconds), str(connections), *paths]
    return Load(**json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout))


async def generate(address: str, paths: Sequence[str], seconds: float, connections: int) -> Load:
    head = f"Host: {address}\r\nAccept: */*\r\nUser-Agent: broadsheet-bench\r\n\r\n"
    requests = itertools.cycle([f"GET {path} HTTP/1.1\r\n{head}".encode() for path in paths])
    began, began_cpu = time.perf_counter(), time.process_time()
    visits = (_visit(address, requests, began + seconds) for _ in range(connections))
    took = sorted(itertools.chain.from_iterable(await asyncio.gather(*visits)))
    return Load(
        requests=len(took),
        errors=took.count(math.inf),
        seconds=time.perf_counter() - began,
        p50_ms=1000 * took[len(took) // 2],
        p99_ms=1000 * took[len(took) * 99 // 100],
        client_cpu_seconds=time.process_time() - began_cpu,
    )


async def _visit(address: str, requests: Iterator[bytes], until: float) -> list[float]:
    """The seconds that each request of one connection took; infinitely many for an error, which ends it."""
    host, port = address.split(":")
    took: list[float] = []
    reader, writer = await asyncio.open_connection(host, int(port))
    while (asked := time.perf_counter()) < until:
        try:
            writer.write(next(requests))
            async with asyncio.timeout(PATIENCE):
                good = await _answer(reader)
        except (OSError, EOFError, TimeoutError, ValueError):
            good = False
        if not good:
            took.append(math.inf)
            break
        took.append(time.perf_counter() - asked)
    writer.close()
    return took


async def _answer(reader: asyncio.StreamReader) -> bool:
    """Read one answer to its end. Raises ValueError if it does not say its length: that would measure something else."""
    status, *fields = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    length = next((field for field in fields if field.lower().startswith(b"content-length:")), b"no length")
    await reader.readexactly(int(length.partition(b":")[2]))
    return status.split()[1] == b"200"


if __name__ == "__main__":
    address, seconds, connections, *paths = sys.argv[1:]
    print(json.dumps(asdict(asyncio.run(generate(address, paths, float(seconds), int(connections))))))
