"""Template filters: how times, numbers and plain text are shown. They know of no request and no service."""

import re
from datetime import UTC, datetime

from flask import Flask
from markupsafe import Markup, escape

_BLANK_LINES = re.compile(r"\n\s*\n")


def format_datetime(value: str) -> Markup:
    """`2026-11-22T12:00:00.123456Z` as a `<time>` that reads `22 November 2026, 12:00 UTC`."""
    return _time(value, "%B %Y, %H:%M UTC")


def format_date(value: str) -> Markup:
    """The same, as short as `22 November 2026`: for lists, in which the minute does not matter."""
    return _time(value, "%B %Y")


def _time(value: str, rest: str) -> Markup:
    when = datetime.fromisoformat(value).astimezone(UTC)
    # HTML allows three digits of a second at the most, and RFC 3339 any number of them.
    # What a datetime formats to needs no escaping.
    return Markup(f'<time datetime="{when:%Y-%m-%dT%H:%M:%SZ}">{when.day} {when.strftime(rest)}</time>')  # noqa: S704


def excerpt(text: str, length: int = 280) -> str:
    """The beginning of a text in one line of at most `length` characters, cut between words where there are any."""
    line = " ".join(text[: length * 4].split())  # all of a long text would be split for nothing
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    words, _, _ = cut.rpartition(" ")
    return (words or cut).rstrip(" ,.;:–-") + "…"


def paragraphs(text: str) -> Markup:
    """Plain text as HTML: blank lines part paragraphs, other line ends are kept, and everything is escaped."""
    blocks = _BLANK_LINES.split(text.replace("\r\n", "\n").strip())
    return Markup("\n").join(
        Markup('<p dir="auto">{}</p>').format(Markup("<br>\n").join(escape(line) for line in block.split("\n")))
        for block in blocks
        if block
    )


def pluralize(count: int, singular: str, plural: str | None = None) -> str:
    """`1 post`, `0 posts`, `1,234 posts`; `plural` is for nouns that do not just take an s."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def install_filters(app: Flask) -> None:
    for show in (format_datetime, format_date, excerpt, paragraphs, pluralize):
        app.add_template_filter(show)
