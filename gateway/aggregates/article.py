"""One post, and then its author."""

from gateway.aggregates.articles import Article, join
from gateway.upstreams import Services


async def load(services: Services, post_id: int) -> Article:
    """Raises NotFound."""
    return (await join(services, [await services.posts.by_id(post_id)]))[0]
