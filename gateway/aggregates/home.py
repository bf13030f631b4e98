"""The newest posts, and then one batch of their authors."""

from gateway.aggregates.article import Article, join_page, written_by
from gateway.upstreams import Services
from gateway.upstreams.service import Page


async def load(
    services: Services, q: str = "", author: str = "", limit: int = 20, cursor: str | None = None
) -> Page[Article]:
    """`q`: words in the title. `author`: a username; raises NotFound when there is none of that name."""
    if author:
        user = await services.users.by_name(author)
        return written_by(user, await services.posts.page(q, [user.id], limit, cursor))
    return await join_page(services, await services.posts.page(q, (), limit, cursor))
