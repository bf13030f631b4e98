"""What users_service takes and gives over HTTP. No answer has a field for a password or a hash."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.cursors import MAX_ID
from shared.validation import EMAIL, Change, Input, PageQuery

Username = Annotated[str, Field(min_length=3, max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Id = Annotated[int, Field(ge=1, le=MAX_ID)]
# Passwords are taken to the letter: no trimming, any Unicode (OWASP ASVS 5.0, 6.2.8).
Password = Annotated[str, StringConstraints(strip_whitespace=False), Field(max_length=256)]
NewPassword = Annotated[Password, Field(min_length=8)]


Email = Annotated[str, Field(max_length=120, pattern=EMAIL)]


class Registration(Input):
    username: Username
    email: Email
    password: NewPassword


class Credentials(Input):
    """`login`: name or e-mail address."""

    login: Annotated[str, Field(max_length=120)]
    password: Password


class TokenRequest(Credentials):
    name: Annotated[str, Field(min_length=1, max_length=80)]


class TokenProof(Input):
    token: Annotated[str, Field(max_length=100)]


class ProfileChange(Change):
    """What is given is changed. A new e-mail address or password needs the current password."""

    display_name: Annotated[str, Field(max_length=80)] = ""
    bio: Annotated[str, Field(max_length=500)] = ""
    email: Email = ""
    password: NewPassword = ""
    current_password: Password = ""


class UserQuery(PageQuery):
    q: Annotated[str, Field(max_length=80)] = ""
    email_domain: Annotated[str, Field(max_length=120)] = ""


class PublicUser(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    username: str
    display_name: str
    bio: str
    created_at: datetime


class OwnUser(PublicUser):
    """For the person, and for administrators."""

    email: str
    role: str


UserT = TypeVar("UserT", bound=PublicUser)


class UserPage(BaseModel, Generic[UserT]):
    items: list[UserT]
    next: str | None


class TokenInfo(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime


class NewToken(TokenInfo):
    """The only time that the token itself is told."""

    token: str


class TokenList(BaseModel):
    items: list[TokenInfo]


class TokenOwner(BaseModel):
    """Which token was shown, and whose it is."""

    token_id: UUID
    user: OwnUser
