"""A blueprint whose views are described in the OpenAPI document, and whose inputs our own reader validates.

flask-openapi3 describes; its own validation is not used: it makes each query model's JSON schema anew for every request, and it
takes a body of any media type, and none at all, for JSON. See docs/decisions/0003-openapi.md.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel

from gateway.aggregates.parts import missing
from gateway.api.origin import check_origin
from gateway.api.schemas import PROBLEM
from gateway.api.shapes import Reply
from gateway.settings import API_PREFIX
from shared.validation import json_body
from shared.validation import query as query_string

Model = type[BaseModel] | None


SIGNED_IN: list[dict[str, list[str]]] = [{"bearer": []}]


class ApiBlueprint(APIBlueprint):
    """Views take `path`, `query` and `body`, each annotated with its model; calls from other sites' pages are refused."""

    def __init__(self, name: str, url_prefix: str, tag: str) -> None:
        super().__init__(
            f"api_{name}",
            __name__,
            url_prefix=API_PREFIX + url_prefix,
            abp_tags=[Tag(name=tag)],
            abp_responses={"422": PROBLEM, "default": PROBLEM},
            operation_id_callback=lambda *, name, path, method: f"{tag}_{name}",
        )
        self.before_request(check_origin)

    @staticmethod
    def create_view_func(
        func: Callable[..., Awaitable[Reply]],
        header: Model,
        cookie: Model,
        path: Model,
        query: Model,
        form: Model,
        body: Model,
        *rest: Any,
        **more: Any,
    ) -> Callable[..., Awaitable[Reply]]:
        @wraps(func)
        async def view(**in_path: Any) -> Reply:
            given: dict[str, BaseModel] = {}
            if path is not None:
                given["path"] = path.model_construct(**in_path)
            if query is not None:
                given["query"] = query_string(query)
            if body is not None:
                given["body"] = json_body(body)
            return _with_missing(await func(**given))

        return view


def _with_missing(reply: Reply) -> Reply:
    """Say in the body what the answer has to do without."""
    body = reply[0] if isinstance(reply, tuple) else reply
    if missing() and isinstance(body, dict):
        body["missing"] = [asdict(one) for one in missing()]
    return reply
