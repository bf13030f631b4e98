"""The one shape of an error: RFC 9457 problem documents, and the exceptions that become one.

    Problem                  any status, said to the client as it is
     ├─ Malformed        400 the request cannot be read at all
     ├─ Unauthenticated  401 nobody is signed in, or the proof is not good
     ├─ Forbidden        403 somebody is, and may not
     ├─ NotFound         404
     ├─ Conflict         409 true of the request, but not in the present state
     ├─ Unsupported      415 a body of another media type
     ├─ Invalid          422 readable, but fields are wrong
     └─ Unavailable      503 something we need does not answer; comes with Retry-After

What is raised here is shown to clients, so no text of it names a host, a table or another exception.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong: the field's name, what about it, and where it was (`body`, `query` or `path`)."""

    field: str
    message: str
    where: str = "body"


class Problem(Exception):
    """An answer that is an error. `detail` is a sentence for the client's developer or for the person."""

    status = 500

    def __init__(
        self,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        status: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status or self.status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = headers or {}

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase

    def document(self, request_id: str) -> dict[str, Any]:
        """The problem document of RFC 9457, with the members `request_id` and `errors` added."""
        document: dict[str, Any] = {"type": "about:blank", "title": self.title, "status": self.status}
        if self.detail:
            document["detail"] = self.detail
        if self.errors:
            document["errors"] = [{"in": e.where, "field": e.field, "message": e.message} for e in self.errors]
        document["request_id"] = request_id
        return document


class Malformed(Problem):
    status = 400


class Unauthenticated(Problem):
    status = 401

    def __init__(self, detail: str = "Sign in first.", scheme: str = "Bearer", **more: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": scheme}, **more)


class Forbidden(Problem):
    status = 403


class NotFound(Problem):
    status = 404


class Conflict(Problem):
    status = 409


class Unsupported(Problem):
    status = 415


class Invalid(Problem):
    status = 422

    def __init__(self, detail: str = "Some fields are not right.", **more: Any) -> None:
        super().__init__(detail, **more)

    @classmethod
    def from_pydantic(cls, error: ValidationError, where: str) -> "Invalid":
        return cls(
            errors=[
                FieldError(".".join(str(part) for part in item["loc"]), _sentence(item["msg"]), where)
                for item in error.errors(include_url=False, include_input=False, include_context=False)
            ]
        )


class Unavailable(Problem):
    """`retry_after`: seconds after which another try makes sense. `reason`: unavailable, timeout, ejected or overloaded."""

    status = 503

    def __init__(self, detail: str, retry_after: int = 2, reason: str = "unavailable") -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after)})
        self.reason = reason


def _sentence(message: str) -> str:
    """pydantic prefixes what our own validators raise; people need only the sentence."""
    return message.removeprefix("Value error, ")
