"""Meta's Cloud API as its documents tell it, for tests, the demo and authors offline.

Drive it in the same process::

    sandbox = CloudSandbox(CloudSettings(webhook_url="http://127.0.0.1:8080/webhooks/shop"))
    async with served(sandbox) as address:  # the line's base_url is f"{address}/v23.0"
        maria = sandbox.contact("5215550001", name="Maria")
        await maria.says("hi")  # returns when the webhook was answered
        (question,) = await maria.receives()
        await maria.taps("Large")  # by title or id; `chooses` for the rows of a list
        sandbox.faults.arm(Fault(kind="error", code=130429), sandbox.monotonic())
        sandbox.ahead = timedelta(hours=25)
        sandbox.requests  # everything it received, nothing merged

or mount `routes(sandbox, prefix="/sandbox")` in another application, or let it run on its own:
`parley sandbox cloud --port 8090 --webhook http://127.0.0.1:8080/webhooks/shop`, driven over
`/_sandbox/...`. docs/howto/sandbox.md has the whole of it.

It is written from the documents and knows no adapter.
"""

from adapters.sandbox.cloud.sandbox import CloudSandbox
from adapters.sandbox.cloud.settings import CloudSettings
from adapters.sandbox.contact import Contact, NothingToTap
from adapters.sandbox.faults import Fault
from adapters.sandbox.ledger import Delivery, Request
from adapters.sandbox.phone import Bubble, Option
from adapters.sandbox.server import build_app, routes, served
from adapters.sandbox.settings import ApprovedTemplate

__all__ = [
    "ApprovedTemplate",
    "Bubble",
    "CloudSandbox",
    "CloudSettings",
    "Contact",
    "Delivery",
    "Fault",
    "NothingToTap",
    "Option",
    "Request",
    "build_app",
    "routes",
    "served",
]
