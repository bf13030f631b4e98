"""Who is calling: the gateway's short-lived signed statement, made on one side and checked on the other.

A JWT (RFC 7519) with HS256 (RFC 7518, 3.2). Each service has a key of its own, so that none can speak for the gateway
to another. Several comma-separated keys rotate with overlap: the first signs, all verify.
"""

import time
from dataclasses import dataclass
from functools import lru_cache

import jwt

LIFETIME = 60  # seconds that a statement is good for
REUSE = 20  # seconds for which the same statement is sent again instead of signing a new one
ISSUER = "gateway"
SCHEME = "Statement"  # of the Authorization header, and of the WWW-Authenticate of a refusal


@dataclass(frozen=True, slots=True)
class Caller:
    """`user_id` is None for an anonymous caller; `role` is member, moderator or admin."""

    user_id: int | None = None
    role: str | None = None

    @property
    def is_admin(self) -> bool:
        return self.role == "admin"


ANONYMOUS = Caller()


class InvalidStatement(Exception):
    """The statement is missing, expired, signed by nobody we know or meant for another service."""


class Signer:
    """Makes statements for one audience."""

    def __init__(self, keys: str, audience: str) -> None:
        key = keys.split(",")[0]

        @lru_cache(maxsize=4096)
        def sign(caller: Caller, period: int) -> str:
            claims: dict[str, object] = {"iss": ISSUER, "aud": audience, "exp": period * REUSE + LIFETIME}
            if caller.user_id is not None:
                claims |= {"sub": str(caller.user_id), "role": caller.role}
            return jwt.encode(claims, key, algorithm="HS256")

        self._sign = sign

    def sign(self, caller: Caller) -> str:
        return self._sign(caller, int(time.time()) // REUSE)


class Verifier:
    """Checks statements as one audience."""

    def __init__(self, keys: str, audience: str) -> None:
        self._keys = keys.split(",")
        self._audience = audience
        # The gateway sends a statement many times; checking its signature once is enough, its expiry is looked at each time.
        self._checked = lru_cache(maxsize=4096)(self._check)

    def verify(self, statement: str) -> Caller:
        """Raises InvalidStatement."""
        caller, expires = self._checked(statement)
        if time.time() >= expires:
            raise InvalidStatement("expired")
        return caller

    def _check(self, statement: str) -> tuple[Caller, int]:
        for key in self._keys:
            try:
                claims = jwt.decode(
                    statement,
                    key,
                    algorithms=["HS256"],
                    audience=self._audience,
                    issuer=ISSUER,
                    options={"require": ["exp", "aud", "iss"]},
                )
            except jwt.InvalidSignatureError:
                continue
            except jwt.InvalidTokenError as error:
                raise InvalidStatement(str(error)) from error
            subject = claims.get("sub")
            return (ANONYMOUS if subject is None else Caller(int(subject), claims.get("role"))), claims["exp"]
        raise InvalidStatement("no key of ours signed it")
