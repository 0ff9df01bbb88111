"""Who a contact is, in words."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from engine.core.content import ContactUpdate, Content, Text
from engine.core.conversation import Contact
from engine.core.ids import ContactId
from tests.builders import NOW
from web.inbox.lists.rows import shown_phone
from web.inbox.side.about import About, about


def of(contact: Contact, *said: Content, zone: str = "Europe/Rome") -> About:
    return about(contact, zone=ZoneInfo(zone), said=said, now=NOW)


def test_a_contact_is_told_in_words() -> None:
    told = of(Contact(id=ContactId(1), phone="393331234567", name="Lia", locale="it-IT"))
    assert (told.phone, told.dial) == ("+39 333 123 4567", "+393331234567")
    assert (told.language, told.country) == ("Italian", "Italy")
    assert told.wants.key == "wants_all"


def test_what_flows_told_of_them_is_taken_together() -> None:
    told = of(
        Contact(id=ContactId(1)),
        ContactUpdate(traits={"plan": "gold", "age": 3}, tags=("vip",)),
        Text(body="hello"),
        ContactUpdate(traits={"plan": "silver"}, tags=("vip", "late")),
    )
    assert told.known == (("plan", "silver"), ("age", "3"))
    assert told.tags == ("vip", "late")


def test_another_day_where_they_are_is_named() -> None:
    told = of(Contact(id=ContactId(1)), zone="Pacific/Kiritimati")
    there = NOW.astimezone(ZoneInfo("Pacific/Kiritimati"))
    assert there.date() != NOW.date()
    assert told.there == f"{there:%a %H:%M}"


def test_where_nothing_tells_the_zone_no_hour_is_claimed() -> None:
    nowhere = Contact(id=ContactId(1), phone="491510000001")
    told = about(nowhere, zone=None, said=(), now=NOW)
    assert (told.there, told.country) == (None, "Germany")


def test_what_they_do_not_want_comes_with_its_day() -> None:
    stopped = Contact(id=ContactId(1), marketing_stopped_at=NOW - timedelta(days=1))
    assert of(stopped).wants.key == "wants_no_news"
    out = stopped.model_copy(update={"opted_out_at": NOW})
    assert of(out).wants.key == "wants_none"
    assert of(out).wants.since


def test_what_is_no_number_or_language_stays_as_it_is() -> None:
    assert shown_phone("12") == "+12"
    assert shown_phone("x") == "+x"
    assert of(Contact(id=ContactId(1), locale="klingon")).language == "klingon"
