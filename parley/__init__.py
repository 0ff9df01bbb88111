"""The names a flow file is written with."""

from engine.core.content import Location, Media
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
from engine.flow.times import after

__all__ = [
    "END",
    "Audio",
    "Chat",
    "Contact",
    "Currency",
    "DateRange",
    "DateTimeRange",
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
    "Option",
    "Phone",
    "Quantity",
    "Shows",
    "To",
    "Topic",
    "Video",
    "after",
    "ask",
    "choose",
    "handoff",
    "say",
    "step",
    "to",
]
