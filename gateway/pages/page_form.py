"""What all forms of the pages share: nothing typed is lost, whatever the reason for which a form is refused.

A refused form is rendered again with `form.status` as the answer's status:

    400  the CSRF token is missing, foreign or too old
    401  nobody is signed in (any more), or the proof is not good
    422  fields are wrong
    503  sessions or a service do not answer; and any other status with which a service refuses
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from flask import Response, after_this_request, request, session
from flask_wtf import FlaskForm

from gateway.callers import caller
from shared.problems import Problem, Unauthenticated, Unavailable

TOO_OLD = "This page had been open too long; please send it again."
SIGNED_OUT = "You are not signed in any more. Sign in in a new tab, then come back here and send this again."
NO_SESSIONS = "We cannot tell at the moment who is signed in."


class PageForm(FlaskForm):
    """A form with its CSRF token. `for_a_person`: only somebody who is signed in may send it."""

    for_a_person: ClassVar[bool] = False
    status = 200

    class Meta:
        def wrap_formdata(self, form: FlaskForm, formdata: object) -> Mapping[str, Any] | None:
            """The fields of a form alone: FlaskForm would also take JSON values and files, which are no text."""
            return request.form if form.is_submitted() else None

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        if session.lost:  # type: ignore[attr-defined]  # gateway.sessions.LazySession
            self.explain(Unavailable(NO_SESSIONS))
        elif self.for_a_person and caller().user_id is None:
            self.explain(Unauthenticated(SIGNED_OUT))
        elif not super().validate(extra_validators):
            self.status = 422
            if self.csrf_token.errors:
                self.explain(Problem(TOO_OLD, status=400))
        return self.status == 200

    def values(self) -> dict[str, Any]:
        """What was sent, under the names that a service's verb takes."""
        return {field.name: field.data for field in self if field is not self.csrf_token}

    def explain(self, problem: Problem) -> None:
        """Show a refusal: at their fields what is about fields, and the rest above the form."""
        self.status = problem.status
        for error in problem.errors:
            if error.field in self:
                field = self[error.field]
                field.errors = [*field.errors, _sentence(field.label.text, error.message)]
            else:
                self.form_errors.append(_sentence(error.field, error.message))
        if not problem.errors:
            self.form_errors.append(problem.detail or problem.title)
        if "Retry-After" in problem.headers:
            after_this_request(lambda response: _later(response, problem.headers["Retry-After"]))


@contextmanager
def explaining(form: PageForm) -> Iterator[None]:
    """Show in the form what a service refuses, instead of an error page."""
    try:
        yield
    except Problem as problem:
        form.explain(problem)


def _sentence(name: str, message: str) -> str:
    """The services say `is taken` of a field, or have a whole sentence."""
    return f"{name} {message}." if message[:1].islower() else message


def _later(response: Response, seconds: str) -> Response:
    response.headers["Retry-After"] = seconds
    return response
