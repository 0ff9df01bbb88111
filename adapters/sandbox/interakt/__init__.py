"""Interakt as its documents tell it, both channels, for tests, the demo and authors offline.

It is driven as every sandbox is, see `adapters.sandbox.cloud`; `parley sandbox interakt`, with `--set channel=rcs` for
RCS, runs it on its own. Interakt's own ways: a webhook comes once, and is switched off after five failures in ten
minutes (`sandbox.courier.is_off`; `POST /_sandbox/webhook` switches it on again); `contact.refuses = 1013` is told by a
`failed` status after the answer; a fault's `code` may be `window`, `category`, `rate` or `key`.

It is written from the documents and knows no adapter.
"""

from adapters.sandbox.interakt.sandbox import InteraktSandbox
from adapters.sandbox.interakt.settings import InteraktSettings

__all__ = ["InteraktSandbox", "InteraktSettings"]
