"""Every sandbox by the name of its provider, listed by hand."""

from collections.abc import Mapping
from typing import Final

from adapters.sandbox.cbot import CbotSandbox, DialogSandbox
from adapters.sandbox.cloud import CloudSandbox
from adapters.sandbox.gupshup import GupshupSandbox
from adapters.sandbox.interakt import InteraktSandbox
from adapters.sandbox.karbot import KarbotSandbox
from adapters.sandbox.sandbox import Sandbox
from adapters.sandbox.sobot import SobotSandbox

SANDBOXES: Final[Mapping[str, type[Sandbox]]] = {
    "360dialog": DialogSandbox,
    "cbot": CbotSandbox,
    "cloud": CloudSandbox,
    "gupshup": GupshupSandbox,
    "interakt": InteraktSandbox,
    "karbot": KarbotSandbox,
    "sobot": SobotSandbox,
}
"""The sandbox of each provider, as `provider` in a `[lines.NAME]` table names it."""
