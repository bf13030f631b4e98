"""What a service's view returns: a pydantic model as JSON."""

from flask import Response
from pydantic import BaseModel


def answer(model: BaseModel) -> Response:
    return Response(model.model_dump_json(), mimetype="application/json")


def created(model: BaseModel, location: str) -> Response:
    """201, with where it is."""
    return Response(model.model_dump_json(), 201, {"Location": location}, mimetype="application/json")
