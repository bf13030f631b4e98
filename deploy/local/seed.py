"""`make seed`: fills a running Broadsheet with demo people and posts through its public API, as any client would.

Read from the environment: USERS and POSTS (how many), SEED (another one brings others), URL (or PORT, on this machine).
It can be run again: names that are taken get a number. What people are called and write comes from fiction.py.
"""

import asyncio
import os
import secrets
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from random import Random
from typing import TypeVar

import httpx
from tqdm import tqdm

from deploy.local import fiction

AT_ONCE = 8
ATTEMPTS = 30  # of a call that Broadsheet asks to repeat later
DOMAINS = ("example.com", "example.net", "example.org")

T = TypeVar("T")


class Refused(Exception):
    """An answer that nobody expects."""


@dataclass(frozen=True)
class Account:
    """Somebody who has joined, with their bearer token."""

    username: str
    token: str


async def seed(url: str, users: int, posts: int, number: str) -> None:
    """People first, then their posts: a few write much, most write little."""
    password = secrets.token_urlsafe(12)
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as client:
        await client.get("/livez")  # before a progress bar is drawn for nobody
        joining = [partial(_join, client, Random(f"{number} person {n}"), password) for n in range(users)]
        accounts = await _all("people", joining)
        often = [1 / rank for rank in range(1, users + 1)]
        authors = Random(f"{number} authors").choices(accounts, often, k=posts)
        writing = [partial(_publish, client, f"{number} {n}", author) for n, author in enumerate(authors)]
        await _all("posts", writing)
    print(f"Sign in as {accounts[0].username} with the password {password}; all {users} new people have it.")


async def _join(client: httpx.AsyncClient, random: Random, password: str) -> Account:
    person, domain = fiction.person(random), random.choice(DOMAINS)
    for attempt in count(1):
        username = f"{person.username}{attempt if attempt > 1 else ''}"
        account = {"username": username, "email": f"{username}@{domain}", "password": password}
        if (await _call(client, "POST", "/v1/auth/register", account, expected=(201, 409))).status_code == 201:
            break
    proof = {"login": username, "password": password, "name": "make seed"}
    token = (await _call(client, "POST", "/v1/auth/tokens", proof)).json()["token"]
    await _call(client, "PATCH", "/v1/me", {"display_name": person.display_name, "bio": person.bio}, token)
    return Account(username, token)


async def _publish(client: httpx.AsyncClient, number: str, author: Account) -> None:
    text = fiction.text(Random(f"{number} {author.username}"))
    await _call(client, "POST", "/v1/posts", {"title": text.title, "body": text.body}, author.token)


async def _call(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    body: dict[str, str],
    token: str = "",
    expected: tuple[int, ...] = (200, 201),
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    for _ in range(ATTEMPTS):
        answer = await client.request(method, path, json=body, headers=headers)
        if answer.status_code not in (429, 503):
            break
        wait = answer.headers.get("Retry-After", "")
        await asyncio.sleep(int(wait) if wait.isdigit() else 1)
    if answer.status_code not in expected:
        raise Refused(f"{method} {path} was answered with {answer.status_code}: {answer.text[:300]}")
    return answer


async def _all(what: str, work: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """Does the work, some of it at once, behind a progress bar; the results are in the order of the work."""
    turn = asyncio.Semaphore(AT_ONCE)
    with tqdm(total=len(work), desc=what, mininterval=0.5) as bar:

        async def one(piece: Callable[[], Awaitable[T]]) -> T:
            async with turn:
                result = await piece()
            bar.update()
            return result

        return await asyncio.gather(*map(one, work))


def main() -> int:
    url = os.environ.get("URL") or f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
    users, posts = int(os.environ.get("USERS") or 200), int(os.environ.get("POSTS") or 2000)
    try:
        asyncio.run(seed(url, users, posts, os.environ.get("SEED") or "1"))
    except httpx.ConnectError:
        print(f"Nothing answers at {url}: start it with `make run`, or name another with URL.", file=sys.stderr)
    except (httpx.HTTPError, Refused) as error:
        print(f"Broadsheet could not be filled: {str(error) or type(error).__name__}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped; what was sent stays.", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
