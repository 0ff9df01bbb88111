"""The names a flow file is written with."""

from engine.core.content import Location, Media
from engine.core.conversation import Contact
from engine.flow.answers.media import Audio, Document, Image, Video
from engine.flow.chat import Chat
from engine.flow.fields import Flow
from engine.flow.steps import Option, ask, choose, handoff, say, step
from engine.flow.targets import END, To, to
from engine.flow.times import after

__all__ = [
    "END",
    "Audio",
    "Chat",
    "Contact",
    "Document",
    "Flow",
    "Image",
    "Location",
    "Media",
    "Option",
    "To",
    "Video",
    "after",
    "ask",
    "choose",
    "handoff",
    "say",
    "step",
    "to",
]
