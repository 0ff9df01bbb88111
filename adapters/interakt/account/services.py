"""What an Interakt account offers beside the chat; one account, whichever of its channels a line is.

Source: Interakt Public APIs, read 2026-08.
"""

from adapters.interakt.account.contacts import ContactBook, EventTracker
from adapters.interakt.account.templates import TemplateBook
from adapters.interakt.client import Client
from adapters.interakt.payloads import ASSIGNMENT, CAMPAIGNS, TEMPLATE_LIST, UPLOADS
from adapters.wire import part_of, text_in, text_of
from engine.core.errors import ProviderUnreachable
from engine.ports.services import ManualSetup, Services, UploadedFile


def build_services(client: Client) -> Services:
    """Return the services of one account."""
    return Services(
        contacts=ContactBook(client),
        events=EventTracker(client),
        templates=TemplateBook(client),
        campaigns=Campaigns(client),
        desk=ChatDesk(client),
        uploads=Uploads(client),
        webhook=Webhook(),
        probe=Probe(client),
    )


class Campaigns:
    """Campaigns that sends by API count for."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def create(self, name: str, *, template: str, language: str) -> str:
        """Return the id of a new campaign. Raises SendError."""
        asked = {
            "campaign_name": name,
            "campaign_type": "PublicAPI",
            "template_name": template,
            "language_code": language,
        }
        made = text_in(await self._client.told("POST", CAMPAIGNS, asked), "data", "campaignId")
        if made is None:
            raise ProviderUnreachable("the provider made the campaign but named no id")
        return made


class ChatDesk:
    """Interakt's own inbox."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def assign(self, phone: str, *, agent: str) -> None:
        """Give the chat of this number to the agent with this e-mail address. Raises SendError."""
        asked = {"user_phone_number": phone, "agent_email": agent}
        await self._client.told("POST", ASSIGNMENT, asked)


class Uploads:
    """Example files of templates to be approved; messages take links."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def upload(self, data: bytes, *, mime_type: str, filename: str) -> UploadedFile:
        """Hand a file over; its handle, address and name go into a template's header. Raises SendError."""
        said = await self._client.upload(
            UPLOADS,
            data,
            key="uploadFile",
            mime_type=mime_type,
            filename=filename,
            query={"fileCategory": "message_template_media"},
        )
        made = part_of(said, "data")
        handle = text_of(made, "file_handle")
        if handle is None:
            raise ProviderUnreachable("the provider took the file but named no handle")
        return UploadedFile(handle, text_of(made, "file_url"), text_of(made, "file_name"))


class Webhook:
    """The account's webhook, which is set on a page."""

    async def register(self, url: str) -> str:
        """Tell what to do by hand. Raises ManualSetup, always."""
        raise ManualSetup(
            f"Interakt has no call for this. Open Settings, Developer Settings: paste {url} as Webhook URL and the "
            "line's signing_secret as Secret Key; choose incoming messages and the sent, delivered, read, failed and "
            "clicked events of API messages, and save. Then switch Interakt's own bots off: auto replies, workflows, "
            "answer bot, welcome and out-of-office messages."
        )


class Probe:
    """Looks whether the key works."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def check_key(self) -> str:
        """Return that the key may ask for templates. Raises SendError."""
        await self._client.told("GET", TEMPLATE_LIST, query={"offset": "0", "language": "all"})
        return "Interakt takes the key"

    async def check_sender(self) -> str:
        """Refuse: Interakt tells nothing of the number that sends. Raises ManualSetup."""
        raise ManualSetup(
            "Interakt has no call that shows the number; a test message tells (--to NUMBER)"
        )
