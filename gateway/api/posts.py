"""Posts: reading, and writing one's own."""

from flask import url_for

from gateway.aggregates import article, home
from gateway.aggregates.article import join
from gateway.api import shapes
from gateway.api.blueprint import SIGNED_IN, ApiBlueprint
from gateway.api.schemas import NewPost, Post, PostChange, PostPath, Posts, PostsQuery
from gateway.api.shapes import Reply
from gateway.callers import require_caller, services
from shared.validation import idempotency_key

posts = ApiBlueprint("posts", "/posts", tag="posts")


@posts.get("", responses={200: Posts})
async def page(query: PostsQuery) -> Reply:
    """Posts, newest first."""
    found = await home.load(services(), query.q, query.author, query.limit, query.cursor)
    return shapes.paged(shapes.post, found)


@posts.post("", responses={201: Post}, security=SIGNED_IN)
async def publish(body: NewPost) -> Reply:
    """Publish a post."""
    require_caller()
    post = await services().posts.create(body.title, body.body, idempotency_key())
    [made] = await join(services(), [post])
    return shapes.post(made), 201, {"Location": url_for("api_posts.show", post_id=post.id)}


@posts.get("/<int:post_id>", responses={200: Post})
async def show(path: PostPath) -> Reply:
    """A post with its author."""
    return shapes.post(await article.load(services(), path.post_id))


@posts.patch("/<int:post_id>", responses={200: Post}, security=SIGNED_IN)
async def edit(path: PostPath, body: PostChange) -> Reply:
    """Edit one's own post."""
    require_caller()
    post = await services().posts.update(path.post_id, **body.given())
    [edited] = await join(services(), [post])
    return shapes.post(edited)


@posts.delete("/<int:post_id>", responses={204: None}, security=SIGNED_IN)
async def delete(path: PostPath) -> Reply:
    """Delete one's own post."""
    require_caller()
    await services().posts.delete(path.post_id)
    return "", 204
