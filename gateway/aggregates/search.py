"""One question to both services at once: users by name ∥ posts by words in the title."""

import asyncio
from dataclasses import dataclass

from gateway.aggregates.articles import Article, join
from gateway.upstreams import Services
from gateway.upstreams.users import User

FOUND = 20  # of each


@dataclass(frozen=True, slots=True)
class Found:
    users: list[User]
    posts: list[Article]


async def load(services: Services, q: str) -> Found:
    users, posts = await asyncio.gather(services.users.page(q, limit=FOUND), services.posts.page(q, limit=FOUND))
    return Found(users.items, await join(services, posts.items))
