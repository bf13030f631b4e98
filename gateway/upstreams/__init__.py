"""The services, as the gateway sees them: typed clients with a few verbs, and the small records that they return."""

from dataclasses import dataclass

from gateway.upstreams.posts import PostsClient
from gateway.upstreams.users import UsersClient
from shared.identity import Caller


@dataclass(frozen=True, slots=True)
class Services:
    """Both services, on behalf of one caller."""

    users: UsersClient
    posts: PostsClient

    def acting_for(self, caller: Caller, request_id: str, deadline: float) -> "Services":
        return Services(
            self.users.acting_for(caller, request_id, deadline), self.posts.acting_for(caller, request_id, deadline)
        )
