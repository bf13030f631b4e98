"""The settings of the gateway, each read from the environment variable of its name."""

from pydantic import field_validator

from shared.settings import ProcessSettings, Secret

API_PREFIX = "/v1"


class Settings(ProcessSettings):
    # Signs CSRF tokens. Changing it makes open forms expire, nothing more.
    secret_key: Secret
    # The keys of the caller statements, one a service; each service has its own. Two, comma-separated, while rotating.
    users_identity_key: Secret
    posts_identity_key: Secret
    # Where the services are; several comma-separated URLs, or one name that resolves to several addresses.
    users_url: str
    posts_url: str
    # Where the sessions are: redis://:password@host:port/0
    redis_url: str
    # Cookies only over https, under the __Host- prefix. Set it wherever the gateway is reached by https.
    cookie_secure: bool = False
    # The origin that browsers see, such as https://blog.example; when empty, that of the request's Host.
    public_origin: str = ""
    # Seconds without a request after which a session ends, for signed-in people.
    session_idle: int = 14 * 24 * 3600
    # Seconds after which a session ends in any case.
    session_absolute: int = 60 * 24 * 3600
    # Seconds after which no call of a service goes on, for the API and for pages: a little less than the 2 and 3 s
    # within which a client has its answer.
    api_budget: float = 1.8
    page_budget: float = 2.8
    # Calls of one service that one worker may have under way; what is over that is refused at once.
    upstream_limit: int = 200

    @field_validator("users_url", "posts_url")
    @classmethod
    def _plain_http(cls, value: str) -> str:
        if not all(url.startswith("http://") for url in value.split(",")):
            raise ValueError("begins with http://")
        return value
