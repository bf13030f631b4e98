"""The page one comes home to: oneself, one's posts, and who is new."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from gateway.aggregates import dashboard as overview
from gateway.callers import require_caller, services
from gateway.pages.next_url import signed_in

dashboard = Blueprint("dashboard", __name__)


@dashboard.get("/dashboard")
@signed_in
async def show() -> ResponseReturnValue:
    mine = await overview.load(services(), require_caller().user_id, request.args.get("cursor"))
    return render_template("dashboard.html", mine=mine)
