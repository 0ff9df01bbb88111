"""What people did with a chat, in words: the thin lines of its transcript. Pure."""

from collections.abc import Mapping
from typing import Final, assert_never

from engine.core.hands import BY_RULE
from storage.inbox_chat import Assigned, Began, Ended, Happened, TookOver
from web.inbox.texts import ENGLISH

TOLD: Final = frozenset({"word", "flow", "not_understood", "takeover", "phone"})
"""Reasons of a handoff that have words of their own; all others are trouble."""


def key_of(one: Happened) -> str:
    """Return what tells it from everything else in its chat."""
    return f"{one.turn}-{type(one).__name__.lower()}-{int(one.at.timestamp() * 1000)}"


def told(one: Happened, names: Mapping[str, str]) -> str:
    """Return what happened in words.

    Args:
        one: What happened.
        names: The agents' names by login; one that is not there is told by the login.
    """

    def name(login: str | None) -> str:
        return names.get(login, login) if login else ENGLISH["somebody"]

    match one:
        case Began(reason=reason, team=team):
            what = ENGLISH[f"began_{reason}" if reason in TOLD else "began_trouble"]
            return ENGLISH["began_for_team"].format(what=what, team=team) if team else what
        case TookOver(agent=agent):
            return ENGLISH["took_over"].format(agent=name(agent))
        case Assigned():
            return _assigned(one, name(one.by), name(one.agent))
        case Ended(ended=ended, by=by, note=note):
            what = ENGLISH[f"people_{ended}"].format(by=name(by))
            return ENGLISH["people_note"].format(what=what, note=note) if note else what
        case _:
            assert_never(one)


def _assigned(one: Assigned, by: str, agent: str) -> str:
    is_rule = one.by == BY_RULE
    if one.agent is not None:
        return ENGLISH["assigned_by_rule" if is_rule else "assigned"].format(by=by, agent=agent)
    what = ENGLISH["queued_by_rule" if is_rule else "queued"].format(by=by)
    return ENGLISH["queued_for"].format(what=what, team=one.team) if one.team else what
