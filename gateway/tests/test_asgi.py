"""Flask on the loop: requests never mix, errors become answers, who leaves is let go. On a real gunicorn worker."""

import asyncio
import io
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from gateway.bridge import await_, run_in_greenlet
from shared.tests.ports import free_port, wait_until_open


@pytest.fixture(scope="module")
def worker() -> Iterator[str]:
    """One gunicorn worker that serves the probe; its URL."""
    bind = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "-c", "python:shared.gunicorn_conf", "-k", "asgi", "-b", bind]
    process = subprocess.Popen([*command, "gateway.tests.probe:asgi"])
    try:
        wait_until_open(bind, process)
        yield f"http://{bind}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
async def client(worker: str) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(worker, connector=connector) as session:
        yield session


async def test_500_requests_at_once_never_mix(client: aiohttp.ClientSession) -> None:
    async def ask(number: int) -> None:
        name = f"n{number}"
        async with client.get(f"/whoami/{name}", params={"name": name}) as response:
            told = await response.json()
        assert told == dict.fromkeys(("g", "request", "query", "session", "context"), name)

    await asyncio.gather(*(ask(number) for number in range(500)))


async def test_synchronous_views_wait_without_blocking(client: aiohttp.ClientSession) -> None:
    async def ask(number: int) -> str:
        async with client.get(f"/sync/{number}") as response:
            return str((await response.json())["g"])

    assert await asyncio.gather(*(ask(number) for number in range(50))) == [str(number) for number in range(50)]


async def test_an_exception_becomes_an_answer(client: aiohttp.ClientSession) -> None:
    async with client.get("/raise") as response:
        assert response.status == 500
        assert await response.text() == "something went wrong"


async def test_a_client_that_leaves_is_let_go(client: aiohttp.ClientSession) -> None:
    before = await _seen(client)
    with pytest.raises(asyncio.TimeoutError):
        await client.get("/slow", timeout=aiohttp.ClientTimeout(total=0.3))
    for _ in range(50):
        after = await _seen(client)
        if after["cancelled"] > before["cancelled"]:
            break
        await asyncio.sleep(0.05)
    assert after["cancelled"] == before["cancelled"] + 1
    assert after["finished"] == before["finished"]
    # Each look at the counts is a request itself, torn down after it was answered.
    later = await _seen(client)
    assert later["torn down"] == after["torn down"] + 1


async def test_bodies_arrive_whole_with_a_length_and_in_chunks(client: aiohttp.ClientSession) -> None:
    sent = bytes(range(256)) * 2000

    async def in_parts() -> AsyncIterator[bytes]:
        for start in range(0, len(sent), 10_000):
            yield sent[start : start + 10_000]

    for data in (sent, in_parts()):
        async with client.post("/echo", data=data) as response:
            assert await response.read() == sent


async def test_an_answer_to_an_unread_body_arrives_and_the_connection_goes_on(client: aiohttp.ClientSession) -> None:
    for _ in range(20):
        async with client.post("/unread", data=io.BytesIO(b"x" * 3_000_000)) as response:
            assert (response.status, await response.text()) == (413, "not looked at")


async def test_streamed_answers_arrive_in_order(client: aiohttp.ClientSession) -> None:
    async with client.get("/stream") as response:
        assert await response.text() == "0\n1\n2\n"


async def test_head_and_unknown_paths(client: aiohttp.ClientSession) -> None:
    async with client.head("/seen") as response:
        assert (response.status, await response.read()) == (200, b"")
    async with client.get("/no/%C3%BC/such") as response:
        assert response.status == 404


async def test_what_is_thrown_arrives_where_it_is_awaited() -> None:
    caught: list[str] = []

    async def fails() -> None:
        await asyncio.sleep(0)
        raise KeyError("inner")

    def work() -> str:
        try:
            await_(fails())
        except KeyError as error:
            caught.append(str(error))
        return "went on"

    assert await run_in_greenlet(work) == "went on"
    assert caught == ["'inner'"]


async def test_cancellation_reaches_the_greenlet_and_its_cleanup() -> None:
    cleaned = asyncio.Event()

    def work() -> None:
        try:
            await_(asyncio.sleep(30))
        finally:
            cleaned.set()

    task = asyncio.create_task(run_in_greenlet(work))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cleaned.is_set()


async def test_waiting_outside_of_a_request_is_refused() -> None:
    with pytest.raises(RuntimeError, match="within a request"):
        await_(asyncio.sleep(0))


async def _seen(client: aiohttp.ClientSession) -> dict[str, int]:
    async with client.get("/seen") as response:
        counted: dict[str, int] = await response.json()
        return counted
