"""Errors as the client wants them: a problem document, or a page for whoever takes HTML first."""

from flask import Flask, Response, make_response, render_template, request

from gateway.settings import API_PREFIX
from shared.requests import as_problem, problem_response, request_id


def install_errors(app: Flask) -> None:
    @app.errorhandler(Exception)
    def answer(error: Exception) -> Response:
        problem = as_problem(error)
        if not wants_page():
            return problem_response(problem)
        page = render_template("error.html", problem=problem, request_id=request_id())
        return make_response(page, problem.status, problem.headers)


def wants_page() -> bool:
    """The API answers in JSON whatever is asked for; elsewhere HTML must be named, as every browser does."""
    return (
        not request.path.startswith(API_PREFIX)
        and request.accept_mimetypes.best_match(["application/problem+json", "application/json", "text/html"])
        == "text/html"
    )
