"""One question to both services at once: users by name ∥ posts by words in the title."""

import asyncio
from dataclasses import dataclass

from gateway.aggregates.article import Article, join
from gateway.aggregates.parts import optional
from gateway.upstreams import Services
from gateway.upstreams.users import User
from shared.problems import Unavailable

FOUND = 20  # of each


@dataclass(frozen=True, slots=True)
class Found:
    users: list[User]
    posts: list[Article]


async def load(services: Services, q: str) -> Found:
    """Half of what there is is better than nothing; raises Unavailable for nothing."""
    users, posts = await asyncio.gather(
        optional("users", services.users.page(q, limit=FOUND), otherwise=None),
        optional("posts", services.posts.page(q, limit=FOUND), otherwise=None),
    )
    if users is None and posts is None:
        raise Unavailable("Nothing can be searched at the moment.")
    return Found(users.items if users else [], await join(services, posts.items) if posts else [])
