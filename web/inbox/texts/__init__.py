"""Every string of the inbox, by region: the templates read them by name, as `t.NAME`.

`{name}` is filled in where it is shown. A language is another mapping with the same keys.
"""

from collections.abc import Mapping
from typing import Final

from web.inbox.texts import chat, frame, lists, live, people, side, supervise
from web.transcript import texts as transcript

REGIONS: Final[tuple[Mapping[str, str], ...]] = (
    transcript.ENGLISH,
    frame.ENGLISH,
    people.ENGLISH,
    lists.ENGLISH,
    chat.ENGLISH,
    side.ENGLISH,
    supervise.ENGLISH,
    live.ENGLISH,
)

ENGLISH: Final[dict[str, str]] = {name: text for part in REGIONS for name, text in part.items()}
