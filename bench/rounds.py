"""Rounds: each route in its turn, again and again, so that what else the machine does falls on all of them alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench import load
from bench.system import System


@dataclass(frozen=True)
class Round:
    """One route under load for some seconds. `cpu_ms`: per request, by program; `client` is the load itself."""

    route: str
    requests: int
    errors: int
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: dict[str, float]
    gateway_rss_mb: float


def measure(
    system: System, routes: Mapping[str, Sequence[str]], rounds: int, seconds: float, connections: int
) -> Iterator[Round]:
    """`routes`: the paths behind each. All of them are warmed up before the first round."""
    for route, paths in routes.items():
        _round(system, route, paths, seconds, connections)
    for _ in range(rounds):
        for route, paths in routes.items():
            yield _round(system, route, paths, seconds, connections)


def _round(system: System, route: str, paths: Sequence[str], seconds: float, connections: int) -> Round:
    before = system.cpu_seconds()
    seen = load.run(system.address, paths, seconds, connections)
    spent = {name: after - before[name] for name, after in system.cpu_seconds().items()}
    spent["client"] = seen.client_cpu_seconds
    return Round(
        route=route,
        requests=seen.requests,
        errors=seen.errors,
        requests_per_second=seen.requests / seen.seconds,
        p50_ms=seen.p50_ms,
        p99_ms=seen.p99_ms,
        cpu_ms={name: 1000 * seconds / seen.requests for name, seconds in spent.items()},
        gateway_rss_mb=system.worker.memory_info().rss / 2**20,
    )
