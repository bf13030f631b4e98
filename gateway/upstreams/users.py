"""users_service: its verbs, and the records of which the gateway uses every field."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.upstreams.service import Page, ServiceClient, record
from shared.problems import NotFound

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,79}")


@dataclass(frozen=True, slots=True)
class User:
    """`created_at` is RFC 3339. `email` and `role` are None unless the caller may know them."""

    id: int
    username: str
    display_name: str
    bio: str
    created_at: str
    email: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Token:
    id: str
    name: str
    created_at: str
    expires_at: str


@dataclass(frozen=True, slots=True)
class NewToken(Token):
    """`token` is the secret itself, told this once."""

    token: str


@dataclass(frozen=True, slots=True)
class TokenOwner:
    token_id: str
    user: User


class UsersClient(ServiceClient):
    __slots__ = ()

    async def register(self, username: str, email: str, password: str, key: str | None = None) -> User:
        """`key`: an Idempotency-Key."""
        body = {"username": username, "email": email, "password": password}
        return record(User, await self.call("POST", "/users", body=body, key=key))

    async def authenticate(self, login: str, password: str) -> User:
        return record(User, await self.call("POST", "/users/authenticate", body={"login": login, "password": password}))

    async def by_id(self, user_id: int) -> User:
        return record(User, await self.call("GET", f"/users/{user_id}"))

    async def by_name(self, username: str) -> User:
        """Raises NotFound, without a call for what can be nobody's name."""
        if not _NAME.fullmatch(username):
            raise NotFound("There is no such user.")
        return record(User, await self.call("GET", f"/users/by-name/{username}"))

    async def by_ids(self, ids: Iterable[int]) -> dict[int, User]:
        """Those that exist, by id; one call however many are asked for, none for none."""
        wanted = sorted(set(ids))
        if not wanted:
            return {}
        found = await self.call("GET", "/users/batch", {"ids": ",".join(map(str, wanted))})
        return {item["id"]: record(User, item) for item in found["items"]}

    async def page(self, q: str = "", email_domain: str = "", limit: int = 20, cursor: str | None = None) -> Page[User]:
        query = {"q": q, "email_domain": email_domain, "limit": limit, "cursor": cursor}
        found = await self.call("GET", "/users", query)
        return Page([record(User, item) for item in found["items"]], found["next"])

    async def update(self, user_id: int, **changes: str) -> User:
        """`changes`: of display_name, bio, email and password; the latter two need current_password."""
        return record(User, await self.call("PATCH", f"/users/{user_id}", body=changes))

    async def make_token(self, login: str, password: str, name: str) -> NewToken:
        body = {"login": login, "password": password, "name": name}
        return record(NewToken, await self.call("POST", "/tokens", body=body))

    async def owner_of(self, token: str) -> TokenOwner:
        found = await self.call("POST", "/tokens/authenticate", body={"token": token})
        return TokenOwner(found["token_id"], record(User, found["user"]))

    async def tokens(self) -> list[Token]:
        return [record(Token, item) for item in (await self.call("GET", "/tokens"))["items"]]

    async def revoke_token(self, token_id: str) -> None:
        await self.call("DELETE", f"/tokens/{token_id}")
