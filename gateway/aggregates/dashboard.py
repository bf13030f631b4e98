"""What a signed-in person sees of their own: me ∥ my posts ∥ the newest users."""

import asyncio
from dataclasses import dataclass

from gateway.aggregates.article import Article, written_by
from gateway.aggregates.parts import optional
from gateway.upstreams import Services
from gateway.upstreams.service import Page
from gateway.upstreams.users import User

NEWEST = 10


@dataclass(frozen=True, slots=True)
class Dashboard:
    user: User
    posts: Page[Article]
    newest_users: list[User]


async def load(services: Services, user_id: int, cursor: str | None = None) -> Dashboard:
    user, posts, newest = await asyncio.gather(
        services.users.by_id(user_id),
        optional("posts", services.posts.page(authors=[user_id], cursor=cursor), otherwise=Page([], None)),
        optional("newest_users", services.users.page(limit=NEWEST), otherwise=Page([], None)),
    )
    return Dashboard(user, written_by(user, posts), newest.items)
