"""CBOT and 360dialog as their documents tell it, in both forms, for tests, the demo and authors offline.

Drive it in the same process::

    sandbox = CbotSandbox(CbotSettings(api="onpremise", webhook_url="http://127.0.0.1:8080/webhooks/shop"))
    async with served(sandbox) as address:  # the line's base_url is the address itself
        maria = sandbox.contact("5215550001", name="Maria")
        await maria.says("hi")  # returns when the webhook was answered
        (question,) = await maria.receives()
        await maria.taps("Large")

or let it run on its own: `parley sandbox cbot --set api=onpremise`, `parley sandbox 360dialog`. docs/howto/sandbox.md
has the whole of it.

It is written from the documents and knows no adapter. What is Meta's own it takes from Cloud's sandbox.
"""

from adapters.sandbox.cbot.sandbox import CbotSandbox, DialogSandbox
from adapters.sandbox.cbot.settings import CbotSettings
from adapters.sandbox.faults import Fault
from adapters.sandbox.server import build_app, routes, served
from adapters.sandbox.settings import ApprovedTemplate

__all__ = [
    "ApprovedTemplate",
    "CbotSandbox",
    "CbotSettings",
    "DialogSandbox",
    "Fault",
    "build_app",
    "routes",
    "served",
]
