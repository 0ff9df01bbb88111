"""Gupshup as its documents tell it: forms out, version 2 of the envelope in.

Drive it as any sandbox::

    sandbox = GupshupSandbox(GupshupSettings(webhook_url="http://127.0.0.1:8080/webhooks/shop"))
    async with served(sandbox) as address:  # the line's base_url
        maria = sandbox.contact("5215550001", name="Maria")
        await maria.says("hi")
        (question,) = await maria.receives()
        await maria.taps("Large")
        await sandbox.opts(maria, "opted-out")

It is written from the documents and knows no adapter.
"""

from adapters.sandbox.contact import Contact, NotDocumented, NothingToTap
from adapters.sandbox.faults import Fault
from adapters.sandbox.gupshup.sandbox import GupshupSandbox
from adapters.sandbox.gupshup.settings import GupshupSettings
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
    "GupshupSandbox",
    "GupshupSettings",
    "NotDocumented",
    "NothingToTap",
    "Option",
    "Request",
    "build_app",
    "routes",
    "served",
]
