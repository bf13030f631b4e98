"""Every verb of the gateway's client of posts_service, on the real one."""

import pytest

from gateway.upstreams import Services
from gateway.upstreams.posts import PostsClient
from shared.problems import NotFound
from tests.contract.conftest import Acting, Register
from tests.contract.records import untested, whole
from tests.e2e.person import new_name


@pytest.fixture
async def author(acting: Acting, register: Register) -> Services:
    """Both services on behalf of somebody new."""
    return acting(await register())


def test_every_verb_has_its_test() -> None:
    assert untested(PostsClient, globals()) == set()


async def test_ready(services: Services) -> None:
    await services.posts.ready()


async def test_create(author: Services) -> None:
    post = await author.posts.create("Of müch", "Text\nin 😀 lines")
    assert whole(post)
    assert (post.title, post.body, post.author_id) == ("Of müch", "Text\nin 😀 lines", author.posts.caller.user_id)
    assert post.created_at == post.updated_at


async def test_by_id(services: Services, author: Services) -> None:
    post = await author.posts.create("A title", "A text")
    assert await services.posts.by_id(post.id) == post


async def test_update(services: Services, author: Services) -> None:
    post = await author.posts.create("A title", "A text")
    changed = await author.posts.update(post.id, title="Another")
    assert whole(changed)
    assert (changed.title, changed.body, changed.created_at) == ("Another", "A text", post.created_at)
    assert changed.updated_at > post.updated_at
    assert await services.posts.by_id(post.id) == changed


async def test_delete(services: Services, author: Services) -> None:
    post = await author.posts.create("A title", "A text")
    await author.posts.delete(post.id)
    with pytest.raises(NotFound):
        await services.posts.by_id(post.id)


async def test_page(services: Services, author: Services) -> None:
    word, by = new_name("word").replace("-", ""), author.posts.caller.user_id or 0
    posts = [await author.posts.create(f"Number {number} of {word}", "A text") for number in range(3)][::-1]
    first = await services.posts.page(limit=2)
    assert (first.items, all(whole(post) for post in first.items)) == (posts[:2], True)
    assert (await services.posts.page(limit=2, cursor=first.next)).items[0] == posts[2]
    for found in (await services.posts.page(authors=[by, 2**62]), await services.posts.page(f"{word.upper()} number")):
        assert (found.items, found.next) == (posts, None)
    assert (await services.posts.page(word, [2**62])).items == []


async def test_counts(services: Services, author: Services) -> None:
    by = author.posts.caller.user_id or 0
    for _ in range(2):
        await author.posts.create("A title", "A text")
    assert await services.posts.counts([by, 2**62]) == {by: 2, 2**62: 0}
