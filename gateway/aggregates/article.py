"""A post with its author: one post and then its author, or a page of posts and then one batch of their authors."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.aggregates.parts import optional
from gateway.upstreams import Services
from gateway.upstreams.posts import Post
from gateway.upstreams.service import Page
from gateway.upstreams.users import User


@dataclass(frozen=True, slots=True)
class Article:
    post: Post
    author: User


def nobody(user_id: int) -> User:
    """Stands for an author who is not there any more, or cannot be asked for at the moment."""
    return User(user_id, "", "Somebody", "", "1970-01-01T00:00:00Z")


async def join(services: Services, posts: Sequence[Post]) -> list[Article]:
    """Posts without their authors' names are better than no posts."""
    authors = await optional("authors", services.users.by_ids(post.author_id for post in posts), otherwise={})
    return [Article(post, authors.get(post.author_id) or nobody(post.author_id)) for post in posts]


async def join_page(services: Services, page: Page[Post]) -> Page[Article]:
    return Page(await join(services, page.items), page.next)


def written_by(author: User, page: Page[Post]) -> Page[Article]:
    """The same for posts that are all by one known author: no call at all."""
    return Page([Article(post, author) for post in page.items], page.next)


async def load(services: Services, post_id: int) -> Article:
    """Raises NotFound."""
    [article] = await join(services, [await services.posts.by_id(post_id)])
    return article
