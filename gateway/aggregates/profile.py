"""A person: the user ∥ their newest ten posts ∥ how many there are.

Posts are asked for by the author's id, which is known only once the user is. So that all three can run at once, a worker
remembers the id behind a name and asks with it; should the user turn out to have another id, it asks once more.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from gateway.aggregates.article import Article, written_by
from gateway.aggregates.parts import optional
from gateway.upstreams import Services
from gateway.upstreams.posts import Post
from gateway.upstreams.service import Page
from gateway.upstreams.users import User

NEWEST = 10
REMEMBERED = 10_000  # names, of about 100 bytes each
_ids: OrderedDict[str, int] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Profile:
    """`post_count` is None when it cannot be known at the moment."""

    user: User
    posts: list[Article]
    post_count: int | None


async def load(services: Services, username: str) -> Profile:
    """Raises NotFound."""
    supposed = _ids.get(username)
    if supposed is None:
        user = await services.users.by_name(username)
        newest, count = await _posts(services, user.id)
    else:
        user, (newest, count) = await asyncio.gather(services.users.by_name(username), _posts(services, supposed))
        if user.id != supposed:
            newest, count = await _posts(services, user.id)
    _remember(username, user.id)
    return Profile(user, written_by(user, newest).items, count)


async def _posts(services: Services, author: int) -> tuple[Page[Post], int | None]:
    """A person without their posts is better than no person."""
    newest, counts = await asyncio.gather(
        optional("posts", services.posts.page(authors=[author], limit=NEWEST), otherwise=Page([], None)),
        optional("counts", services.posts.counts([author]), otherwise={}),
    )
    return newest, counts.get(author)


def _remember(username: str, user_id: int) -> None:
    _ids[username] = user_id
    _ids.move_to_end(username)
    if len(_ids) > REMEMBERED:
        _ids.popitem(last=False)
