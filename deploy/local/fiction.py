"""Makes up demo people and posts from words.toml, the same for the same seed. Nothing is sent anywhere from here."""

import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
SUBJECTS: list[dict[str, Any]] = list(WORDS["subjects"].values())
SLOTS = ("thing", "act", "place", "person", "years", "season")
LETTERS = str.maketrans({"ø": "o", "ł": "l", "ı": "i"})  # those that do not come apart into a letter and a mark


@dataclass(frozen=True)
class Person:
    """Somebody to register; `username` has to be free."""

    username: str
    display_name: str
    bio: str


@dataclass(frozen=True)
class Text:
    """A post that nobody has written."""

    title: str
    body: str


def person(random: Random) -> Person:
    given, family = random.choice(WORDS["given"].split()), random.choice(WORDS["family"].split())
    trade, subjects = random.choice(WORDS["trades"]), random.sample(SUBJECTS, 2)
    bio = random.choice(WORDS["bios"]).format(
        trade=trade,
        town=random.choice(WORDS["towns"]),
        topic=subjects[0]["topic"],
        other=subjects[1]["topic"],
    )
    username = random.choice(["{0}_{1}", "{0}{1}", "{0}-{1}", "{2}{1}"]).format(*map(_plain, (given, family, given[0])))
    return Person(username, f"{given} {family}", bio)


def text(random: Random) -> Text:
    """A title and three to six paragraphs about one thing; no sentence occurs twice in it."""
    subject = random.choice(SUBJECTS)
    words = {slot: random.choice(subject.get(slot) or WORDS[slot]) for slot in SLOTS}
    words |= {slot.capitalize(): _sentence_case(word) for slot, word in words.items()}
    own, general = (random.sample(sentences, 10) for sentences in (subject["sentences"], WORDS["middles"]))
    paragraphs = [[random.choice(WORDS["openings"]), own.pop()]]
    for _ in range(random.randint(1, 4)):
        sentences = [own.pop(), general.pop(), random.choice((own, general)).pop()]
        paragraphs.append(random.sample(sentences, 3))
    paragraphs.append([own.pop(), random.choice(WORDS["closings"])])
    title = _sentence_case(random.choice(WORDS["titles"]).format_map(words))
    return Text(title, "\n\n".join(" ".join(paragraph) for paragraph in paragraphs).format_map(words))


def _sentence_case(words: str) -> str:
    return words[0].upper() + words[1:]


def _plain(name: str) -> str:
    """The name in the letters that a username may have."""
    decomposed = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    return "".join(letter for letter in decomposed if letter.isascii() and letter.isalnum())
