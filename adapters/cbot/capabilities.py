"""What a line can show and carry: Cloud's own figures, and the On-Premises API's.

Source: On-Premises API reference, messages and media; 360dialog, media, read 2026-08.
"""

from datetime import timedelta

from adapters.cbot.settings import Api
from adapters.cloud.capabilities import CAPABILITIES as CLOUD
from adapters.cloud.capabilities import MIB
from engine.core.capabilities import Capabilities

ONPREMISE = CLOUD.model_copy(
    update={
        # A voice note is plain audio on its way out; links and places are asked for in words.
        "kinds": CLOUD.kinds - {"voice", "cta_url", "location_request", "carousel"},
        "typing": False,
        "callback_length": 0,
        "messages_per_second": 50,
        "pair_interval": timedelta(0),
        "media_bytes": {
            "image": 5 * MIB,
            "video": 16 * MIB,
            "audio": 16 * MIB,
            # A hundred by link, but no more than this is taken as an upload.
            "document": 64 * MIB,
            "sticker": 100 * 1024,
        },
    }
)

CAPABILITIES: dict[Api, Capabilities] = {"cloud": CLOUD, "onpremise": ONPREMISE}

UPLOAD_LIFE = {"cloud": timedelta(days=29), "onpremise": timedelta(days=13)}
"""How long an uploaded file's id is used: it lives a day longer."""
