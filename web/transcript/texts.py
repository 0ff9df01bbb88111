"""The words that pages put around what was said: who spoke, what is no text, what became of a message.

`{name}` is filled in where it is shown. A language is another mapping with the same keys.
"""

from typing import Final

ENGLISH: Final[dict[str, str]] = {
    # --- who spoke
    "from_flow": "Bot",
    "from_engine": "Bot",
    "from_agent": "Agent",
    "from_consent": "Bot",
    "from_timer": "Bot, by the clock",
    "from_api": "Your systems, by the API",
    "from_broadcast": "Broadcast",
    "from_phone": "From the business's phone",
    # --- content
    "image": "Picture",
    "video": "Video",
    "audio": "Audio",
    "voice": "Voice message",
    "document": "Document",
    "sticker": "Sticker",
    "media_pending": "Being fetched…",
    "media_missing": "Not available: {reason}",
    "open_file": "Open {name}",
    "location": "Location",
    "products": "Products",
    "slides": "Cards",
    "deed": "For the provider: {what}",
    "template": "Template {name} ({language})",
    "order": "Basket ({n})",
    "form_reply": "Filled form",
    "edited": "Edited: {text}",
    "revoked": "Took a message back",
    "system": "Note from the provider: {event}",
    "unsupported": "Cannot be shown: {type}",
    "interaction": "Answer: {type}",
    "welcome": "Opened the chat",
    # --- what became of a message
    "status_received": "Received by the bot",
    "status_queued": "Waiting to be sent",
    "status_sending": "Being sent",
    "status_sent": "Sent",
    "status_delivered": "Delivered",
    "status_read": "Read",
    "status_played": "Played",
    "status_failed": "Not sent",
    "status_uncertain": "May not have arrived: no answer came back",
    "status_held": "Held: the window is closed",
    "sent_instead": "The window is closed; this went out in the place of:",
    "status_cancelled": "Cancelled before it left",
    "status_noted": "Kept here alone: this provider has no place for it",
    "status_stale": "Dropped: too late to be an answer",
}
