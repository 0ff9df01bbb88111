"""The paths of the provider's calls, behind its base URL, and the words of its own answers.

Source: CBOT, "Basics"; 360dialog, messaging API reference; On-Premises API reference, read 2026-08.
"""

from adapters.cbot.settings import Api

MESSAGES: dict[Api, str] = {"onpremise": "v1/messages", "cloud": "messages"}
MEDIA: dict[Api, str] = {"onpremise": "v1/media", "cloud": "media"}
CONTACTS = "v1/contacts"
WEBHOOK = "v1/configs/webhook"
TEMPLATES = "v1/configs/templates"
HEALTH = "health_status"

UNKNOWN_CONTACT = 1006
"""The On-Premises API does not know the number yet: it wants to be asked about it first."""

FORM_KEYS = frozenset({"contacts", "messages", "statuses", "errors"})
"""What the On-Premises form of a webhook has at its top."""
