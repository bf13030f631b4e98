"""The forms of the pages, with the limits of the services: a field is called what the service calls it."""

import re
import secrets

from wtforms import EmailField, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from gateway.pages.page_form import PageForm
from shared.validation import EMAIL

_EMPTY = "Please fill this in."
# Nothing that phones and browsers like to correct.
_LITERAL = {"autocapitalize": "none", "spellcheck": "false"}


def _stripped(value: str | None) -> str | None:
    return value and value.strip()


def _unix_lines(value: str | None) -> str | None:
    """Forms end lines with CR LF, which would count as two characters."""
    return value and value.replace("\r\n", "\n")


def new_key() -> str:
    return secrets.token_urlsafe(16)


def _a_key(value: str | None) -> str:
    """What came, if it can be one of ours."""
    return value if value and re.fullmatch(r"[A-Za-z0-9_-]{22}", value) else new_key()


def _at_most(most: int) -> Length:
    return Length(max=most, message=f"Use at most {most:,} characters.")


def _username() -> StringField:
    return StringField(
        "Username",
        [
            DataRequired(_EMPTY),
            Length(3, 80, "Use 3 to 80 characters."),
            Regexp(r"[A-Za-z0-9]", message="Begin with a letter or a digit."),
            Regexp(r"[A-Za-z0-9_-]+\Z", message="Use only letters from A to Z, digits, hyphens and underscores."),
        ],
        [_stripped],
        "3 to 80 letters from A to Z, digits, hyphens and underscores. It is in the address of your page.",
        render_kw={"autocomplete": "username", **_LITERAL},
    )


def _email() -> EmailField:
    return EmailField(
        "E-mail address",
        [
            DataRequired(_EMPTY),
            _at_most(120),
            Regexp(EMAIL, message="Write it like name@example.org."),
        ],
        [_stripped],
        "Other readers never see it.",
        render_kw={"autocomplete": "email"},
    )


def _new_password(label: str) -> PasswordField:
    return PasswordField(
        label,
        [InputRequired(_EMPTY), Length(8, 256, "Use 8 to 256 characters.")],
        description="At least 8 characters; 15 are better. A few words in a row do well.",
        render_kw={"autocomplete": "new-password"},
    )


def _current_password(label: str = "Current password") -> PasswordField:
    return PasswordField(
        label,
        [InputRequired(_EMPTY), _at_most(256)],
        render_kw={"autocomplete": "current-password"},
    )


class RegisterForm(PageForm):
    username = _username()
    email = _email()
    password = _new_password("Password")


class LoginForm(PageForm):
    login = StringField(
        "Username or e-mail address",
        [DataRequired(_EMPTY), _at_most(120)],
        [_stripped],
        render_kw={"autocomplete": "username", **_LITERAL},
    )
    password = _current_password("Password")


class ConfirmForm(PageForm):
    """Nothing but the CSRF token: for what is done with one button."""


class PostForm(PageForm):
    for_a_person = True
    title = StringField("Title", [DataRequired(_EMPTY), _at_most(200)], [_stripped], render_kw={"autocomplete": "off"})
    body = TextAreaField(
        "Text",
        [DataRequired(_EMPTY), _at_most(100_000)],
        [_unix_lines],
        "Plain text. An empty line begins a new paragraph.",
        render_kw={"rows": 20},
    )


class NewPostForm(PostForm):
    """`key`: the Idempotency-Key of this very form, so that a second press of the button publishes nothing twice."""

    key = HiddenField(default=new_key, filters=[_a_key])


class ProfileForm(PageForm):
    for_a_person = True
    display_name = StringField(
        "Name",
        [_at_most(80)],
        [_stripped],
        "Shown in place of your username. You may leave it empty.",
        render_kw={"autocomplete": "name"},
    )
    bio = TextAreaField(
        "About you",
        [_at_most(500)],
        [_unix_lines],
        "A few sentences for your page; at most 500 characters.",
        render_kw={"rows": 5},
    )


class EmailForm(PageForm):
    for_a_person = True
    email = _email()
    current_password = _current_password()


class PasswordForm(PageForm):
    for_a_person = True
    current_password = _current_password()
    password = _new_password("New password")
