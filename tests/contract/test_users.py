"""Every verb of the gateway's client of users_service, on the real one."""

import pytest

from gateway.upstreams import Services
from gateway.upstreams.users import User, UsersClient
from shared.problems import Unauthenticated
from tests.contract.conftest import Acting, Register
from tests.contract.records import untested, whole
from tests.e2e.person import PASSWORD, new_name


def test_every_verb_has_its_test() -> None:
    assert untested(UsersClient, globals()) == set()


async def test_ready(services: Services) -> None:
    await services.users.ready()


async def test_register(services: Services) -> None:
    name = new_name("Ada")
    user = await services.users.register(name, f"{name}@Example.org", PASSWORD)
    assert whole(user)
    assert (user.username, user.email, user.role) == (name, f"{name}@Example.org", "member")
    assert (user.display_name, user.bio) == ("", "")


async def test_authenticate(services: Services, register: Register) -> None:
    user = await register()
    for login in (user.username, user.username.upper(), user.email):
        found = await services.users.authenticate(login or "", PASSWORD)
        assert (found, whole(found)) == (user, True)


async def test_by_id(services: Services, acting: Acting, register: Register) -> None:
    user = await register()
    for seen_by, email in (
        (services, None),
        (acting(user), user.email),
        (acting(await register(), "admin"), user.email),
    ):
        found = await seen_by.users.by_id(user.id)
        assert whole(found)
        assert (found.username, found.email) == (user.username, email)


async def test_by_name(services: Services, acting: Acting, register: Register) -> None:
    user = await register()
    found = await services.users.by_name(user.username.upper())
    assert whole(found)
    assert (found.id, found.email, found.role) == (user.id, None, None)
    assert await acting(user).users.by_name(user.username) == user


async def test_by_ids(services: Services, register: Register) -> None:
    users = [await register() for _ in range(3)]
    found = await services.users.by_ids([user.id for user in users] * 2 + [2**62])
    assert {user_id: user.username for user_id, user in found.items()} == {user.id: user.username for user in users}
    assert all(whole(user) and user.email is None for user in found.values())
    assert await services.users.by_ids([]) == {}


async def test_page(services: Services, acting: Acting, register: Register) -> None:
    users = [await register() for _ in range(3)]
    first = await services.users.page(limit=2)
    assert [user.id for user in first.items] == [users[2].id, users[1].id]
    assert all(whole(user) and user.email is None for user in first.items)
    second = await services.users.page(limit=2, cursor=first.next)
    assert second.items[0].id == users[0].id
    assert [user.id for user in (await services.users.page(users[0].username)).items] == [users[0].id]
    domain = f"{users[0].username}.example.org"
    found = await acting(users[1], "admin").users.page(email_domain=domain)
    assert (found.items, found.next) == ([users[0]], None)


async def test_update(services: Services, acting: Acting, register: Register) -> None:
    user = await register()
    changed = await acting(user).users.update(user.id, display_name="Ada L.", bio="Numbers.")
    assert whole(changed)
    assert (changed.display_name, changed.bio, changed.email) == ("Ada L.", "Numbers.", user.email)
    risky = {"email": f"new-{user.email}", "password": "four rather small words", "current_password": PASSWORD}
    assert (await acting(user).users.update(user.id, **risky)).email == f"new-{user.email}"
    assert (await services.users.authenticate(user.username, risky["password"])).id == user.id


async def test_make_token(services: Services, register: Register) -> None:
    token = await services.users.make_token((await register()).username, PASSWORD, "for a test")
    assert whole(token)
    assert token.name == "for a test"
    assert token.created_at < token.expires_at


async def test_owner_of(services: Services, register: Register) -> None:
    user = await register()
    token = await services.users.make_token(user.username, PASSWORD, "for a test")
    owner = await services.users.owner_of(token.token)
    assert whole(owner)
    assert whole(owner.user)
    assert (owner.token_id, owner.user) == (token.id, user)


async def test_tokens(services: Services, acting: Acting, register: Register) -> None:
    user = await register()
    made = [await services.users.make_token(user.username, PASSWORD, name) for name in ("first", "second")]
    found = await acting(user).users.tokens()
    assert [token.id for token in found] == [made[1].id, made[0].id]
    assert all(whole(token) for token in found)


async def test_revoke_token(services: Services, acting: Acting, register: Register) -> None:
    user: User = await register()
    token = await services.users.make_token(user.username, PASSWORD, "for a test")
    await acting(user).users.revoke_token(token.id)
    with pytest.raises(Unauthenticated):
        await services.users.owner_of(token.token)
    assert await acting(user).users.tokens() == []
