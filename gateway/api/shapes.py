"""From records to the JSON that clients count on. What is not written here is not told."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from flask import request

from gateway.aggregates.article import Article
from gateway.upstreams.service import Page
from gateway.upstreams.users import Token, User

Json = dict[str, Any]
# What a view returns; Flask's own alias names types that flask-openapi3 cannot resolve.
Reply = Json | tuple[Json | str, int] | tuple[Json, dict[str, str]] | tuple[Json, int, dict[str, str]]
ItemT = TypeVar("ItemT")


def author(user: User) -> Json:
    return {"id": user.id, "username": user.username, "display_name": user.display_name}


def user(user: User) -> Json:
    return author(user) | {"bio": user.bio, "created_at": user.created_at}


def me(own: User) -> Json:
    return user(own) | {"email": own.email, "role": own.role}


def post(article: Article) -> Json:
    post = article.post
    return {
        "id": post.id,
        "title": post.title,
        "body": post.body,
        "author": author(article.author),
        "created_at": post.created_at,
        "updated_at": post.updated_at,
    }


def token(token: Token) -> Json:
    return {"id": token.id, "name": token.name, "created_at": token.created_at, "expires_at": token.expires_at}


def listing(shape: Callable[[ItemT], Json], items: Sequence[ItemT], following: str | None = None) -> Json:
    return {"items": [shape(item) for item in items], "next": following}


def paged(shape: Callable[[ItemT], Json], page: Page[ItemT]) -> Reply:
    """A page as the whole answer, with the Link header of RFC 8288 to the next."""
    body = listing(shape, page.items, page.next)
    if page.next is None:
        return body
    query = urlencode(request.args.to_dict() | {"cursor": page.next})
    return body, {"Link": f'<{quote(request.path)}?{query}>; rel="next"'}
