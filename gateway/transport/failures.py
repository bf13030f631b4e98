"""How a call can fail without an answer, as httpx sees it.

httpx.TransportError
 ├─ httpx.TimeoutException   the deadline passed, or no connection came about in time
 ├─ httpx.NetworkError …     refused, reset, cut in the middle
 ├─ Ejected                  every replica is ejected: nobody was asked
 └─ Overloaded               too many calls are under way already: nobody was asked
"""

import httpx


class Ejected(httpx.TransportError):
    """Every replica of the service is ejected and being probed."""


class Overloaded(httpx.TransportError):
    """The service has as many calls of this worker under way as it may have."""
