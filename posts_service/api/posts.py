"""Posts over HTTP."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from posts_service import library, publishing
from posts_service.models import IdempotencyKey
from posts_service.schemas import Draft, PostChange, PostOut, PostPage, PostQuery
from shared.answers import answer, created
from shared.database import transaction
from shared.idempotency import once
from shared.service import caller
from shared.validation import ids_from_query, json_body, query

posts = Blueprint("posts", __name__, url_prefix="/posts")


@posts.post("")
def publish() -> ResponseReturnValue:
    draft = json_body(Draft)

    def make() -> Response:
        post = publishing.publish(session, caller(), draft)
        return created(PostOut.model_validate(post), f"/posts/{post.id}")

    with transaction() as session:
        return once(session, IdempotencyKey, caller().user_id, make)


@posts.get("/<int:post_id>")
def by_id(post_id: int) -> ResponseReturnValue:
    with transaction() as session:
        return answer(PostOut.model_validate(library.by_id(session, post_id)))


@posts.get("/batch")
def by_ids() -> ResponseReturnValue:
    ids = ids_from_query("ids")
    with transaction() as session:
        found = [PostOut.model_validate(post) for post in library.by_ids(session, ids)]
    return answer(PostPage(items=found, next=None))


@posts.get("")
def page() -> ResponseReturnValue:
    wanted = query(PostQuery)
    authors = ids_from_query("authors") if "authors" in request.args else []
    with transaction() as session:
        found, following = library.page(session, wanted, authors)
        items = [PostOut.model_validate(post) for post in found]
    return answer(PostPage(items=items, next=following))


@posts.get("/counts")
def counts() -> ResponseReturnValue:
    authors = ids_from_query("authors")
    with transaction() as session:
        counted = library.counts(session, authors)
    return jsonify({str(author): count for author, count in counted.items()})


@posts.patch("/<int:post_id>")
def edit(post_id: int) -> ResponseReturnValue:
    wanted = json_body(PostChange)
    with transaction() as session:
        post = publishing.edit(session, caller(), post_id, wanted)
    return answer(PostOut.model_validate(post))


@posts.delete("/<int:post_id>")
def delete(post_id: int) -> ResponseReturnValue:
    with transaction() as session:
        publishing.delete(session, caller(), post_id)
    return "", 204
