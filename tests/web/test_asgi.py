"""What the server answers besides Streamlit's own pages, and the headers on everything."""

import asyncio
import gzip
from dataclasses import dataclass

import pytest
from starlette.applications import Starlette

from centerviz.web import asgi

APP = Starlette(routes=asgi.ROUTES, middleware=asgi.MIDDLEWARE)


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    content: bytes

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


def get(path: str, **headers: str) -> Answer:
    """One request to the app, without a server."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
        "scheme": "http",
        "server": ("127.0.0.1", 8501),
        "http_version": "1.1",
    }
    sent = []

    async def receive():
        await asyncio.Event().wait()  # nobody hangs up

    async def send(message):
        sent.append(message)

    asyncio.run(APP(scope, receive, send))
    headers = [(key.decode().lower(), value.decode()) for key, value in sent[0]["headers"]]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], headers, body)


def test_plotly_comes_from_the_wheel():
    answer = get("/api/plotly.js")
    assert answer.status == 200
    assert answer.header("content-type")[0].startswith("text/javascript")
    assert b"plotly.js v" in answer.content[:200]


def test_plotly_travels_packed_to_whoever_can_unpack_it():
    packed = get("/api/plotly.js", accept_encoding="gzip, br")
    assert packed.header("content-encoding") == ["gzip"]
    assert gzip.decompress(packed.content) == get("/api/plotly.js").content
    assert len(packed.content) < 0.4 * len(get("/api/plotly.js").content)


def test_an_offered_picture_is_served_under_its_address():
    png = b"\x89PNG one"
    assert get("/" + asgi.offer(png)).content == png


def test_the_same_picture_keeps_its_address():
    assert asgi.offer(b"same") == asgi.offer(b"same") != asgi.offer(b"other")


@pytest.mark.parametrize("token", ["0" * 64, "1", "..", "%2e%2e%2fapp", "g" * 64])
def test_a_guessed_address_is_not_found(token):
    assert get(f"/api/thumbnails/{token}.png").status == 404


def test_old_pictures_go_when_there_are_too_many():
    first = asgi.offer(b"first of many")
    for i in range(asgi.SPRITES_KEPT):
        asgi.offer(f"filler {i}".encode())
    assert get("/" + first).status == 404


@pytest.mark.parametrize("path", ["/api/plotly.js", "/nowhere"])
def test_every_answer_has_the_headers_once(path):
    answer = get(path)
    for name, value in asgi.HEADERS:
        assert answer.header(name.decode()) == [value.decode()]


def test_scripts_come_from_this_server_only():
    rules = dict(rule.split(" ", 1) for rule in asgi.POLICY.split("; "))
    assert "unsafe-inline" not in rules["script-src"]
    assert all("http" not in rule for rule in rules.values())
    assert rules["frame-ancestors"] == "'self'" and rules["object-src"] == "'none'"


def test_below_a_base_path_the_routes_are_there_too():
    assert {route.path for route in asgi.routes("lab/cv/")} == {
        "/api/plotly.js",
        "/api/thumbnails/{token}.png",
        "/lab/cv/api/plotly.js",
        "/lab/cv/api/thumbnails/{token}.png",
    }
    assert len(asgi.routes("")) == len(asgi.routes("/")) == 2
