"""Taps that came back without their option's id, or without its title: what we showed still tells the other."""

from collections.abc import Sequence

from engine.core.content import (
    Action,
    Actions,
    ButtonReply,
    Buttons,
    Carousel,
    Content,
    Inbound,
    List,
    ListReply,
)
from engine.core.conversation import Conversation
from engine.core.ids import ExternalId
from engine.core.options import find_option, parse_option_id
from engine.core.signals import Arrival, MessageReceived


def quoted_by(arrival: Arrival) -> ExternalId | None:
    """Return the message of ours that tells what a tap without an option id means; None for everything else."""
    signal = arrival.signal
    if not isinstance(signal, MessageReceived) or signal.context is None:
        return None
    return signal.context.reply_to if _lacks_id(signal.content) else None


def resolved(arrival: Arrival, shown: Content) -> Arrival:
    """Return the arrival with the id of the option that the tap names, where the message shows one such title.

    Args:
        arrival: One for which `quoted_by` named a message.
        shown: What that message said.
    """
    signal = arrival.signal
    assert isinstance(signal, MessageReceived)
    content = signal.content
    assert isinstance(content, (ButtonReply, ListReply))
    meant = _meant(_options(shown), content.title.strip())
    if len(meant) != 1:
        return arrival
    tap = content.model_copy(update={"id": meant[0]})
    return arrival.model_copy(update={"signal": signal.model_copy(update={"content": tap})})


def titled(arrival: Arrival, conversation: Conversation) -> Arrival:
    """Return a tap that names its option alone (RCS) with the words that were tapped, for whoever reads along."""
    signal = arrival.signal
    if not isinstance(signal, MessageReceived):
        return arrival
    content = signal.content
    if not isinstance(content, ButtonReply) or content.title:
        return arrival
    option = parse_option_id(content.id)
    if option is None:
        return arrival
    for run in reversed(conversation.runs):
        offer = run.offers.get(option.step) if run.flow == option.flow else None
        found = None if offer is None else find_option(offer, option.key)
        if found is not None:
            tap = content.model_copy(update={"title": found.title})
            return arrival.model_copy(update={"signal": signal.model_copy(update={"content": tap})})
    return arrival


def _meant(options: Sequence[tuple[str, str]], title: str) -> list[str]:
    """Return the ids of the options with this title; some providers write the option's place behind it."""
    meant = [id_ for id_, its_title in options if its_title.strip() == title]
    placed = enumerate(options, start=1)
    return meant or [id_ for place, (id_, its) in placed if f"{its.strip()} {place}" == title]


def _lacks_id(content: Inbound) -> bool:
    return isinstance(content, (ButtonReply, ListReply)) and parse_option_id(content.id) is None


def _options(shown: Content) -> list[tuple[str, str]]:
    match shown:
        case Buttons(buttons=buttons):
            return [(button.id, button.title) for button in buttons]
        case List(sections=sections):
            return [(row.id, row.title) for section in sections for row in section.rows]
        case Actions(actions=actions):
            return _tappable(actions)
        case Carousel(cards=cards, actions=actions):
            return [
                *(each for card in cards for each in _tappable(card.actions)),
                *_tappable(actions),
            ]
        case _:
            return []


def _tappable(actions: Sequence[Action]) -> list[tuple[str, str]]:
    return [(action.id, action.title) for action in actions]
