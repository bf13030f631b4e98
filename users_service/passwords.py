"""Passwords: argon2id (RFC 9106) at OWASP's 19 MiB, two passes, one lane; and which passwords are refused."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.problems import Unavailable

# Hashes that run at once: each takes a core for some 30 ms and 19 MiB, and a flood of them must not starve the rest.
AT_ONCE = 2
PATIENCE = 0.5  # seconds to wait for a turn

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = threading.BoundedSemaphore(AT_ONCE)
# Compared with when there is no such account, so that both answers take the same time.
_NOBODY = _hasher.hash("no account has this password")


class _Turn:
    def __enter__(self) -> None:
        if not _turns.acquire(timeout=PATIENCE):
            raise Unavailable("Too many people sign in at this moment.", retry_after=2)

    def __exit__(self, *_: object) -> None:
        _turns.release()


def hashed(password: str) -> str:
    with _Turn():
        return _hasher.hash(password)


def verified(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for no account (None) as for a wrong password."""
    with _Turn():
        try:
            _hasher.verify(password_hash or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def too_guessable(password: str, *known: str) -> bool:
    """Whether it is what everybody knows of the account (OWASP ASVS 5.0, 6.1.2), or one character repeated."""
    return password.lower() in {word.lower() for word in known} or len(set(password)) == 1
