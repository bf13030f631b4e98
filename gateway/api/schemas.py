"""The public API's inputs, which these models validate, and the shapes of its answers, which they describe."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.cursors import MAX_ID
from shared.validation import EMAIL, NOT_BLANK, Change, Input, PageQuery, Query

Id = Annotated[int, Field(ge=1, le=MAX_ID)]
Username = Annotated[str, Field(min_length=3, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Email = Annotated[str, Field(max_length=120, pattern=EMAIL)]
Password = Annotated[str, StringConstraints(strip_whitespace=False), Field(max_length=256)]
NewPassword = Annotated[
    Password,
    Field(
        min_length=8,
        description="Not one character over and over, and not the username or e-mail address.",
        json_schema_extra={"pattern": r"^(?!([^\x00])\1*$)[^\x00]*$"},
    ),
]
# Blanks at the ends are cut off.
SOMETHING: dict[str, Any] = {"min_length": 1, "json_schema_extra": {"pattern": NOT_BLANK}}
Title = Annotated[str, Field(max_length=200, **SOMETHING)]
Body = Annotated[str, StringConstraints(strip_whitespace=False), Field(min_length=1, max_length=100_000)]


class Registration(Input):
    username: Username
    email: Email
    password: NewPassword


class Login(Input):
    login: Annotated[str, Field(max_length=120, description="Username or e-mail address.")]
    password: Password


class TokenRequest(Login):
    name: Annotated[str, Field(max_length=80, description="What the token is for.", **SOMETHING)]


class ProfileChange(Change):
    """What is given is changed; `email` and `password` need `current_password`."""

    display_name: Annotated[str, Field(max_length=80)] = ""
    bio: Annotated[str, Field(max_length=500)] = ""
    email: Email = ""
    password: NewPassword = ""
    current_password: Password = ""


class NewPost(Input):
    title: Title
    body: Body


class PostChange(Change):
    """What is given is changed."""

    title: Title = ""
    body: Body = ""


class UserPath(BaseModel):
    username: Annotated[str, Field(max_length=80)]


class PostPath(BaseModel):
    post_id: Id


class TokenPath(BaseModel):
    token_id: UUID


class UsersQuery(PageQuery):
    q: Annotated[str, Field(max_length=80, description="Part of a name.")] = ""
    email_domain: Annotated[str, Field(max_length=120, description="For administrators only.")] = ""


class PostsQuery(PageQuery):
    q: Annotated[str, Field(max_length=200, description="Words in the title, all of them.")] = ""
    author: Annotated[str, Field(max_length=80, description="A username.")] = ""


class SearchQuery(Query):
    q: Annotated[str, Field(max_length=80, **SOMETHING)]


class Missing(BaseModel):
    part: str
    reason: Literal["timeout", "unavailable", "ejected", "overloaded"]


class Aggregate(BaseModel):
    """`missing` is there only when the answer has to do without something; then X-Gateway-Completed is false as well."""

    missing: list[Missing] | None = None


class Author(BaseModel):
    id: int
    username: str
    display_name: str


class User(Author):
    bio: str
    created_at: datetime


class Me(User):
    email: str
    role: str


class Post(Aggregate):
    id: int
    title: str
    body: str
    author: Author
    created_at: datetime
    updated_at: datetime


class Users(BaseModel):
    items: list[User]
    next: str | None


class Posts(Aggregate):
    items: list[Post]
    next: str | None


class Counts(BaseModel):
    posts: int | None


class Profile(Aggregate):
    user: User
    posts: Posts
    counts: Counts


class SearchResult(Aggregate):
    users: Users
    posts: Posts


class Dashboard(Aggregate):
    user: Me
    posts: Posts
    newest_users: Users


class Token(BaseModel):
    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime


class NewToken(Token):
    token: str


class Tokens(BaseModel):
    items: list[Token]
    next: None


class FieldProblem(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    where: Annotated[str, Field(alias="in")]
    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldProblem] | None = None
    request_id: str


# An OpenAPI response object for every answer that is an error.
PROBLEM: dict[str, Any] = {
    "description": "A problem document (RFC 9457).",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
