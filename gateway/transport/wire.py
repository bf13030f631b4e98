"""The wire: aiohttp's client behind httpx's interface, with each answer read whole.

Services answer with small documents. Read here, an answer that is cut in the middle, or that never ends, is a failure of the
attempt, which every policy above sees as such.
"""

import httpx
from httpx_aiohttp import AiohttpTransport


class Wire(AiohttpTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        try:
            await response.aread()
        finally:
            await response.aclose()
        return response
