"""Anything that stands in a transcript, whichever way it went."""

from typing import Annotated

from pydantic import Field

from engine.core.content.deeds import Assignment, ContactUpdate, Event
from engine.core.content.inbound import (
    ButtonReply,
    Edited,
    FormReply,
    Interaction,
    ListReply,
    Order,
    Revoked,
    System,
    TemplateButton,
    Unsupported,
    Welcome,
)
from engine.core.content.outbound import Buttons, CallToAction, List, LocationRequest, ReadMark
from engine.core.content.rich import Actions, Carousel, Product, Products
from engine.core.content.shared import Contacts, Location, Media, Reaction, Text
from engine.core.content.template import Template
from engine.core.ids import ExternalId
from engine.core.value import Utc, Value

Content = Annotated[
    Text
    | ButtonReply
    | ListReply
    | TemplateButton
    | Media
    | Location
    | Contacts
    | Reaction
    | Order
    | FormReply
    | Interaction
    | System
    | Welcome
    | Edited
    | Revoked
    | Unsupported
    | Buttons
    | List
    | CallToAction
    | LocationRequest
    | Product
    | Products
    | Actions
    | Carousel
    | Template
    | ReadMark
    | Event
    | ContactUpdate
    | Assignment,
    Field(discriminator="kind"),
]
"""Anything that stands in a transcript."""

BESIDE = frozenset({"reaction", "edited", "revoked", "system"})
"""Kinds that happen beside the talk: they are recorded, no more."""


class Echo(Value):
    """A message that the business sent from its own phone (`smb_message_echoes`)."""

    external_id: ExternalId
    content: Content
    sent_at: Utc
