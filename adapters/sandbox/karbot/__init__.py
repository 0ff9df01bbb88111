"""Karbot: Gupshup's envelope in, a login and calls of its own out.

What its vendor publishes is the envelope alone. The login and the template call are as its clients make them; session
messages, templates and files are Gupshup's documented calls behind the Bearer token, answers and errors are Gupshup's.

Drive it as any sandbox::

    sandbox = KarbotSandbox(KarbotSettings(webhook_url="http://127.0.0.1:8080/webhooks/shop"))
    async with served(sandbox) as address:  # the line's base_url
        await sandbox.contact("5215550001234", name="Maria").says("hi")

It is written from the documents and knows no adapter.
"""

from adapters.sandbox.contact import Contact, NotDocumented, NothingToTap
from adapters.sandbox.faults import Fault
from adapters.sandbox.karbot.sandbox import KarbotSandbox
from adapters.sandbox.karbot.settings import KarbotSettings
from adapters.sandbox.ledger import Delivery, Request
from adapters.sandbox.phone import Bubble, Option
from adapters.sandbox.server import build_app, routes, served
from adapters.sandbox.settings import ApprovedTemplate

__all__ = [
    "ApprovedTemplate",
    "Bubble",
    "Contact",
    "Delivery",
    "Fault",
    "KarbotSandbox",
    "KarbotSettings",
    "NotDocumented",
    "NothingToTap",
    "Option",
    "Request",
    "build_app",
    "routes",
    "served",
]
