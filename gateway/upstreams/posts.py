"""posts_service: its verbs, and the record of which the gateway uses every field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.upstreams.service import Page, ServiceClient, record


@dataclass(frozen=True, slots=True)
class Post:
    """A post as its service knows it: the author is an id. Times are RFC 3339."""

    id: int
    author_id: int
    title: str
    body: str
    created_at: str
    updated_at: str


class PostsClient(ServiceClient):
    __slots__ = ()

    async def create(self, title: str, body: str, key: str | None = None) -> Post:
        """`key`: an Idempotency-Key."""
        return record(Post, await self.call("POST", "/posts", body={"title": title, "body": body}, key=key))

    async def by_id(self, post_id: int) -> Post:
        return record(Post, await self.call("GET", f"/posts/{post_id}"))

    async def update(self, post_id: int, **changes: str) -> Post:
        """`changes`: of title and body."""
        return record(Post, await self.call("PATCH", f"/posts/{post_id}", body=changes))

    async def delete(self, post_id: int) -> None:
        await self.call("DELETE", f"/posts/{post_id}")

    async def page(
        self, q: str = "", authors: Sequence[int] = (), limit: int = 20, cursor: str | None = None
    ) -> Page[Post]:
        """Newest first; of these authors if any are given; with every word of `q` in the title."""
        query = {"q": q, "authors": ",".join(map(str, authors)), "limit": limit, "cursor": cursor}
        found = await self.call("GET", "/posts", query)
        return Page([record(Post, item) for item in found["items"]], found["next"])

    async def counts(self, authors: Iterable[int]) -> dict[int, int]:
        """How many posts each of the authors has."""
        counted = await self.call("GET", "/posts/counts", {"authors": ",".join(map(str, authors))})
        return {int(author): count for author, count in counted.items()}
