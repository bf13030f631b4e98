"""Requests to a data service on behalf of somebody, as the gateway signs them. For the services' own tests."""

import secrets
from copy import copy
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from shared.identity import ANONYMOUS, SCHEME, Caller, Signer
from shared.validation import IDEMPOTENCY_KEY

KEY = secrets.token_hex(32)


class As:
    """`As(app, audience, user_id).get(path)`: a test client that signs each request for this caller."""

    def __init__(self, app: Flask, audience: str, user_id: int | None = None, role: str = "member") -> None:
        caller = ANONYMOUS if user_id is None else Caller(user_id, role)
        self._headers = {"Authorization": f"{SCHEME} {Signer(KEY, audience).sign(caller)}"}
        self._client = app.test_client()

    def under(self, key: str) -> "As":
        """The same caller, with an Idempotency-Key."""
        other = copy(self)
        other._headers = self._headers | {IDEMPOTENCY_KEY: key}
        return other

    def get(self, path: str, **query: Any) -> TestResponse:
        return self._client.get(path, query_string=query, headers=self._headers)

    def post(self, path: str, **body: Any) -> TestResponse:
        return self._client.post(path, json=body, headers=self._headers)

    def patch(self, path: str, **body: Any) -> TestResponse:
        return self._client.patch(path, json=body, headers=self._headers)

    def delete(self, path: str) -> TestResponse:
        return self._client.delete(path, headers=self._headers)


def wrong_fields(answer: TestResponse) -> list[str]:
    """The names of the fields that a problem complains of."""
    return [error["field"] for error in answer.get_json()["errors"]]
