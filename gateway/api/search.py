"""One search over everything."""

from gateway.aggregates import search
from gateway.api import shapes
from gateway.api.blueprint import ApiBlueprint
from gateway.api.schemas import SearchQuery, SearchResult
from gateway.api.shapes import Reply
from gateway.callers import services

finder = ApiBlueprint("search", "", tag="search")


@finder.get("/search", responses={200: SearchResult})
async def find(query: SearchQuery) -> Reply:
    """People by name and posts by words in the title."""
    found = await search.load(services(), query.q)
    return {
        "users": shapes.listing(shapes.user, found.users),
        "posts": shapes.listing(shapes.post, found.posts),
    }
