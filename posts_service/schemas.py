"""What posts_service takes and gives over HTTP."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.validation import Change, Input, PageQuery

Title = Annotated[str, Field(min_length=1, max_length=200)]
# Taken as it is written: leading blanks mean something in a text.
Body = Annotated[str, StringConstraints(strip_whitespace=False), Field(min_length=1, max_length=100_000)]


class Draft(Input):
    title: Title
    body: Body


class PostChange(Change):
    """What is given is changed."""

    title: Title = ""
    body: Body = ""


class PostQuery(PageQuery):
    """`q`: words in the title, all of them."""

    q: Annotated[str, Field(max_length=200)] = ""


class PostOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    author_id: int
    title: str
    body: str
    created_at: datetime
    updated_at: datetime


class PostPage(BaseModel):
    items: list[PostOut]
    next: str | None
