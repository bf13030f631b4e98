"""The gateway, put together."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from flask_openapi3 import OpenAPI

from gateway.api import install_api
from gateway.api.docs import INFO, SECURITY
from gateway.api.schemas import Problem
from gateway.asgi import AsgiApp, LoopFlask
from gateway.bridge import await_
from gateway.callers import services_for
from gateway.errors import install_errors
from gateway.headers import install_headers
from gateway.pages import install_pages
from gateway.session_store import SessionStore, open_redis
from gateway.sessions import install_sessions
from gateway.settings import Settings
from gateway.transport import open_client
from gateway.upstreams import Services
from gateway.upstreams.posts import PostsClient
from gateway.upstreams.users import UsersClient
from shared.health import install_health
from shared.identity import ANONYMOUS, Signer
from shared.requests import install_logs, install_requests
from shared.settings import load

MAX_BODY = 1024 * 1024  # bytes
A_YEAR = 365 * 24 * 3600  # seconds


class Gateway(LoopFlask, OpenAPI):
    """Flask on the loop, with its API described."""


def create_asgi_app() -> AsgiApp:
    """What gunicorn serves: `gunicorn -k asgi 'gateway.app:create_asgi_app()'`."""
    settings = load(Settings)
    app = create_app(settings)
    return AsgiApp(app, lambda: connections(app, settings))


def create_app(settings: Settings) -> Gateway:
    app = Gateway(
        "gateway",
        info=INFO,
        security_schemes=SECURITY,
        validation_error_model=Problem,
        doc_ui=False,
        static_folder="pages/static",
        template_folder="pages/templates",
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_BODY,
        PUBLIC_ORIGIN=settings.public_origin,
        API_BUDGET=settings.api_budget,
        PAGE_BUDGET=settings.page_budget,
        SEND_FILE_MAX_AGE_DEFAULT=A_YEAR,
    )
    install_logs("gateway")
    install_requests(app)
    install_sessions(app, secure=settings.cookie_secure)
    install_errors(app)
    install_headers(app, https=settings.cookie_secure)
    install_health(
        app,
        {
            "users": lambda: await_(services_for(ANONYMOUS).users.ready()),
            "posts": lambda: await_(services_for(ANONYMOUS).posts.ready()),
            "sessions": lambda: await_(app.extensions["sessions"].ping()),
        },
    )
    install_api(app)
    install_pages(app)
    return app


@asynccontextmanager
async def connections(app: Gateway, settings: Settings) -> AsyncIterator[None]:
    """Open what lives as long as the worker: one client for the services, one for the sessions."""
    addresses = {"users": settings.users_url, "posts": settings.posts_url}
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(open_client(addresses, settings.upstream_limit))
        redis = await stack.enter_async_context(open_redis(settings.redis_url))
        app.extensions["sessions"] = SessionStore(redis, settings.session_idle, settings.session_absolute)
        app.extensions["services"] = Services(
            UsersClient("users", client, Signer(settings.users_identity_key, "users")),
            PostsClient("posts", client, Signer(settings.posts_identity_key, "posts")),
        )
        yield
