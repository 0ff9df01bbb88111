"""What an account offers an RCS line beside the chat: customers, events, campaigns; the rest is WhatsApp's own."""

from engine.ports.services import ManualSetup, Services


def on_rcs(services: Services) -> Services:
    """Return those of an account's services that RCS has a part in.

    Templates, their files and the inbox are described for WhatsApp alone; RCS templates are approved by the operators.
    """
    return services._replace(templates=None, uploads=None, desk=None, webhook=Callbacks())


class Callbacks:
    """Where an assistant's callbacks go, which Interakt's team sets."""

    async def register(self, url: str) -> str:
        """Tell what to do by hand. Raises ManualSetup, always."""
        raise ManualSetup(
            f"Interakt has no call for this. Ask Interakt's team to send your RCS assistant's callbacks to {url}, "
            "signed with the line's signing_secret, and with the contacts' whole numbers."
        )
