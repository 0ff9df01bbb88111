"""Karbot's published webhooks: Gupshup's callbacks, to a line of Karbot's."""

from collections.abc import Sequence
from dataclasses import replace

from tests.web.replays.base import Payload
from tests.web.replays.gupshup import GUPSHUP

TABLE = """
[lines.karbot]
provider = "karbot"
email = "bot@shop.example"
password = "open, sesame"
app = "LineaAna"
source = "525550000009"
webhook_secret = "hidden-path"
base_url = "{base_url}"
"""


def _tables(replayed: Sequence[Payload], base_url: str) -> str:
    return TABLE.replace("{base_url}", base_url)


KARBOT = replace(GUPSHUP, provider="karbot", line="karbot/hidden-path", tables=_tables)
