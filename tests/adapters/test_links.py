"""Our own files get an address wherever they stand in a message; all else stays as it is."""

import pytest

from adapters.links import with_links
from engine.core.content import (
    Button,
    Buttons,
    CallToAction,
    Card,
    Carousel,
    Media,
    Outbound,
    Template,
    TemplateCard,
    Text,
)
from engine.core.errors import ContentRejected
from engine.ports import NoLinks

OURS = Media(kind="document", stored="file7", mime_type="application/pdf", filename="Menu.pdf")
LINKED = Media(
    kind="document",
    url="https://bot.example/media/file7/Menu.pdf",
    mime_type="application/pdf",
    filename="Menu.pdf",
)
THEIRS = Media(kind="image", url="https://files.example/1.jpg")


class Links:
    """Addresses that tell what they were made of."""

    def url(self, stored: str, *, mime_type: str | None, filename: str | None) -> str:
        """Return an address."""
        assert mime_type == "application/pdf"
        return f"https://bot.example/media/{stored}/{filename}"


def holding(media: Media) -> dict[str, Outbound]:
    """Return a message of each form with this file in it."""
    yes = (Button(id="y", title="Yes"),)
    return {
        "media": media,
        "buttons": Buttons(body="?", buttons=yes, header=media),
        "call to action": CallToAction(
            body="See", title="Open", url="https://a.example", header=media
        ),
        "carousel": Carousel(cards=(Card(media=media), Card(title="No file"))),
        "template": Template(name="n", language="en", header=media),
        "template cards": Template(
            name="n", language="en", cards=(TemplateCard(header=media), TemplateCard())
        ),
    }


@pytest.mark.parametrize("form", holding(OURS))
def test_a_file_of_ours_gets_an_address(form: str) -> None:
    assert with_links(holding(OURS)[form], Links()) == holding(LINKED)[form]


@pytest.mark.parametrize("form", holding(THEIRS))
def test_an_address_stays_what_it_is(form: str) -> None:
    assert with_links(holding(THEIRS)[form], NoLinks()) == holding(THEIRS)[form]


def test_a_text_stays_what_it_is() -> None:
    assert with_links(Text(body="Hi"), NoLinks()) == Text(body="Hi")


def test_without_a_public_address_a_file_of_ours_is_refused() -> None:
    with pytest.raises(ContentRejected, match="public_url"):
        with_links(OURS, NoLinks())
