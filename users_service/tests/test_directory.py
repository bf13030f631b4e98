"""Finding people, and who may see what of them."""

from collections.abc import Callable

import pytest

from shared.tests.callers import As

Register = Callable[[str], int]
Acting = Callable[..., As]


def test_by_id_and_by_name_whatever_its_case(nobody: As, register: Register) -> None:
    ada = register("Ada")
    assert nobody.get(f"/users/{ada}").get_json()["username"] == "Ada"
    assert nobody.get("/users/by-name/aDA").get_json()["id"] == ada


@pytest.mark.parametrize(
    "path", ["/users/99", "/users/9223372036854775808", "/users/by-name/bob", "/users/-1", "/users/by-name/%00"]
)
def test_nobody_is_not_found(nobody: As, path: str) -> None:
    assert nobody.get(path).status_code == 404


def test_addresses_are_for_the_person_and_administrators(acting: Acting, register: Register) -> None:
    ada = register("ada")
    for path in (f"/users/{ada}", "/users/by-name/ada"):
        assert "email" not in acting().get(path).get_json()
        assert "email" not in acting(99, "moderator").get(path).get_json()
        assert acting(ada).get(path).get_json()["email"] == "ada@example.org"
        assert acting(99, "admin").get(path).get_json()["email"] == "ada@example.org"
    assert "example.org" not in acting().get("/users").text
    assert "example.org" not in acting(ada).get("/users/batch", ids=str(ada)).text


def test_a_batch_is_those_that_exist(nobody: As, register: Register) -> None:
    ada, bob = register("ada"), register("bob")
    found = nobody.get("/users/batch", ids=f"{bob},{ada},4711").get_json()["items"]
    assert {user["id"] for user in found} == {ada, bob}


@pytest.mark.parametrize("ids", ["", "x", "0", "-1", "9223372036854775808", ",".join(["1"] * 101)])
def test_a_batch_of_nonsense_is_refused(nobody: As, ids: str) -> None:
    assert nobody.get("/users/batch", ids=ids).status_code == 422


def test_pages_follow_one_another_newest_first(nobody: As, register: Register) -> None:
    ids = [register(f"user{number}") for number in range(5)]
    seen, cursor = [], None
    while True:
        page = nobody.get("/users", limit=2, **({"cursor": cursor} if cursor else {})).get_json()
        seen += [user["id"] for user in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == ids[::-1]


def test_search_is_anywhere_in_the_names_and_takes_no_wildcards(acting: Acting, register: Register) -> None:
    ada, bob = register("ada"), register("bob_100")
    acting(ada).patch(f"/users/{ada}", display_name="Countess of LOVELACE")
    nobody = acting()
    assert [user["id"] for user in nobody.get("/users", q="lovelace").get_json()["items"]] == [ada]
    assert [user["id"] for user in nobody.get("/users", q="B_1").get_json()["items"]] == [bob]
    assert nobody.get("/users", q="%").get_json()["items"] == []


def test_the_email_domain_is_for_administrators(acting: Acting, register: Register) -> None:
    register("ada")
    acting().post("/users", username="eve", email="eve@Elsewhere.net", password="open sesame")
    assert acting().get("/users", email_domain="elsewhere.net").status_code == 403
    found = acting(99, "admin").get("/users", email_domain="ELSEWHERE.net").get_json()["items"]
    assert [user["email"] for user in found] == ["eve@Elsewhere.net"]


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"cursor": "nonsense"}, {"q": "x" * 81}, {"q": "\x00"}]
)
def test_bad_queries_are_refused(nobody: As, query: dict[str, object]) -> None:
    answer = nobody.get("/users", **query)
    assert (answer.status_code, answer.get_json()["errors"][0]["in"]) == (422, "query")
