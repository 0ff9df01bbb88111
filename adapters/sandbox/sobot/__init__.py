"""Sobot as its page tells it, for tests, the demo and authors offline.

Drive it in the same process::

    sandbox = SobotSandbox(SobotSettings(webhook_url="http://127.0.0.1:8080/webhooks/shop/secret"))
    async with served(sandbox) as address:  # the line's base_url is the address itself
        maria = sandbox.contact("5215550001", name="Maria")
        await maria.says("hi")  # returns when the webhook was answered, or was not: there is no second try
        (question,) = await maria.receives()
        await maria.taps("Large")
        sandbox.new_keys()  # as an admin does: the earlier pair is dead

or let it run on its own: `parley sandbox sobot`. docs/howto/sandbox.md has the whole of it.

It is written from the page and knows no adapter.
"""

from adapters.sandbox.faults import Fault
from adapters.sandbox.server import build_app, routes, served
from adapters.sandbox.settings import ApprovedTemplate
from adapters.sandbox.sobot.sandbox import SobotSandbox
from adapters.sandbox.sobot.settings import SobotSettings

__all__ = [
    "ApprovedTemplate",
    "Fault",
    "SobotSandbox",
    "SobotSettings",
    "build_app",
    "routes",
    "served",
]
