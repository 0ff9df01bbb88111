"""The inbox as an app on a phone: its manifest, the service worker, the page that stands there without a network."""

from typing import Final

import orjson
from aiohttp import web

from web.inbox import pages
from web.inbox.pages import FILES
from web.inbox.table import PREFIX
from web.inbox.texts import ENGLISH

COLOUR: Final = "#0b7a6b"
"""The palette's accent, for the phone's own bars."""
CANVAS: Final = "#f1efe9"


async def show_manifest(request: web.Request) -> web.StreamResponse:
    """Tell a browser how to install the inbox."""
    files = request.app[FILES]
    icons = [
        {"src": files.url(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]  # fmt: skip
    manifest = {
        "id": PREFIX,
        "name": ENGLISH["app_name"],
        "short_name": ENGLISH["brand"],
        "description": ENGLISH["app_about"],
        "start_url": PREFIX,
        "scope": PREFIX,
        "display": "standalone",
        "theme_color": COLOUR,
        "background_color": CANVAS,
        "icons": icons,
    }
    return web.Response(
        body=orjson.dumps(manifest),
        content_type="application/manifest+json",
        headers={"Cache-Control": "no-cache"},
    )


async def serve_worker(request: web.Request) -> web.StreamResponse:
    """Serve the service worker, with the version of the files it keeps; a browser asks for it anew each time."""
    files = request.app[FILES]
    script = files.by_path["sw.js"].replace(b"__VERSION__", files.version.encode())
    # The inbox itself has no slash at its end, so that the worker's own folder would not hold it.
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": PREFIX}
    return web.Response(
        body=script, content_type="text/javascript", charset="utf-8", headers=headers
    )


async def show_offline(request: web.Request) -> web.StreamResponse:
    """Show the page that a browser keeps for the time without a network."""
    response = pages.render_open(request, "offline.html")
    response.headers["Cache-Control"] = "no-cache"
    return response
