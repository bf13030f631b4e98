"""The verbs of an account: register, authenticate, change, appoint. Free of HTTP."""

from psycopg.errors import UniqueViolation
from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.problems import Conflict, FieldError, Forbidden, Invalid, NotFound, Unauthenticated
from users_service import events, passwords
from users_service.models import User
from users_service.schemas import ProfileChange, Registration

ROLES = ("member", "moderator", "admin")
SITE = "broadsheet"


def register(session: Session, wanted: Registration) -> User:
    """Make an account. Raises Invalid for a guessable password, Conflict when name or address are taken."""
    _check_password(wanted.password, wanted.username, wanted.email)
    user = User(username=wanted.username, email=wanted.email, password_hash=passwords.hashed(wanted.password))
    session.add(user)
    _flush_unique(session)
    events.announce(session, events.REGISTERED, user)
    return user


def authenticate(session: Session, login: str, password: str) -> User:
    """Return the account with this name or address. Raises Unauthenticated, the same for every reason."""
    by_login = or_(func.lower(User.username) == login.lower(), func.lower(User.email) == login.lower())
    user = session.scalar(select(User).where(by_login))
    if not passwords.verified(user.password_hash if user else None, password) or user is None:
        raise Unauthenticated("Name or password is not right.")
    if passwords.outdated(user.password_hash):
        user.password_hash = passwords.hashed(password)
    return user


def change(session: Session, user: User, wanted: ProfileChange) -> User:
    """Change what is given. Raises Invalid, Conflict, Forbidden without the current password where it is needed."""
    changes = wanted.given()
    current = changes.pop("current_password", None)
    if changes.keys() & {"email", "password"}:
        _check_current_password(user, current)
    if "password" in changes:
        _check_password(changes["password"], user.username, user.email)
        changes["password_hash"] = passwords.hashed(changes.pop("password"))
    for name, value in changes.items():
        setattr(user, name, value)
    _flush_unique(session)
    events.announce(session, events.CHANGED, user)
    return user


def appoint(session: Session, username: str, role: str) -> User:
    """Give an account a role. Raises NotFound, or Invalid for a role that does not exist."""
    if role not in ROLES:
        raise Invalid(errors=[FieldError("role", f"is one of {', '.join(ROLES)}")])
    user = session.scalar(select(User).where(func.lower(User.username) == username.lower()))
    if user is None:
        raise NotFound("There is no such user.")
    user.role = role
    return user


def _check_password(password: str, username: str, email: str) -> None:
    if passwords.too_guessable(password, username, email, email.partition("@")[0], SITE):
        raise Invalid(errors=[FieldError("password", "is too easy to guess")])


def _check_current_password(user: User, current: str | None) -> None:
    why = None
    if current is None:
        why = "is needed to change the e-mail address or password"
    elif not passwords.verified(user.password_hash, current):
        why = "is not right"
    if why:
        raise Forbidden("That takes the current password.", errors=[FieldError("current_password", why)])


def _flush_unique(session: Session) -> None:
    """The database alone knows what is unique when two ask at once."""
    try:
        session.flush()
    except IntegrityError as error:
        if not isinstance(error.orig, UniqueViolation):
            raise
        field = "email" if error.orig.diag.constraint_name == "users_email_key" else "username"
        raise Conflict("Somebody has that already.", errors=[FieldError(field, "is taken")]) from error
