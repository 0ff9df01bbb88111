"""Where a contact speaks from: language, country and time zone, as far as phone number and locale tell."""

from functools import lru_cache

import phonenumbers

from engine.core.conversation import Contact
from engine.core.script import Scene
from engine.flow.answers.reader import Here
from engine.flow.hours import hours_of


def here_of(scene: Scene) -> Here:
    """Return where the contact of the scene speaks from."""
    contact = scene.contact
    return Here(
        scene.now.astimezone(hours_of(scene).zone_of(contact)),
        scene.language.code,
        country_of(contact),
    )


def country_of(contact: Contact) -> str | None:
    """Return the country of the contact's phone number, else of the locale; ISO 3166-1 alpha-2."""
    country = None if contact.phone is None else _country_of_phone(contact.phone)
    if country is not None:
        return country
    parts = (contact.locale or "").replace("_", "-").split("-")[1:]
    return next((part.upper() for part in parts if len(part) == 2), None)


@lru_cache(maxsize=4096)
def _country_of_phone(phone: str) -> str | None:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(f"+{phone}"))
    except phonenumbers.NumberParseException:
        return None
