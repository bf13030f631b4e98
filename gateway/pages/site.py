"""The pages that are about everybody: the newest posts, the search, and what Broadsheet is."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from gateway.aggregates import home, search
from gateway.callers import services

site = Blueprint("site", __name__)


@site.get("/")
async def newest() -> ResponseReturnValue:
    page = await home.load(services(), cursor=request.args.get("cursor"))
    return render_template("site/newest.html", page=page)


@site.get("/search")
async def find() -> ResponseReturnValue:
    q = request.args.get("q", "").strip()
    found = await search.load(services(), q) if q else None
    return render_template("site/search.html", q=q, found=found)


@site.get("/about")
def about() -> ResponseReturnValue:
    return render_template("site/about.html")
