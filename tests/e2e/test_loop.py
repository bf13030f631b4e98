"""Nothing in the gateway blocks its event loop, and one client for the services lives as long as the worker."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.e2e.journey import walk_api, walk_pages
from tests.e2e.person import Person, client
from tests.system import System

PATIENCE = 0.1  # seconds for which the loop may stand still: a page takes up to 10 ms, and several may be due at once


@pytest.fixture(scope="module")
def watched(system: System) -> Iterator[str]:
    """A gateway of which /lag tells for how long its loop stood still; its URL."""
    with system.another_gateway("tests.e2e.watched:Watched()") as url:
        walk_pages(url)  # templates are compiled when they are first used
        yield url


def lag(url: str) -> float:
    return float(client(url).get("/lag").text)


def test_the_watch_sees_a_loop_that_is_blocked(watched: str) -> None:
    lag(watched)
    client(watched).get("/sleep")
    assert lag(watched) > 0.25


def test_nothing_blocks_the_loop(system: System, watched: str) -> None:
    """What blocks does so each time; a machine that halts for other reasons does not."""
    assert any(worst_lag(watched) < PATIENCE for _ in range(3)), system.log("another").read_text()[-5000:]


def worst_lag(url: str) -> float:
    """Of all that people do, while others read and many sign in."""
    alice = Person.registers(url).takes_token()
    reads = ["/openapi.json", "/v1/dashboard", "/v1/search?q=word", "/v1/users", "/v1/posts"] * 10

    def sign_in() -> int:
        answer = client(url).post("/v1/auth/login", json={"login": alice.name, "password": alice.password})
        return answer.status_code

    lag(url)
    with ThreadPoolExecutor(5) as pool:
        walks = [pool.submit(walk_api, url), pool.submit(walk_api, url, False), pool.submit(walk_pages, url)]
        read = [pool.submit(alice.gets, path) for path in reads]
        sign_ins = [pool.submit(sign_in) for _ in range(30)]
    for done in (*walks, *read):
        done.result()
    # Who comes while too many passwords are being checked is told to come again.
    assert {done.result() for done in sign_ins} <= {200, 503}
    return lag(url)


def test_connections_to_the_services_are_used_again(system: System, url: str) -> None:
    alice = Person.registers(url).takes_token()
    alice.publishes("To be read")
    services = {int(system.table[name].settings["BIND"].split(":")[1]) for name in ("users_service", "posts_service")}
    [worker] = psutil.Process(system.children["gateway"].pid).children()

    def connections() -> set[int]:
        """Our own ports of those that are open."""
        opened = [one for one in worker.net_connections("tcp") if one.status == psutil.CONN_ESTABLISHED]
        return {one.laddr.port for one in opened if one.raddr.port in services}

    def read(times: int) -> None:
        for _ in range(times):
            alice.gets(f"/v1/users/{alice.name}")

    read(10)
    before = connections()
    read(300)
    assert 1 <= len(before) <= 8
    assert len(connections() - before) <= 2
