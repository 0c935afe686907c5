"""Headers that every answer of the service has: what it shows a browser is its own, unframed, and kept by nobody.

Around the whole app, for an answer that no route matched, a redirect and a bug have none of their own. To a device they
mean nothing.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

YEAR_SECONDS = 365 * 86400
SAFE = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # "no-referrer" would have browsers send forms with "Origin: null"
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
# Only with a certificate that browsers know: they then refuse what they do not trust, without a way around it.
STRICT = {"strict-transport-security": f"max-age={YEAR_SECONDS}"}


class Armoured:
    """The app with these headers on each of its answers; one that names its own keeps it."""

    def __init__(self, app: ASGIApp, *, strict: bool) -> None:
        self._app = app
        self._headers = SAFE | STRICT if strict else SAFE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def armoured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, armoured)
