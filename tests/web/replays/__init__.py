"""How each provider's documented webhooks are replayed over HTTP: one module a provider, listed here."""

from tests.web.replays.base import Replay
from tests.web.replays.cbot import CBOT
from tests.web.replays.cloud import CLOUD
from tests.web.replays.gupshup import GUPSHUP
from tests.web.replays.interakt import INTERAKT
from tests.web.replays.karbot import KARBOT
from tests.web.replays.sobot import SOBOT

REPLAYS: tuple[Replay, ...] = (CBOT, CLOUD, GUPSHUP, INTERAKT, KARBOT, SOBOT)
