"""The hub's memory: what it notes, for how long, and where it ends."""

import pytest

from engine.core.ids import ConversationId, ExternalId, LineId
from engine.ports.outside import Outside
from storage.agents import Agent
from storage.inbox import Key
from web.inbox.live.hub import (
    CHANGED_MOST,
    RELOAD,
    RING,
    RING_KEPT_S,
    WAITING_MOST,
    Hub,
    Showing,
    Stream,
)

ANA = Agent("ana", "Ana", "agent")
BO = Agent("bo", "Bo", "agent")
SHOP = LineId("shop")
NAME = ExternalId("wamid.1")


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def hub(time: Time) -> Hub:
    return Hub(monotonic=time)


def key(number: int) -> Key:
    return SHOP, ConversationId(number)


def change(hub: Hub, *numbers: int) -> None:
    for number in numbers:
        hub.changed(*key(number))


def test_while_nobody_looks_nothing_is_noted(hub: Hub) -> None:
    change(hub, 1, 2, 3)
    assert hub.changes == {}
    hub.pushes = True
    change(hub, 1)
    assert list(hub.changes) == [key(1)]


def test_statuses_are_noted_for_who_looks_and_too_many_let_pages_load_again(hub: Hub) -> None:
    hub.reported(SHOP, ExternalId("out.0"))
    assert hub.reports == set()
    stream = hub.join(ANA, Showing(), last=hub.mark())
    hub.take(stream)
    hub.reported(SHOP, ExternalId("out.1"))
    assert hub.reports == {(SHOP, "out.1")}
    for number in range(CHANGED_MOST):
        hub.reported(SHOP, ExternalId(f"out.{number + 2}"))
    assert hub.reports == set()
    assert hub.take(stream) == RELOAD


def test_what_another_replica_changed_is_told_but_called_for_by_that_one(hub: Hub) -> None:
    hub.outside(Outside(chats=frozenset({key(1)})))
    assert not hub.changes, "nobody looks"
    hub.join(ANA, Showing())
    change(hub, 2)
    hub.outside(Outside(chats=frozenset({key(1), key(2)}), reported=frozenset({(SHOP, NAME)})))
    assert hub.changes.keys() >= {key(1), key(2)}
    assert (hub.foreign, hub.reports) == ({key(1)}, {(SHOP, NAME)})
    change(hub, 1)
    assert hub.foreign == set(), "this one's, too"
    assert not hub.is_stale
    hub.outside(Outside(many=True))
    assert hub.is_stale


def test_what_belongs_to_the_line_alone_concerns_no_chat(hub: Hub) -> None:
    hub.join(ANA, Showing(), last=hub.mark())
    hub.changed(SHOP, None)
    assert hub.changes == {}


def test_a_page_that_comes_back_is_told_of_what_changed_since_and_of_nothing_else(hub: Hub) -> None:
    stream = hub.join(ANA, Showing(), last=hub.mark())
    change(hub, 1)
    hub.take_changes(10)
    last = hub.id_of(hub.tick)
    hub.leave(stream)
    change(hub, 2, 3, 2)
    assert list(hub.take_changes(10)) == [key(2), key(3)]
    again = hub.join(ANA, Showing(), last=last)
    assert hub.changes == {key(2): {again.id}, key(3): {again.id}}
    assert not again.is_behind


def test_after_a_long_absence_everything_is_loaded_again(hub: Hub, time: Time) -> None:
    stream = hub.join(ANA, Showing(), last=hub.mark())
    last = hub.id_of(hub.tick)
    hub.leave(stream)
    time.now = RING_KEPT_S + 1
    change(hub, 1)
    assert hub.changes == {}
    assert hub.join(ANA, Showing(), last=last).is_behind


def test_what_the_ring_has_lost_is_known_to_be_lost(hub: Hub) -> None:
    stream = hub.join(ANA, Showing(), last=hub.mark())
    last = hub.id_of(hub.tick)
    hub.leave(stream)
    for number in range(RING + 1):
        change(hub, number)
        hub.take_changes(1)
    recent = hub.id_of(hub.tick - 1)
    assert hub.join(ANA, Showing(), last=last).is_behind
    assert not hub.join(BO, Showing(), last=recent).is_behind


def test_more_changes_than_can_be_told_let_every_page_load_again(hub: Hub) -> None:
    streams = [hub.join(agent, Showing(), last=hub.mark()) for agent in (ANA, BO)]
    change(hub, *range(CHANGED_MOST + 1))
    assert len(hub.changes) <= 1
    assert [hub.take(stream) for stream in streams] == [RELOAD, RELOAD]


def test_what_concerns_one_agent_does_not_hide_what_concerns_all(hub: Hub) -> None:
    hub.join(ANA, Showing(), last=hub.mark())
    hub.changed_for("ana", key(1))
    assert hub.changes == {key(1): {"ana"}}
    hub.changed_for("bo", key(1))  # who has no page open
    assert hub.changes == {key(1): {"ana"}}
    change(hub, 1)
    hub.changed_for("ana", key(1))
    assert hub.changes == {key(1): None}


def test_changes_that_could_not_be_told_are_told_later(hub: Hub) -> None:
    hub.join(ANA, Showing(), last=hub.mark())
    change(hub, 1, 2)
    hub.give_back(hub.take_changes(10))
    assert list(hub.changes) == [key(1), key(2)]


def test_a_page_far_behind_loads_its_list_and_its_open_chat_is_told_anew(hub: Hub) -> None:
    stream = hub.join(ANA, Showing(chat=key(7)), last=hub.mark())
    hub.take_changes(10)
    stream.told = {"m-1": "as it was"}
    for number in range(WAITING_MOST + 5):
        stream.put(("row", number), b"x")
    assert hub.take(stream) == RELOAD
    assert stream.told == {}
    assert hub.changes == {key(7): {stream.id}}
    stream.put("row", b"y")
    assert hub.take(stream) == b"y"


def test_an_event_that_waits_is_replaced_by_a_newer_one_of_its_name() -> None:
    stream = Stream("s", ANA, Showing(), visible=True)
    for event in (b"old", b"new"):
        stream.put("counts", event)
    assert stream.take() == b"new"
    assert stream.take() == b""


def test_a_mark_begins_the_memory_for_the_page_that_will_come(hub: Hub) -> None:
    mark = hub.mark()
    change(hub, 1)
    hub.take_changes(10)
    page = hub.join(ANA, Showing(), last=mark)
    assert hub.changes == {key(1): {page.id}}


def test_closed_every_page_is_sent_away(hub: Hub) -> None:
    stream = hub.join(ANA, Showing())
    hub.close()
    assert stream.ended
    assert stream.ready.is_set()


def test_an_agents_pages_can_be_sent_away_alone(hub: Hub) -> None:
    hers, his = hub.join(ANA, Showing()), hub.join(BO, Showing())
    hub.end_streams("ana")
    assert (hers.ended, his.ended) == (True, False)
