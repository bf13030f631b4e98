"""Somebody with an account who uses the JSON API, by bearer token or by session cookie:

    alice = Person.registers(url).takes_token()
    post = alice.publishes("Hello")

Needs nothing but a URL.
"""

import secrets
import ssl
from typing import Any, Self

import httpx

Json = dict[str, Any]
PASSWORD = "three small words"
_TLS = ssl.create_default_context()


def client(url: str) -> httpx.Client:
    """Keeps cookies but no connection: it need not be closed, and each request may meet another replica."""
    return httpx.Client(
        base_url=url, verify=_TLS, timeout=10, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
    )


def told(response: httpx.Response, status: int = 200) -> Any:
    """The JSON of an answer with this status; None when it is empty."""
    assert response.status_code == status, f"{response.request.method} {response.url}: {response.text}"
    return response.json() if response.content else None


def new_name(beginning: str = "alice") -> str:
    return f"{beginning}-{secrets.token_hex(4)}"


class Person:
    """Each verb asserts that it succeeds; what may fail is asked of `http`."""

    def __init__(self, url: str, name: str | None = None) -> None:
        self.url = url
        self.name = name or new_name()
        self.email = f"{self.name}@{self.name}.example.org"
        self.password = PASSWORD
        self.http = client(url)

    @classmethod
    def registers(cls, url: str, name: str | None = None) -> Self:
        person = cls(url, name)
        account = {"username": person.name, "email": person.email, "password": person.password}
        told(person.http.post("/v1/auth/register", json=account), 201)
        return person

    def takes_token(self) -> Self:
        asked = {"login": self.name, "password": self.password, "name": "e2e"}
        token = told(self.http.post("/v1/auth/tokens", json=asked), 201)["token"]
        self.http.headers["Authorization"] = f"Bearer {token}"
        return self

    def signs_in(self) -> Self:
        """As the site's own scripts would: with the cookie, and from the site's origin."""
        self.http.headers["Origin"] = self.url
        told(self.http.post("/v1/auth/login", json={"login": self.email, "password": self.password}))
        return self

    def at_another_device(self) -> "Person":
        """The same person, not yet signed in there."""
        other = Person(self.url, self.name)
        other.password = self.password
        return other

    def gets(self, path: str, **query: str | int) -> Any:
        return told(self.http.get(path, params=query or None))

    def publishes(self, title: str, body: str = "A few words.") -> Json:
        post: Json = told(self.http.post("/v1/posts", json={"title": title, "body": body}), 201)
        return post

    def edits(self, post: Json, **changes: str) -> Json:
        edited: Json = told(self.http.patch(f"/v1/posts/{post['id']}", json=changes))
        return edited

    def deletes(self, post: Json) -> None:
        told(self.http.delete(f"/v1/posts/{post['id']}"), 204)

    def changes(self, **changes: str) -> Json:
        me: Json = told(self.http.patch("/v1/me", json=changes))
        self.password = changes.get("password", self.password)
        return me

    def signs_out(self) -> None:
        told(self.http.post("/v1/auth/logout"), 204)

    def revokes_token(self) -> None:
        told(self.http.delete("/v1/auth/tokens/current"), 204)
