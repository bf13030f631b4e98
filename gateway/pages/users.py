"""People: the list of them, and each one's page."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from gateway.aggregates import home, profile
from gateway.callers import services

users = Blueprint("users", __name__, url_prefix="/users")


@users.get("")
async def index() -> ResponseReturnValue:
    q = request.args.get("q", "").strip()
    page = await services().users.page(q=q, cursor=request.args.get("cursor"))
    return render_template("users/index.html", q=q, page=page)


@users.get("/<string:username>")
async def show(username: str) -> ResponseReturnValue:
    return render_template("users/profile.html", profile=await profile.load(services(), username))


@users.get("/<string:username>/posts")
async def posts(username: str) -> ResponseReturnValue:
    page = await home.load(services(), author=username, cursor=request.args.get("cursor"))
    return render_template("users/posts.html", username=username, page=page)
