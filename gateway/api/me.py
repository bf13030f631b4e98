"""One's own account and dashboard."""

from gateway.aggregates import dashboard as overview
from gateway.api import shapes
from gateway.api.blueprint import SIGNED_IN, ApiBlueprint
from gateway.api.schemas import Dashboard, Me, ProfileChange
from gateway.api.shapes import Reply
from gateway.callers import end_other_sessions, require_caller, services

me = ApiBlueprint("me", "", tag="me")


@me.get("/me", responses={200: Me}, security=SIGNED_IN)
async def show() -> Reply:
    """One's own account, e-mail address included."""
    return shapes.me(await services().users.by_id(require_caller().user_id))


@me.patch("/me", responses={200: Me}, security=SIGNED_IN)
async def change(body: ProfileChange) -> Reply:
    """Change one's profile, e-mail address or password. A new password ends all other sessions."""
    user_id = require_caller().user_id
    user = await services().users.update(user_id, **body.given())
    if "password" in body.model_fields_set:
        end_other_sessions(user_id)
    return shapes.me(user)


@me.get("/dashboard", responses={200: Dashboard}, security=SIGNED_IN)
async def dashboard() -> Reply:
    """Oneself, one's own posts and the newest users."""
    mine = await overview.load(services(), require_caller().user_id)
    return {
        "user": shapes.me(mine.user),
        "posts": shapes.listing(shapes.post, mine.posts.items, mine.posts.next),
        "newest_users": shapes.listing(shapes.user, mine.newest_users),
    }
