"""The demo people and posts: believable, allowed, and the same every time."""

import re
from random import Random

from deploy.local import fiction


def test_the_same_seed_brings_the_same() -> None:
    assert fiction.person(Random("1 person 0")) == fiction.person(Random("1 person 0"))
    assert fiction.text(Random("1 0 ada")) == fiction.text(Random("1 0 ada"))
    assert fiction.text(Random("1 0 ada")) != fiction.text(Random("2 0 ada"))


def test_people_have_names_that_broadsheet_takes() -> None:
    for number in range(2000):
        person = fiction.person(Random(number))
        assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{2,70}", person.username)
        assert len(person.display_name) <= 80
        assert len(person.bio) <= 500


def test_texts_are_complete_and_do_not_repeat_themselves() -> None:
    for number in range(2000):
        text = fiction.text(Random(number))
        assert len(text.title) <= 200
        assert "{" not in text.title + text.body
        assert 3 <= text.body.count("\n\n") + 1 <= 6
        sentences = re.split(r"(?<=[.?!]) ", text.body.replace("\n\n", " "))
        assert len(sentences) - len(set(sentences)) == 0
