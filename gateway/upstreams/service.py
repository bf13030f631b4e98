"""One call of a service: signed, with the request's id, and every failure told as a problem."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypeVar

import httpx
import orjson

from gateway.transport.failures import Ejected, Overloaded
from shared.identity import ANONYMOUS, SCHEME, Caller, Signer
from shared.problems import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    Unauthenticated,
    Unavailable,
)
from shared.requests import REQUEST_ID
from shared.validation import IDEMPOTENCY_KEY

_log = logging.getLogger(__name__)

_PROBLEMS: dict[int, type[Problem]] = {
    kind.status: kind for kind in (Unauthenticated, Forbidden, NotFound, Conflict, Invalid)
}
LONGEST = 2200  # characters of a parameter: a hundred ids fit, and it fits into a request line when all are escaped
SILENT = "A part of the system does not answer at the moment."
ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """A keyset page. `next`: the cursor of the page after it, or None."""

    items: list[ItemT]
    next: str | None


RecordT = TypeVar("RecordT")


def record(kind: type[RecordT], found: Mapping[str, Any]) -> RecordT:
    """Make a record of its own fields; those that the service tells besides are none of ours, and may come and go."""
    names = kind.__dataclass_fields__  # type: ignore[attr-defined]  # every record is a dataclass
    return kind(**{name: found[name] for name in names if name in found})


@dataclass(frozen=True, slots=True)
class ServiceClient:
    """`name` is the service's audience and its host for the transport."""

    name: str
    client: httpx.AsyncClient
    signer: Signer
    caller: Caller = ANONYMOUS
    request_id: str = ""
    deadline: float = float("inf")

    def acting_for(self, caller: Caller, request_id: str, deadline: float) -> Self:
        """`deadline`: when the request's budget is used up, on the monotonic clock."""
        return replace(self, caller=caller, request_id=request_id, deadline=deadline)

    async def ready(self) -> None:
        """Raises Unavailable unless the service and all that it needs serve."""
        await self.call("GET", "/readyz")

    async def call(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Any:
        """Return the parsed JSON of a good answer, None when it is empty.

        `query`: entries that are None or empty are left out. `key`: an Idempotency-Key; the endpoint must honour it, for
        the call may be sent twice on the strength of it. Raises the service's problem, or Unavailable when it gives none.
        """
        headers = {"Authorization": f"{SCHEME} {self.signer.sign(self.caller)}", REQUEST_ID: self.request_id}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = orjson.dumps(body)
        if key is not None:
            headers[IDEMPOTENCY_KEY] = key
        if query and any(len(str(value)) > LONGEST for value in query.values()):
            raise Invalid("A parameter is too long.")
        params = {name: value for name, value in query.items() if value not in (None, "")} if query else None
        try:
            response = await self.client.request(
                method,
                f"http://{self.name}{path}",
                params=params,
                content=content,
                headers=headers,
                extensions={"deadline": self.deadline},
            )
        except httpx.TransportError as error:
            _log.warning("%s does not answer: %s", self.name, type(error).__name__)
            raise Unavailable(SILENT, reason=_reason(error)) from error
        if not response.is_success:
            raise self._problem(response)
        return self._told(response)

    def _told(self, response: httpx.Response) -> Any:
        try:
            return orjson.loads(response.content) if response.content else None
        except orjson.JSONDecodeError as error:
            raise self._of_no_use(response) from error

    def _problem(self, response: httpx.Response) -> Problem:
        """The service's own problem, as ours. What is our fault, not the client's, does not say what it was."""
        document = self._told(response)
        statement_refused = response.headers.get("WWW-Authenticate") == SCHEME
        kind = _PROBLEMS.get(response.status_code)
        if statement_refused or kind is None or not isinstance(document, dict):
            return self._of_no_use(response)
        errors = [FieldError(error["field"], error["message"], error["in"]) for error in document.get("errors", ())]
        return kind(document.get("detail", ""), errors=errors)

    def _of_no_use(self, response: httpx.Response) -> Unavailable:
        _log.error("%s answered %d: %.500s", self.name, response.status_code, response.text)
        return Unavailable(SILENT)


def _reason(error: httpx.TransportError) -> str:
    match error:
        case httpx.TimeoutException():
            return "timeout"
        case Ejected():
            return "ejected"
        case Overloaded():
            return "overloaded"
        case _:
            return "unavailable"
