"""Finding posts."""

from collections.abc import Callable

import pytest

from shared.tests.callers import As

Publish = Callable[..., int]


def _ids(nobody: As, **query: object) -> list[int]:
    return [post["id"] for post in nobody.get("/posts", **query).get_json()["items"]]


@pytest.mark.parametrize("path", ["/posts/1", "/posts/9223372036854775807", "/posts/9223372036854775808", "/posts/x"])
def test_no_such_post_is_not_found(nobody: As, path: str) -> None:
    assert nobody.get(path).status_code == 404


def test_pages_follow_one_another_newest_first(nobody: As, publish: Publish) -> None:
    ids = [publish(1) for _ in range(5)]
    seen: list[int] = []
    cursor = None
    while True:
        page = nobody.get("/posts", limit=2, **({"cursor": cursor} if cursor else {})).get_json()
        seen += [post["id"] for post in page["items"]]
        publish(1)  # what is new while somebody reads on neither doubles nor hides anything
        if (cursor := page["next"]) is None:
            break
    assert seen == ids[::-1]


def test_by_author_or_authors(nobody: As, publish: Publish) -> None:
    one, two, three = publish(1), publish(2), publish(3)
    assert _ids(nobody, authors="1") == [one]
    assert _ids(nobody, authors="3,1") == [three, one]
    assert two not in _ids(nobody, authors="3,1")
    assert nobody.get("/posts", authors="").status_code == 422


def test_by_words_in_the_title_all_of_them_in_any_order(nobody: As, publish: Publish) -> None:
    flask = publish(1, "Asynchronous Flask in practice")
    redis = publish(1, "Redis in practice")
    assert _ids(nobody, q="practice") == [redis, flask]
    assert _ids(nobody, q="PRACTICE flask") == [flask]
    assert _ids(nobody, q="practice django") == []
    assert _ids(nobody, q="!&|") == []


def test_a_batch_is_those_that_exist(nobody: As, publish: Publish) -> None:
    one, two = publish(1), publish(2)
    found = nobody.get("/posts/batch", ids=f"{two},{one},4711").get_json()["items"]
    assert {post["id"] for post in found} == {one, two}


def test_counts_name_everybody_who_was_asked_for(nobody: As, publish: Publish) -> None:
    publish(1)
    publish(1)
    assert nobody.get("/posts/counts", authors="1,2").get_json() == {"1": 2, "2": 0}
