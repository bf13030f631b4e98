"""What an aggregate can do without: a part that does not come is noted for the request, and the answer goes out without it.

The answer then says so: `X-Gateway-Completed: false`, a `missing` list in the body or a line on the page, and nobody keeps it.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar, cast

from flask import g

from shared.problems import Unavailable

PartT = TypeVar("PartT")


@dataclass(frozen=True, slots=True)
class Missing:
    """`reason`: timeout, unavailable, ejected or overloaded."""

    part: str
    reason: str


async def optional(part: str, wanted: Awaitable[PartT], otherwise: PartT) -> PartT:
    """The part, or `otherwise` when its service does not answer."""
    try:
        return await wanted
    except Unavailable as error:
        missing().append(Missing(part, error.reason))
        return otherwise


def missing() -> list[Missing]:
    """What this request has had to do without so far."""
    if "missing" not in g:
        g.missing = []
    return cast("list[Missing]", g.missing)
