"""The names a flow file is written with."""

from engine.core.content import (
    Actions,
    AddEvent,
    Button,
    Buttons,
    ButtonValue,
    CallToAction,
    Card,
    Carousel,
    Dial,
    Location,
    Media,
    OpenUrl,
    Product,
    Products,
    ProductSection,
    ShowLocation,
    Template,
)
from engine.core.conversation import Contact
from engine.flow.answers.email import Email
from engine.flow.answers.media import Audio, Document, Image, Video
from engine.flow.answers.money import Currency, Money
from engine.flow.answers.name import Name
from engine.flow.answers.phone import Phone
from engine.flow.answers.quantity import Quantity
from engine.flow.answers.ranges import DateRange, DateTimeRange
from engine.flow.answers.topic import Topic
from engine.flow.answers.when.tense import InFuture, InPast
from engine.flow.chat import Chat
from engine.flow.fields import Flow
from engine.flow.shows import Shows
from engine.flow.steps import Option, ask, choose, handoff, say, step
from engine.flow.targets import END, To, to
from engine.flow.templates import template
from engine.flow.times import after

__all__ = [
    "END",
    "Actions",
    "AddEvent",
    "Audio",
    "Button",
    "ButtonValue",
    "Buttons",
    "CallToAction",
    "Card",
    "Carousel",
    "Chat",
    "Contact",
    "Currency",
    "DateRange",
    "DateTimeRange",
    "Dial",
    "Document",
    "Email",
    "Flow",
    "Image",
    "InFuture",
    "InPast",
    "Location",
    "Media",
    "Money",
    "Name",
    "OpenUrl",
    "Option",
    "Phone",
    "Product",
    "ProductSection",
    "Products",
    "Quantity",
    "ShowLocation",
    "Shows",
    "Template",
    "To",
    "Topic",
    "Video",
    "after",
    "ask",
    "choose",
    "handoff",
    "say",
    "step",
    "template",
    "to",
]
