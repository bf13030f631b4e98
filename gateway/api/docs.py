"""What describes the API: the OpenAPI 3.1 document, and a page made of it."""

from typing import Any

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_openapi3 import Info

INFO = Info(title="Broadsheet", version="1", description="Publishing: people, posts, and finding them.")
SECURITY: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of `POST /v1/auth/tokens`."},
}

docs = Blueprint("docs", __name__)


@docs.get("/openapi.json")
def document() -> ResponseReturnValue:
    return current_app.api_doc  # type: ignore[attr-defined, no-any-return]  # flask-openapi3's


@docs.get("/api/docs")
def page() -> ResponseReturnValue:
    return render_template("api_docs.html", document=current_app.api_doc)  # type: ignore[attr-defined]  # the same
