"""Routes, response headers and the start of the server.

Routes have no Streamlit session: what they serve is public (plotly.js) or behind a name nobody
can guess (thumbnails, see `offer`).
"""

import base64
import functools
import gzip
import hashlib
import hmac
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from centerviz.figures.theme import PLOTLY_JS

FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
SPRITES_KEPT = 64
TOKEN = re.compile(r"[0-9a-f]{64}")

_secret = secrets.token_bytes(32)
_sprites: OrderedDict[str, bytes] = OrderedDict()
_lock = threading.Lock()


def offer(png: bytes) -> str:
    """Serve a PNG under `api/thumbnails/TOKEN.png` and return that address.

    The token is a keyed digest of the content: it cannot be guessed, and the same picture keeps
    its address while the server runs. The oldest pictures go when there are too many.
    """
    token = hmac.new(_secret, png, hashlib.sha256).hexdigest()
    with _lock:
        _sprites[token] = png
        _sprites.move_to_end(token)
        while len(_sprites) > SPRITES_KEPT:
            _sprites.popitem(last=False)
    return f"api/thumbnails/{token}.png"


async def thumbnails(request) -> Response:
    """A sprite sheet that was offered; anything else is 404."""
    token = request.path_params["token"]
    with _lock:
        png = _sprites.get(token) if TOKEN.fullmatch(token) else None
    if png is None:
        return PlainTextResponse("Not found", status_code=404)
    return Response(png, media_type="image/png", headers=FOREVER)


def plotly_script(request) -> Response:
    """plotly.js as it came with the wheel: nothing is fetched from elsewhere."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(PLOTLY_JS, media_type="text/javascript", headers=FOREVER)
    packed = {**FOREVER, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(_packed_plotly(), media_type="text/javascript", headers=packed)


@functools.cache
def _packed_plotly() -> bytes:
    """A third of the size: a class of thirty opens the first page at the same time."""
    return gzip.compress(PLOTLY_JS.read_bytes(), compresslevel=6, mtime=0)


def _inline_scripts() -> str:
    """CSP hashes of the scripts that stand inside Streamlit's index.html."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    bodies = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    digests = (hashlib.sha256(body.encode()).digest() for body in bodies)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


POLICY = "; ".join(
    (
        "default-src 'self'",
        # blob: is how Streamlit loads a component's script; Plotly's WebGL builds its drawing
        # functions from text. Text of people never becomes a script: inline ones stay refused.
        f"script-src 'self' blob: 'unsafe-eval' {_inline_scripts()}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class SecurityHeaders:
    """Adds our headers to every response; websockets and lifespan pass through untouched."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                ours = {name for name, _ in HEADERS}
                kept = [pair for pair in message["headers"] if pair[0].lower() not in ours]
                message["headers"] = [*kept, *HEADERS]
            await send(message)

        await self.app(scope, receive, send_with_headers)


@asynccontextmanager
async def lifespan(app) -> AsyncIterator[dict]:
    """Runs once per server process; the first visitor finds the first page's pair in memory."""
    threading.Thread(target=_get_ready, daemon=True).start()
    yield {}


def _get_ready() -> None:
    from centerviz.web import front  # with all it imports: that is what takes time

    front.shipped_pair()
    _packed_plotly()


def routes(base: str = "") -> list[Route]:
    """Our routes, below the base path as well: Streamlit moves its own there, not ours."""
    prefixes = dict.fromkeys(("", f"/{base.strip('/')}" if base.strip("/") else ""))
    return [
        Route(f"{prefix}{path}", answer)
        for prefix in prefixes
        for path, answer in (
            ("/api/plotly.js", plotly_script),
            ("/api/thumbnails/{token}.png", thumbnails),
        )
    ]


MIDDLEWARE = [Middleware(SecurityHeaders)]
ROUTES = routes(st.get_option("server.baseUrlPath"))
