"""Reading requests into pydantic models, with every way to be wrong told as a problem.

Used alike by the services and by the gateway; the models themselves live with their owners.
"""

import re
from typing import Annotated, Any, Self, TypeVar

from flask import request
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from shared import cursors
from shared.problems import FieldError, Invalid, Malformed, Unsupported

IDEMPOTENCY_KEY = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,100}")
NO_NUL = r"^[^\x00]*$"
# Of text that must not be empty, once blanks at its ends are cut off.
NOT_BLANK = r"^[^\x00]*\S[^\x00]*$"


class Input(BaseModel):
    """What comes in: unknown fields are refused, and so are NULs, which no PostgreSQL text can hold."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="after")
    @classmethod
    def _no_nul(cls, value: Any) -> Any:
        if isinstance(value, str) and "\x00" in value:
            raise ValueError("must not contain NUL characters")
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Says the same in the API's description."""
        described = handler(core)
        for field in handler.resolve_ref_schema(described)["properties"].values():
            if field.get("type") == "string":
                field.setdefault("pattern", NO_NUL)
        return described


class Change(Input):
    """A partial update (RFC 5789): what is given is changed, and something has to be."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("says nothing to change")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = super().__get_pydantic_json_schema__(core, handler)
        model = handler.resolve_ref_schema(described)
        model["minProperties"] = 1
        for field in model["properties"].values():
            field.pop("default", None)  # what is not given stays as it is
        return described

    def given(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


# What browsers take in <input type=email> (WHATWG HTML, "valid e-mail address"), with at least one dot in the domain.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})+$"


class Query(Input):
    """Query parameters: those that nobody reads are let through, as URLs gather them on their way."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


def _our_cursor(value: str) -> str:
    cursors.decode(value)
    return value


Cursor = Annotated[str, AfterValidator(_our_cursor), WithJsonSchema({"type": "string", "pattern": cursors.PATTERN})]


class PageQuery(Query):
    """`limit`: how many at the most. `cursor`: the `next` of the page before."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Cursor | None = None


InputT = TypeVar("InputT", bound=BaseModel)


def json_body(model: type[InputT]) -> InputT:
    """Parse the request's JSON body. Raises Unsupported, Malformed or Invalid."""
    if not request.is_json:
        raise Unsupported("Send the body as application/json.")
    body = request.get_data()
    request.stream.read(1)  # of chunks without a length, Werkzeug gives the first that fit; only reading on raises 413
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
            raise Malformed("The body is not JSON.") from error
        raise Invalid.from_pydantic(error, "body") from error


def query(model: type[InputT]) -> InputT:
    """Parse the query string. Raises Invalid, also for a parameter that comes twice: which one would be meant?"""
    values = {}
    for name, given in request.args.lists():
        if len(given) > 1 and name in model.model_fields:
            raise Invalid(errors=[FieldError(name, "was given more than once", "query")])
        values[name] = given[0]
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Invalid.from_pydantic(error, "query") from error


def ids_from_query(name: str, at_most: int = 100) -> list[int]:
    """Parse `name=1,2,3`. Raises Invalid unless it is between one and `at_most` ids."""
    try:
        ids = [int(part) for part in request.args.get(name, "").split(",")]
    except ValueError as error:
        raise Invalid(errors=[FieldError(name, "is a comma-separated list of ids", "query")]) from error
    if len(ids) > at_most or not all(0 < one <= cursors.MAX_ID for one in ids):
        raise Invalid(errors=[FieldError(name, f"has between 1 and {at_most} ids", "query")])
    return ids


def idempotency_key() -> str | None:
    """The key under which the request is to be done once. Raises Malformed for what is no key."""
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is not None and not _KEY.fullmatch(key):
        raise Malformed(f"{IDEMPOTENCY_KEY} is up to 100 visible ASCII characters.")
    return key
