"""Renders the pages: the templates' environment, the texts, and static files under an address that never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import aiohttp_jinja2
import jinja2
from aiohttp import hdrs, web
from markupsafe import Markup

from web import transcript
from web.inbox.chat.markup import marked_up
from web.inbox.errors import NotFound
from web.inbox.lists.faces import initials
from web.inbox.table import PREFIX, Asked
from web.inbox.texts import ENGLISH

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"

TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
}
"""What we serve; the machine's own table of types may say anything."""

FOREVER: Final = "public, max-age=31536000, immutable"

ENVIRONMENT = web.AppKey("inbox_environment", jinja2.Environment)


@dataclass(frozen=True, slots=True)
class Files:
    """The static files, read once; `version` is another where any of them is."""

    by_path: Mapping[str, bytes]
    version: str

    def url(self, path: str) -> str:
        """Return where a file is served. One version for all, so that files name each other by relative paths.

        Raises:
            KeyError: There is none.
        """
        if path not in self.by_path:
            raise KeyError(path)
        return f"{PREFIX}/static/{self.version}/{path}"


FILES = web.AppKey("inbox_files", Files)


def read_files(*folders: Path) -> Files:
    """Read the static files; where two have one name the later folder's counts."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    digest = sha256()
    for path, data in found.items():
        digest.update(path.encode() + b"\0" + len(data).to_bytes(8) + data)
    return Files(found, digest.hexdigest()[:16])


def setup_pages(app: web.Application) -> None:
    """Give the application the templates and the static files."""
    files = read_files(transcript.STATIC, STATIC)
    app[FILES] = files
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        app_key=ENVIRONMENT,
        default_helpers=False,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        t=ENGLISH, static=files.url, prefix=PREFIX, time=time_tag, marked_up=marked_up
    )
    environment.filters["initials"] = initials


def time_tag(at: datetime) -> Markup:
    """Return a time as an element: in UTC, until base.js writes it in the browser's own zone."""
    return Markup('<time datetime="{}" data-whole>{} UTC</time>').format(
        at.isoformat(timespec="seconds"), at.strftime("%Y-%m-%d %H:%M")
    )


async def serve_file(request: web.Request) -> web.StreamResponse:
    """Serve a static file. One of another version is the same file as it is now, not to be kept."""
    path = request.match_info["path"]
    files = request.app[FILES]
    data = files.by_path.get(path)
    kind = TYPES.get(Path(path).suffix)
    if data is None or kind is None:
        raise NotFound
    kept = FOREVER if request.match_info["version"] == files.version else "no-cache"
    return web.Response(body=data, headers={hdrs.CONTENT_TYPE: kind, hdrs.CACHE_CONTROL: kept})


async def show_nothing(asked: Asked) -> web.StreamResponse:
    """Say that there is no such page; who typed a slash too many meant the inbox."""
    if asked.request.path == f"{PREFIX}/":
        return web.Response(status=303, headers={hdrs.LOCATION: PREFIX})
    raise NotFound


def render(asked: Asked, template: str, *, status: int = 200, **context: object) -> web.Response:
    """Answer with a template, which also sees who asks and their token."""
    known = {"agent": asked.agent, "csrf": asked.csrf, "now": asked.now}
    return _rendered(asked.request, template, {**known, **context}, status)


def render_text(app: web.Application, template: str, **context: object) -> str:
    """Return a template's text, such as a part of a page that is sent by a stream."""
    return app[ENVIRONMENT].get_template(template).render(context)


def render_open(
    request: web.Request, template: str, *, status: int = 200, **context: object
) -> web.Response:
    """Answer with a template that everybody may see."""
    return _rendered(request, template, context, status)


def render_error(
    request: web.Request, *, status: int, code: str, said: str | None = None
) -> web.Response:
    """Answer with what went wrong: a page, or a small part where htmx asks.

    Args:
        request: The request.
        status: The answer's.
        code: Names the text.
        said: The text itself, where it is known better.
    """
    fallback = ENGLISH.get(f"error_{status}", ENGLISH["error_other"])
    text = said or ENGLISH.get(f"error_{code}", fallback)
    template = "error_part.html" if "HX-Request" in request.headers else "error.html"
    return _rendered(request, template, {"status": status, "text": text}, status)


def redirect(asked: Asked, path: str) -> web.Response:
    """Send the browser to a path of the inbox after something was done."""
    if "HX-Request" in asked.request.headers:
        return web.Response(status=204, headers={"HX-Redirect": path})
    return web.Response(status=303, headers={hdrs.LOCATION: path})


def _rendered(
    request: web.Request, template: str, context: Mapping[str, object], status: int
) -> web.Response:
    return aiohttp_jinja2.render_template(
        template, request, context, app_key=ENVIRONMENT, status=status
    )
