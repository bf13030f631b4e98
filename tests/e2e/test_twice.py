"""What is sent twice is done once: by clients under an Idempotency-Key, by people who press a button twice."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.e2e.browser import Browser, Page
from tests.e2e.person import PASSWORD, Person, new_name

POST = {"title": "Once", "body": "and once only"}


@pytest.fixture
def alice(url: str) -> Person:
    return Person.registers(url).takes_token()


def _sends(person: Person, key: str, **changed: str) -> httpx.Response:
    return person.http.post("/v1/posts", json=POST | changed, headers={"Idempotency-Key": key})


def _titles(person: Person) -> list[str]:
    return [post["title"] for post in person.gets(f"/v1/users/{person.name}/posts")["items"]]


def test_a_client_gets_the_first_answer_again(alice: Person) -> None:
    first, again = _sends(alice, "k-1"), _sends(alice, "k-1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert _titles(alice) == ["Once"]


def test_a_key_is_for_one_request_of_one_person(url: str, alice: Person) -> None:
    _sends(alice, "k-1")
    assert _sends(alice, "k-1", title="Another").status_code == 422
    assert _sends(Person.registers(url).takes_token(), "k-1").status_code == 201
    assert _titles(alice) == ["Once"]


def test_of_many_at_once_one_is_done(alice: Person) -> None:
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: _sends(alice, "k-1"), range(10)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert _titles(alice) == ["Once"]


def test_one_registers_once(url: str) -> None:
    name = new_name()
    account = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
    registered = [
        httpx.post(f"{url}/v1/auth/register", json=account, headers={"Idempotency-Key": name}, trust_env=False)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in registered] == [201, 201]
    assert registered[0].json() == registered[1].json()


def test_a_key_that_is_none_is_refused(alice: Person) -> None:
    for key in ("", "x" * 101, "with blank"):
        assert _sends(alice, key).status_code == 400
    assert _titles(alice) == []


def test_a_button_pressed_twice_publishes_once(url: str, alice: Person) -> None:
    browser = Browser(url)
    browser.fills("/auth/login", login=alice.name, password=PASSWORD)
    fields = browser.opens("/new").form.fields | POST
    first, again = browser.sends("/new", fields), browser.sends("/new", fields)
    assert first.path == again.path
    assert _titles(alice) == ["Once"]


def test_a_form_that_was_sent_and_is_filled_anew_is_published_at_the_next_press(url: str, alice: Person) -> None:
    browser = Browser(url)
    browser.fills("/auth/login", login=alice.name, password=PASSWORD)
    fields = browser.opens("/new").form.fields | POST
    browser.sends("/new", fields)
    refused: Page = browser.sends("/new", fields | {"title": "Twice"})
    assert (refused.status, refused.form.fields["title"]) == (422, "Twice")
    browser.sends("/new", refused.form.fields)
    assert _titles(alice) == ["Twice", "Once"]
