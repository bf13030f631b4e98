"""What a service refuses arrives in the gateway as the exception that it is; what it gets wrong as Unavailable."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from deploy.local import ports
from gateway.transport import open_client
from gateway.upstreams import Services
from shared.identity import Signer
from shared.problems import Conflict, FieldError, Forbidden, Invalid, NotFound, Problem, Unauthenticated, Unavailable
from tests.contract.conftest import Acting, Register
from tests.contract.records import whole
from tests.e2e.person import PASSWORD

NOBODYS = 2**62


class MoreFields(httpx.AsyncBaseTransport):
    """A service of the next release: every object that it tells has a field that nobody here has heard of."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._client.send(request)
        return httpx.Response(answer.status_code, json=_with_more(answer.json()) if answer.content else None)


def _with_more(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_more(item) for item in value]
    if isinstance(value, dict):
        return {name: _with_more(item) for name, item in value.items()} | {"unheard_of": {"really": True}}
    return value


def answering(services: Services, answer: Callable[[httpx.Request], httpx.Response]) -> Services:
    """The same clients with another wire."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return replace(services, users=replace(services.users, client=client), posts=replace(services.posts, client=client))


async def test_a_refused_proof(services: Services, register: Register) -> None:
    user = await register()
    with pytest.raises(Unauthenticated, match="not right"):
        await services.users.authenticate(user.username, "a wrong password")
    with pytest.raises(Unauthenticated):
        await services.users.owner_of("bs_made-up")
    with pytest.raises(Unauthenticated):
        await services.posts.create("By nobody", "A text")


async def test_what_belongs_to_another(services: Services, acting: Acting, register: Register) -> None:
    ada, bob = await register(), await register()
    post = await acting(ada).posts.create("By ada", "A text")
    for attempt in (
        acting(bob).posts.update(post.id, title="By bob"),
        acting(bob).posts.delete(post.id),
        acting(bob).users.update(ada.id, bio="By bob"),
        acting(bob).users.page(email_domain="example.org"),
    ):
        with pytest.raises(Forbidden):
            await attempt
    assert await services.posts.by_id(post.id) == post


async def test_what_is_not_there(services: Services, acting: Acting, register: Register) -> None:
    ada = acting(await register())
    for attempt in (
        services.users.by_id(NOBODYS),
        services.users.by_name("no-such-name"),
        services.users.by_name("a/b?c=d#e"),
        ada.users.revoke_token("11111111-1111-4111-8111-111111111111"),
        services.posts.by_id(NOBODYS),
        ada.posts.update(NOBODYS, title="A title"),
        ada.posts.delete(NOBODYS),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_what_is_taken(services: Services, register: Register) -> None:
    user = await register()
    with pytest.raises(Conflict) as caught:
        await services.users.register(user.username, "another@example.org", PASSWORD)
    assert caught.value.errors == (FieldError("username", "is taken", "body"),)


async def test_what_is_wrong_says_where(services: Services, acting: Acting, register: Register) -> None:
    with pytest.raises(Invalid) as caught:
        await services.users.register("x", "nobody", "short")
    assert {(error.where, error.field) for error in caught.value.errors} == {
        ("body", "username"),
        ("body", "email"),
        ("body", "password"),
    }
    with pytest.raises(Invalid) as caught:
        await services.posts.page(limit=1000)
    assert [(error.where, error.field) for error in caught.value.errors] == [("query", "limit")]
    ada = acting(await register())
    with pytest.raises(Invalid):
        await ada.posts.create("", "")


async def test_a_statement_with_a_wrong_key_is_our_fault_and_not_the_callers(
    services: Services, acting: Acting, register: Register
) -> None:
    ada = acting(await register())
    wrong = Signer(secrets.token_hex(32), "users")
    for attempt in (
        replace(ada.users, signer=wrong).tokens(),
        replace(services.users, signer=wrong).authenticate("ada", PASSWORD),
        replace(ada.posts, signer=Signer(secrets.token_hex(32), "posts")).create("A title", "A text"),
        replace(ada.posts, signer=ada.users.signer).by_id(1),
    ):
        with pytest.raises(Unavailable):
            await attempt


async def test_a_service_that_tells_more_breaks_nothing(services: Services, acting: Acting, register: Register) -> None:
    user = await register()
    client = httpx.AsyncClient(transport=MoreFields(services.users.client))
    ada = acting(user)
    users, posts = replace(ada.users, client=client), replace(ada.posts, client=client)
    assert await users.by_id(user.id) == user
    assert (await users.page()).items[0].id == user.id
    token = await users.make_token(user.username, PASSWORD, "for a test")
    assert whole(token)
    assert (await users.owner_of(token.token)).user == user
    post = await posts.create("A title", "A text")
    assert whole(post)
    assert (await posts.page()).items[0] == post
    with pytest.raises(NotFound):
        await posts.by_id(NOBODYS)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500, json={"status": 500, "detail": "relation users does not exist"}),
        httpx.Response(502, text="<h1>Bad Gateway</h1>"),
        httpx.Response(503, json={"status": 503}, headers={"Retry-After": "2"}),
        httpx.Response(404, text="<h1>Not Found</h1>", headers={"Content-Type": "text/html"}),
        httpx.Response(403, content=b""),
        httpx.Response(200, text="<h1>It works!</h1>"),
        httpx.Response(418),
    ],
    ids=lambda answer: f"{answer.status_code} {answer.text:.20}",
)
async def test_an_answer_that_makes_no_sense_is_unavailable(services: Services, answer: httpx.Response) -> None:
    with pytest.raises(Unavailable) as caught:
        await answering(services, lambda request: answer).users.by_id(1)
    assert caught.value.headers["Retry-After"]
    assert "relation" not in caught.value.detail


async def test_a_service_that_is_not_there_is_unavailable(services: Services) -> None:
    async with open_client({"users": f"http://127.0.0.1:{ports.free(1)[0]}"}, at_once=1) as client:
        with pytest.raises(Unavailable):
            await replace(services.users, client=client).ready()


async def test_the_request_id_goes_along(services: Services) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["X-Request-ID"] == "of-a-contract-test"
        return httpx.Response(404, json={"detail": "as expected"})

    with pytest.raises(Problem, match="as expected"):
        await answering(services, answer).posts.by_id(1)
