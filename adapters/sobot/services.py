"""What Sobot offers beside the chat: its customers and templates; its webhook is set by hand.

Source: Sobot API documentation, "Customers", read 2026-08.
"""

from collections.abc import Sequence

from adapters.line import SetByHand
from adapters.sobot.client import Client
from adapters.sobot.errors import CustomerExists
from adapters.sobot.payloads import CUSTOMERS, NAME_LENGTH, PAGE_SIZE, TEMPLATES
from adapters.sobot.templates import SobotTemplates
from adapters.wire import Wire, int_of, objects_of, text_of
from engine.core.addresses import canonical_phone
from engine.core.errors import (
    AddressRejected,
    AnswerLost,
    ContentRejected,
    ProviderUnreachable,
    SendError,
)
from engine.ports import Accepted, Refused
from engine.ports.services import ContactPage, Filter, Profile, Services

GENDERS = {"male": "Male", "female": "Female"}
"""The page says "Famale" for the second."""


BY_HAND = (
    "Sobot has no call for it. Sign in at app.sobot.in as an admin, open Settings > Developers tools and paste {url} "
    "as the webhook. Sobot signs nothing: the line's webhook_secret at the end keeps strangers out."
)


def services_of(client: Client, contacts: "SobotContacts") -> Services:
    """Return everything Sobot offers on one line."""
    return Services(
        contacts=contacts,
        templates=SobotTemplates(client),
        webhook=SetByHand(BY_HAND),
        probe=SobotProbe(client),
    )


class SobotContacts:
    """Sobot's customers."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def save(self, profile: Profile) -> None:
        """Add the customer, or update who has the number already; labels given replace the earlier ones."""
        result = await self.write(profile)
        if isinstance(result, Refused):
            raise result.error

    async def write(self, profile: Profile) -> Accepted | Refused:
        """Do as `save` does, and return what became of it."""
        if profile.phone is None:
            return Refused(AddressRejected("a customer at Sobot needs a phone number"))
        customer = render_customer(profile)
        added = {"mobile": profile.phone, **customer}
        result, exchange = await self._client.call("POST", CUSTOMERS, added)
        if isinstance(result, CustomerExists):
            path = f"{CUSTOMERS}/{profile.phone}"
            result, exchange = await self._client.call("PUT", path, customer)
        if isinstance(result, AnswerLost):  # written twice, it is the same customer
            result = ProviderUnreachable(str(result))
        if isinstance(result, SendError):
            return Refused(result, exchange)
        return Accepted(None, exchange)

    async def find(self, *, phone: str | None = None, user_id: str | None = None) -> Profile | None:
        """Return the customer with this number, looked for page by page: Sobot has no call for one."""
        if phone is None:
            raise ContentRejected("Sobot knows its customers by phone number alone")
        digits = canonical_phone(phone)
        async for page in self._client.pages(CUSTOMERS):
            for item in objects_of(page, "data"):
                if canonical_phone(text_of(item, "mobile") or "") == digits:
                    return _read_customer(item)
        return None

    async def list(
        self, *, filters: Sequence[Filter] = (), offset: int = 0, limit: int = 100
    ) -> ContactPage:
        """Return customers in Sobot's own order."""
        if filters:
            raise ContentRejected("Sobot cannot be asked for customers by what is known of them")
        first, skipped = divmod(offset, PAGE_SIZE)
        found: list[Wire] = []
        total: int | None = None
        more = False
        async for page in self._client.pages(CUSTOMERS, first=first + 1):
            found += objects_of(page, "data")[skipped if not found else 0 :]
            total, more = int_of(page, "count"), bool(page.get("next"))
            if len(found) >= limit:
                break
        profiles = tuple(map(_read_customer, found[:limit]))
        return ContactPage(profiles, total=total, more=more or len(found) > limit)


def render_customer(profile: Profile) -> dict[str, object]:
    """Return what Sobot keeps of a person, without the number."""
    born_on = profile.born_on
    fields: dict[str, object] = {
        "name": (profile.name or profile.phone or "")[:NAME_LENGTH],
        "email": profile.email,
        **{f"{site}_profile": url for site, url in profile.links.items()},
        "gender": None if profile.gender is None else GENDERS[profile.gender],
        "date_of_birth": None if born_on is None else f"{born_on:%d-%m-%Y}",
        # A key must not hold a space.
        "extra_fields": {key.replace(" ", "_"): value for key, value in profile.traits.items()},
        "labels": list(profile.tags),
    }
    return {key: value for key, value in fields.items() if value not in (None, {}, [])}


def _read_customer(item: Wire) -> Profile:
    return Profile(phone=text_of(item, "mobile"), name=text_of(item, "name"))


class SobotProbe:
    """Looks whether the keys work, by reading."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def check_key(self) -> str:
        """Return how many customers the keys open. Raises LineRejected for wrong ones."""
        page = (await self._client.call("GET", CUSTOMERS)).body()
        return f"Sobot takes the keys; the account has {int_of(page, 'count') or 0} customers"

    async def check_sender(self) -> str:
        """Return what may be sent; Sobot does not tell the number that sends."""
        query = {"status": "1"}
        page = (await self._client.call("GET", TEMPLATES, query=query)).body()
        count = int_of(page, "count") or 0
        return f"Sobot does not tell the number; the account has {count} approved templates"
