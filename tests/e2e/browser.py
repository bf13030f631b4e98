"""Somebody at a browser without scripts: opens pages, fills in their forms, follows where that leads.

    reader = Browser(url)
    page = reader.fills("/auth/login", login="alice", password="…")
    assert page.shows("Welcome back")

Needs nothing but a URL.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from tests.e2e.person import client

Attributes = list[tuple[str, str | None]]


@dataclass
class Form:
    """`fields`: by name, what is in them."""

    action: str
    method: str
    enctype: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Reads what there is to fill in, to follow and to read."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.text = ""
        self._link = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            kind = given.get("enctype", "application/x-www-form-urlencoded")
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").upper(), kind))
        elif tag in ("input", "textarea") and self.forms and given.get("name"):
            self.forms[-1].fields[given["name"]] = given.get("value", "")
            self._textarea = given["name"] if tag == "textarea" else ""
        elif tag == "a":
            self._link = given.get("href", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # Browsers drop the line end that follows the tag.
            typed = self.forms[-1].fields[self._textarea]
            self.forms[-1].fields[self._textarea] = typed.removeprefix("\r").removeprefix("\n")
            self._textarea = ""
        elif tag == "a":
            self._link = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.forms[-1].fields[self._textarea] += data
        else:
            self.text += data
            if self._link:
                self.links[self._link] = self.links.get(self._link, "") + data


class Page:
    def __init__(self, response: httpx.Response) -> None:
        assert response.headers["Content-Type"].startswith("text/html"), f"{response.url}: {response.text}"
        self.status = response.status_code
        self.path = response.url.path
        self.headers = response.headers
        reader = _Reader()
        reader.feed(response.text)
        self.links = reader.links
        self.forms = reader.forms
        self.text = " ".join(reader.text.split())

    @property
    def form(self) -> Form:
        """The one that changes something."""
        [form] = [form for form in self.forms if form.method == "POST"]
        return form

    def shows(self, text: str) -> bool:
        return text in self.text


class Browser:
    def __init__(self, url: str) -> None:
        self.http = client(url)
        self.http.follow_redirects = True
        self.http.headers["Accept"] = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"

    def opens(self, path: str, status: int = 200) -> Page:
        page = Page(self.http.get(path))
        assert page.status == status, f"{path}: {page.status} {page.text}"
        return page

    def fills(self, path: str, **fields: str) -> Page:
        """Open the page, fill in these fields of its form, leave the others as they are, and send it."""
        return self.sends(path, {**self.opens(path).form.fields, **fields})

    def sends(self, path: str, fields: dict[str, str]) -> Page:
        """Send the fields to the page, as the site's forms do."""
        return Page(self.http.post(path, files={name: (None, value.encode()) for name, value in fields.items()}))

    @property
    def cookie(self) -> str | None:
        """The session id."""
        return next((cookie.value for cookie in self.http.cookies.jar if cookie.name.endswith("session")), None)
