"""The journey of a writer and a reader, by API and by pages.

It takes a base URL and nothing else, so that any deployment can be walked: `walk_api("http://127.0.0.1:8000")`.
"""

from tests.e2e.browser import Browser
from tests.e2e.person import PASSWORD, Person, new_name, told


def walk_api(url: str, by_token: bool = True) -> None:
    alice, bob = Person.registers(url), Person.registers(url, new_name("bob"))
    for person in (alice, bob):
        person.takes_token() if by_token else person.signs_in()

    word = new_name("word")
    post = alice.publishes(f"About {word}", "First words.")
    assert post["author"] == {"id": alice.gets("/v1/me")["id"], "username": alice.name, "display_name": ""}
    assert bob.gets(f"/v1/posts/{post['id']}") == post
    assert post in bob.gets("/v1/posts")["items"]
    assert bob.gets("/v1/posts", author=alice.name)["items"] == [post]

    page = bob.gets(f"/v1/users/{alice.name}")
    assert (page["user"]["username"], page["posts"]["items"], page["counts"]) == (alice.name, [post], {"posts": 1})
    assert bob.gets(f"/v1/users/{alice.name}/posts")["items"] == [post]

    edited = alice.edits(post, title=f"More about {word}")
    assert (edited["title"], edited["body"]) == (f"More about {word}", "First words.")
    assert edited["updated_at"] > edited["created_at"] == post["created_at"]
    assert alice.edits(post, body="Second words.")["title"] == f"More about {word}"
    told(bob.http.patch(f"/v1/posts/{post['id']}", json={"title": "Mine now"}), 403)
    told(bob.http.delete(f"/v1/posts/{post['id']}"), 403)

    me = alice.changes(display_name=f"Alice of {word}", bio="Writes.")
    assert (me["display_name"], me["bio"], me["email"]) == (f"Alice of {word}", "Writes.", alice.email)
    found = bob.gets("/v1/search", q=word)
    assert [user["username"] for user in found["users"]["items"]] == [alice.name]
    assert [post["author"]["display_name"] for post in found["posts"]["items"]] == [f"Alice of {word}"]

    mine = alice.gets("/v1/dashboard")
    assert mine["user"] == me
    assert [item["body"] for item in mine["posts"]["items"]] == ["Second words."]
    assert bob.name in [user["username"] for user in mine["newest_users"]["items"]]

    alice.deletes(post)
    told(bob.http.get(f"/v1/posts/{post['id']}"), 404)
    told(alice.http.delete(f"/v1/posts/{post['id']}"), 404)
    assert bob.gets(f"/v1/users/{alice.name}")["counts"] == {"posts": 0}

    alice.revokes_token() if by_token else alice.signs_out()
    told(alice.http.get("/v1/me"), 401)
    assert bob.gets("/v1/me")["username"] == bob.name


def walk_pages(url: str) -> None:
    alice, reader = Browser(url), Browser(url)
    name, word = new_name(), new_name("word")

    page = alice.fills("/auth/register", username=name, email=f"{name}@example.org", password=PASSWORD)
    assert page.shows(f"Welcome, {name}!")
    assert alice.fills("/auth/logout").shows("You are signed out.")
    page = alice.fills("/auth/login", login=name.upper(), password=PASSWORD)
    assert (page.path, page.shows("Welcome back")) == ("/dashboard", True)

    page = alice.fills("/new", title=f"About {word}", body="First words.\n\n<b>Second</b> words.")
    post = page.path
    assert page.shows("Published.")
    assert page.shows("<b>Second</b> words.")
    page = reader.opens(post)
    assert page.shows(f"About {word}")
    assert f"{post}/edit" not in page.links
    assert f"About {word}" in reader.opens("/").links[post]
    assert f"About {word}" in reader.opens(f"/users/{name}").links[post]
    assert reader.opens("/users").links[f"/users/{name}"]

    page = alice.fills(f"{post}/edit", title=f"More about {word}")
    assert (page.path, page.shows("Saved."), page.shows(f"More about {word}")) == (post, True, True)
    page = alice.fills("/settings", display_name=f"Alice of {word}", bio="Writes.")
    assert (page.path, page.shows(f"Alice of {word}"), page.shows("Writes.")) == (f"/users/{name}", True, True)
    page = reader.opens(f"/search?q={word}")
    assert page.shows(f"Alice of {word}")
    assert f"More about {word}" in page.links[post]
    assert f"More about {word}" in alice.opens("/dashboard").links[post]

    assert alice.fills(f"{post}/delete").shows("Deleted.")
    reader.opens(post, 404)
    assert post not in alice.opens("/dashboard").links
    alice.fills("/auth/logout")
    page = alice.opens("/dashboard")
    assert (page.path, sorted(page.form.fields)) == ("/auth/login", ["csrf_token", "login", "password"])
