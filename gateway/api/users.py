"""People, as everybody sees them."""

from gateway.aggregates import home, profile
from gateway.api import shapes
from gateway.api.blueprint import ApiBlueprint
from gateway.api.schemas import Posts, Profile, UserPath, Users, UsersQuery
from gateway.api.shapes import Reply
from gateway.callers import services
from shared.validation import PageQuery

users = ApiBlueprint("users", "/users", tag="users")


@users.get("", responses={200: Users})
async def page(query: UsersQuery) -> Reply:
    """People, newest first."""
    found = await services().users.page(query.q, query.email_domain, query.limit, query.cursor)
    return shapes.paged(shapes.user, found)


@users.get("/<string:username>", responses={200: Profile})
async def show(path: UserPath) -> Reply:
    """A person with their newest ten posts and counts."""
    found = await profile.load(services(), path.username)
    return {
        "user": shapes.user(found.user),
        "posts": shapes.listing(shapes.post, found.posts),
        "counts": {"posts": found.post_count},
    }


@users.get("/<string:username>/posts", responses={200: Posts})
async def posts(path: UserPath, query: PageQuery) -> Reply:
    """A person's posts, newest first."""
    found = await home.load(services(), author=path.username, limit=query.limit, cursor=query.cursor)
    return shapes.paged(shapes.post, found)
