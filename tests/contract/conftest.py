"""The gateway's own clients, on the services of the running system."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

import pytest

from gateway.transport import open_client
from gateway.upstreams import Services
from gateway.upstreams.posts import PostsClient
from gateway.upstreams.users import User, UsersClient
from shared.identity import ANONYMOUS, Caller, Signer
from tests.e2e.person import PASSWORD, new_name
from tests.system import System

pytest.register_assert_rewrite("tests.contract.records")

Register = Callable[[], Awaitable[User]]


class Acting(Protocol):
    def __call__(self, user: User, role: str = ...) -> Services: ...


@pytest.fixture
async def services(system: System) -> AsyncIterator[Services]:
    """As somebody who is not signed in."""
    users, posts = system.table["users_service"].settings, system.table["posts_service"].settings
    addresses = {"users": f"http://{users['BIND']}", "posts": f"http://{posts['BIND']}"}
    async with open_client(addresses, at_once=10) as client:
        unbound = Services(
            UsersClient("users", client, Signer(users["USERS_IDENTITY_KEY"], "users")),
            PostsClient("posts", client, Signer(posts["POSTS_IDENTITY_KEY"], "posts")),
        )
        yield unbound.acting_for(ANONYMOUS, "of-a-contract-test", time.monotonic() + 10)


@pytest.fixture
def acting(services: Services) -> Acting:
    """Both services on behalf of a person in a role."""

    def act(user: User, role: str = "member") -> Services:
        return services.acting_for(Caller(user.id, role), "of-a-contract-test", time.monotonic() + 10)

    return act


@pytest.fixture
def register(services: Services) -> Register:
    """A new account."""

    async def made() -> User:
        name = new_name()
        return await services.users.register(name, f"{name}@{name}.example.org", PASSWORD)

    return made
