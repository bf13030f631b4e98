"""`docker compose up`: that all of it serves as it does elsewhere, scaled, and that what is confined is."""

import json
import time
from typing import Any

import httpx
import pytest

from tests.containers.composed import REPLICAS, Composed, service_of
from tests.e2e.browser import Browser
from tests.e2e.journey import walk_api, walk_pages
from tests.e2e.person import PASSWORD, Person, client, new_name, told

JOBS = {"secrets", "users_migrate", "posts_migrate"}
SECRETS = {
    "gateway": {"secret_key", "users_identity_key", "posts_identity_key", "redis_url"},
    "users_service": {"users_database_url", "users_identity_key", "redis_url"},
    "users_worker": {"users_database_url", "users_identity_key", "redis_url"},
    "users_db": {"password"},
    "posts_service": {"posts_database_url", "posts_identity_key", "redis_url"},
    "posts_worker": {"posts_database_url", "posts_identity_key", "redis_url"},
    "posts_db": {"password"},
    "redis": {"redis.conf"},
}
# Who has whose name resolved, which is who shares a network with whom.
REACHED = {
    "gateway": {"users-service", "posts-service", "redis"},
    "users_service": {"users-service", "posts-service", "users-db"},
    "posts_service": {"users-service", "posts-service", "posts-db"},
    "users_worker": {"users-db", "redis"},
    "posts_worker": {"posts-db", "redis"},
}


@pytest.mark.parametrize("by_token", [True, False], ids=["by token", "by cookie"])
def test_the_journey_by_api(composed: Composed, by_token: bool) -> None:
    walk_api(composed.url, by_token)


def test_the_journey_by_pages(composed: Composed) -> None:
    walk_pages(composed.url)


def test_every_replica_serves(composed: Composed) -> None:
    visitor = client(composed.url)
    for _ in range(30):
        told(visitor.get("/v1/posts"))
    for number in range(1, REPLICAS + 1):
        assert 'path="/posts' in composed.compose("logs", "--index", str(number), "posts_service"), number


def test_bad_input_is_told(composed: Composed) -> None:
    alice = Person.registers(composed.url).takes_token()
    problem = told(alice.http.post("/v1/posts", json={"body": "No title."}), 422)
    assert [error["field"] for error in problem["errors"]] == ["title"]
    told(alice.http.post("/v1/posts", content=b"{", headers={"Content-Type": "application/json"}), 400)
    told(alice.http.get(f"/v1/posts/{2**63}"), 404)
    told(alice.http.get("/v1/posts", params={"cursor": "made-up"}), 422)
    assert "POST" in alice.http.delete("/v1/posts").headers["Allow"]
    same = {"username": alice.name.upper(), "email": "another@example.org", "password": PASSWORD}
    told(client(composed.url).post("/v1/auth/register", json=same), 409)
    page = Browser(composed.url).fills("/auth/register", username="x y", email="no address", password=PASSWORD)
    assert (page.status, page.form.fields["username"]) == (422, "x y")


def test_containers_are_confined(composed: Composed) -> None:
    services = set()
    for container in composed.containers():
        service, host = service_of(container), container["HostConfig"]
        services.add(service)
        assert container["Config"]["User"].split(":")[0] not in ("", "0", "root"), service
        assert host["ReadonlyRootfs"], service
        assert host["CapDrop"] == ["ALL"], service
        assert not host["CapAdd"], service
        assert host["SecurityOpt"] == ["no-new-privileges:true"], service
        assert container["State"]["Status"] == ("exited" if service in JOBS else "running"), service
        assert container["State"]["ExitCode"] == 0, service
    assert services == {*SECRETS, *JOBS}
    for service in SECRETS:
        assert int(composed.run_in(service, "id", "-u")) > 0


def test_nothing_is_published_but_the_gateway(composed: Composed) -> None:
    published: dict[str, Any] = {}
    for container in composed.containers():
        for inner, outer in container["NetworkSettings"]["Ports"].items():
            if outer:
                published[f"{service_of(container)} {inner}"] = {binding["HostPort"] for binding in outer}
    assert published == {"gateway 8000/tcp": {str(composed.port)}}


@pytest.mark.parametrize("service", REACHED)
def test_a_container_reaches_what_it_needs_and_no_more(composed: Composed, service: str) -> None:
    names = sorted(set().union(*REACHED.values()))
    program = f"""
import os, socket
os.environ["RES_OPTIONS"] = "timeout:2 attempts:1"  # nobody answers for a name that is not there
for name in {names}:
    try:
        socket.getaddrinfo(name, None)
        print(name)
    except socket.gaierror:
        pass
"""
    assert set(composed.run_in(service, "python", "-c", program).split()) == REACHED[service]


def test_each_container_has_its_own_secrets_and_tells_nobody(composed: Composed) -> None:
    told_of = json.dumps(composed.containers()) + composed.compose("logs")
    for service, names in SECRETS.items():
        assert set(composed.run_in(service, "ls", "/run/secrets").split()) == names
        for name in names:
            secret = composed.run_in(service, "cat", f"/run/secrets/{name}").split()[-1]
            assert len(secret) >= 64
            assert secret not in told_of, f"{name} of {service}"


def test_a_service_that_is_stopped_takes_down_only_what_is_its(composed: Composed) -> None:
    alice = Person.registers(composed.url).takes_token()
    composed.compose("stop", "posts_service")
    try:
        for call in (("GET", "/v1/posts"), ("POST", "/v1/posts")):
            answer = alice.http.request(*call, json={"title": "Hello", "body": "Nobody there?"})
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert (told(answer, 503)["status"], int(answer.headers["Retry-After"]) > 0) == (503, True)
        assert Browser(composed.url).opens("/", 503).headers["Retry-After"]
        told(client(composed.url).get("/readyz"), 503)
        told(client(composed.url).get("/livez"))
        assert alice.at_another_device().signs_in().gets("/v1/me")["username"] == alice.name
        assert Browser(composed.url).opens("/users").links[f"/users/{alice.name}"]
    finally:
        composed.up()
    post = alice.publishes("There again")
    assert alice.gets(f"/v1/posts/{post['id']}") == post


def test_secrets_sessions_and_data_outlive_the_containers(composed: Composed) -> None:
    alice = Person.registers(composed.url, new_name()).signs_in()
    post = alice.publishes("Still here?")
    secret_key = composed.run_in("gateway", "cat", "/run/secrets/secret_key")
    time.sleep(1.5)  # Redis writes its file every second
    composed.compose("kill")
    composed.compose("down")
    composed.up(replicas=1)
    assert composed.run_in("gateway", "cat", "/run/secrets/secret_key") == secret_key
    assert alice.gets("/v1/me")["username"] == alice.name
    assert alice.gets(f"/v1/posts/{post['id']}") == post


def test_for_development_a_change_shows(composed: Composed) -> None:
    composed.up_for_development()
    walk_pages(composed.url)
    template = composed.tree / "gateway/pages/templates/base.html"
    template.write_text(template.read_text().replace("<title>", "<title>Changed: "))
    module = composed.tree / "posts_service/app.py"
    module.write_text(module.read_text() + "\nprint('changed')\n")
    deadline = time.monotonic() + 60
    while "Changed: " not in _title(composed) or "changed\n" not in composed.compose("logs", "posts_service"):
        assert time.monotonic() < deadline
        time.sleep(0.5)


def _title(composed: Composed) -> str:
    """Empty while the gateway starts anew."""
    try:
        return client(composed.url).get("/about").text
    except httpx.TransportError:
        return ""
