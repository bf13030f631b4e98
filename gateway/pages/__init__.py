"""HTML for people: blueprints, forms, filters, with templates/ and static/ beside them. The same aggregates as the API's."""

from flask import Flask

from gateway.aggregates.parts import missing
from gateway.callers import caller
from gateway.pages.auth import auth
from gateway.pages.dashboard import dashboard
from gateway.pages.filters import install_filters
from gateway.pages.posts import posts
from gateway.pages.settings import settings
from gateway.pages.site import site
from gateway.pages.static_url import static_url
from gateway.pages.users import users
from shared.identity import ANONYMOUS, Caller
from shared.problems import Problem


def install_pages(app: Flask) -> None:
    # A post takes longer to write than Flask-WTF's hour, and the token ends with the session anyway.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", 12 * 3600)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    install_filters(app)
    app.add_template_global(static_url)
    app.add_template_global(missing)
    app.context_processor(lambda: {"viewer": _viewer()})
    for blueprint in (site, auth, users, posts, dashboard, settings):
        app.register_blueprint(blueprint)


def _viewer() -> Caller:
    """Who looks at the page: nobody, also where `caller` would raise, for then it is the error page that is rendered."""
    try:
        return caller()
    except Problem:
        return ANONYMOUS
