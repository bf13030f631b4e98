"""One post: read it, write it, change it, delete it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from gateway.aggregates import article
from gateway.callers import require_caller, services
from gateway.pages.forms import ConfirmForm, NewPostForm, PostForm, new_key
from gateway.pages.next_url import signed_in
from gateway.pages.page_form import explaining
from gateway.upstreams.posts import Post
from shared.problems import Forbidden

posts = Blueprint("posts", __name__)


@posts.get("/post/<int:post_id>")
async def show(post_id: int) -> ResponseReturnValue:
    return render_template("posts/post.html", article=await article.load(services(), post_id))


@posts.route("/new", methods=["GET", "POST"])
@signed_in
async def new() -> ResponseReturnValue:
    form = NewPostForm()
    if form.validate_on_submit():
        with explaining(form):
            post = await services().posts.create(**form.values())
            flash("Published.")
            return redirect(url_for(".show", post_id=post.id), 303)
    if form.status == 422:
        form.key.data = new_key()  # nothing came of the old one, or something else did
    return render_template("posts/edit.html", form=form, post_id=None), form.status


@posts.route("/post/<int:post_id>/edit", methods=["GET", "POST"])
@signed_in
async def edit(post_id: int) -> ResponseReturnValue:
    form = PostForm()
    if not form.is_submitted():
        form.process(obj=await _own(post_id))
    elif form.validate():
        with explaining(form):
            await services().posts.update(post_id, **form.values())
            flash("Saved.")
            return redirect(url_for(".show", post_id=post_id), 303)
    return render_template("posts/edit.html", form=form, post_id=post_id), form.status


@posts.route("/post/<int:post_id>/delete", methods=["GET", "POST"])
@signed_in
async def delete(post_id: int) -> ResponseReturnValue:
    form = ConfirmForm()
    post = await _own(post_id)
    if form.validate_on_submit():
        with explaining(form):
            await services().posts.delete(post_id)
            flash("Deleted.")
            return redirect(url_for("dashboard.show"), 303)
    return render_template("posts/delete.html", form=form, post=post), form.status


async def _own(post_id: int) -> Post:
    """The caller's own post. The service checks that again at every write; here it spares people a useless form."""
    user_id = require_caller().user_id
    post = await services().posts.by_id(post_id)
    if post.author_id != user_id:
        raise Forbidden("Only its author may change or delete a post.")
    return post
