"""What stands beside a chat, and its way back to the flow with corrected answers."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.web.inbox.support import Answered, Browser, Inbox
from tests.web.inbox.tea import at_the_counter, serving_tea
from web.inbox.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")

HTMX = {"hx_request": "true"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def tea(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inbox]:
    async with serving_tea(tmp_path_factory.mktemp("tea")) as served:
        yield served


async def do(browser: Browser, path: str, **form: str) -> Answered:
    return await browser.post(path, {"act": "a"} | form, **HTMX)


def run_of(page: str) -> str:
    (found,) = re.findall(r'name="run" value="([0-9]+)"', page)
    return str(found)


async def test_it_tells_who_it_is_where_the_flow_stands_and_what_was_answered(tea: Inbox) -> None:
    shop = await at_the_counter(tea, "393331230001")
    ana = await tea.sign_in("ana")

    page = (await ana.get(f"{await shop.path()}/side", **HTMX)).text

    assert "Lia &lt;b&gt;Rossi&lt;/b&gt;" in page
    assert 'href="tel:+393331230001"' in page
    assert "Italy" in page
    assert ENGLISH["stands_in_queue"].format(team="kitchen") in page
    assert '<g class="box handoff here">' in page
    assert page.count('<g class="box ask visited">') == 5
    assert '<g class="box code visited">' in page
    assert re.search(r"How many cups\?</span>\s*<span[^>]*>\s*<b[^>]*>2</b>", page)
    assert re.search(r'value="2030-08-05"[^>]*\stype="date"', page)
    assert 'value="2030-08-05T17:30"' in page
    assert "style=" not in page


async def test_it_is_there_with_the_page_too(tea: Inbox) -> None:
    shop = await at_the_counter(tea, "393331230002")
    ben = await tea.sign_in("ben")
    page = (await ben.get(await shop.path())).text
    assert f'data-side="/inbox{await shop.path()}"' in page


async def test_the_diagram_is_shown_large_and_as_a_list(tea: Inbox) -> None:
    shop = await at_the_counter(tea, "393331230003")
    cleo = await tea.sign_in("cleo")
    page = (await cleo.get(f"{await shop.path()}/diagram", **HTMX)).text
    assert "<svg" in page
    assert '<li aria-current="step">' in page
    assert "Work out the price." in page


async def test_a_correction_is_shown_before_and_after_then_the_bot_goes_on(tea: Inbox) -> None:
    shop = await at_the_counter(tea, "393331230004")
    dan, path = await tea.sign_in("dan"), await shop.path()
    held = await do(dan, f"{path}/claim")
    form = {"run": run_of(held.text), "seen": "dan", "go": "confirm"}
    typed = {"answer.leaf": "Black", "answer.cups": "2", "typed.cups": "seven", "answer.note": "No"}

    review = await do(dan, f"{path}/handback", **form, **typed)

    assert review.text.count("<del") == 1
    assert re.search(r"<del[^>]*><span[^>]*>[^<]*</span>2</del>", review.text)
    assert re.search(r"<ins[^>]*><span[^>]*>[^<]*</span>7</ins>", review.text)
    assert ENGLISH["review_anew"] in review.text
    assert (await shop.chat()).assignee == "dan"

    done = await do(dan, f"{path}/release", **form, **{"answer.cups": "seven"})
    asked = (await shop.buyer.receives(2))[-1]

    assert ENGLISH["done_release"] in done.text
    assert asked.text == "7 cups, 21 euros. Right?"
    assert (await shop.chat()).mode == "bot"


async def test_what_the_type_does_not_take_is_said_in_the_flows_words(tea: Inbox) -> None:
    shop = await at_the_counter(tea, "393331230005")
    eve, path = await tea.sign_in("eve"), await shop.path()
    held = await do(eve, f"{path}/claim")
    form = {"run": run_of(held.text), "seen": "eve", "go": "confirm", "typed.cups": "forty"}

    answers = [await do(eve, f"{path}/{way}", **form) for way in ("handback", "release")]
    for refused in answers:
        assert "1 to 9." in refused.text
        assert 'value="forty"' in refused.text
        assert 'aria-invalid="true"' in refused.text
    assert [one.headers.get("HX-Retarget") for one in answers] == ["#side", None]
    assert (await shop.chat()).assignee == "eve"


async def test_dates_are_corrected_by_their_own_fields(tea: Inbox) -> None:
    shop = await at_the_counter(tea, "393331230006")
    fay, path = await tea.sign_in("fay"), await shop.path()
    held = await do(fay, f"{path}/claim")
    form = {"run": run_of(held.text), "seen": "fay", "go": "confirm"}

    await do(
        fay,
        f"{path}/release",
        **form,
        **{"answer.day": "2031-01-15", "answer.at": "2031-01-15T08:45"},
    )
    await shop.buyer.receives(2)

    answers = (await shop.chat()).runs[-1].answers
    assert answers["day"] == "2031-01-15"
    assert str(answers["at"]).startswith("2031-01-15T08:45")


async def test_the_talk_may_end_instead(tea: Inbox) -> None:
    shop = await at_the_counter(tea, "393331230007")
    gus, path = await tea.sign_in("gus"), await shop.path()
    held = await do(gus, f"{path}/claim")
    form = {"run": run_of(held.text), "seen": "gus", "go": "!end"}

    review = await do(gus, f"{path}/handback", **form)
    done = await do(gus, f"{path}/release", **form)

    assert ENGLISH["review_ends"] in review.text
    assert ENGLISH["done_end"] in done.text
    chat = await shop.chat()
    assert (chat.mode, chat.runs) == ("bot", ())
    assert ENGLISH["no_flow"] in done.text


async def test_only_who_holds_it_hands_it_back_and_only_the_run_they_saw(tea: Inbox) -> None:
    shop = await at_the_counter(tea, "393331230008")
    hal, ivy, path = await tea.sign_in("hal"), await tea.sign_in("ivy"), await shop.path()
    held = await do(hal, f"{path}/claim")
    form = {"run": run_of(held.text), "seen": "hal", "go": "confirm"}

    other = await do(ivy, f"{path}/release", **form)
    past = await do(hal, f"{path}/release", **{**form, "run": "999"})
    retargeted = await do(ivy, f"{path}/handback", **form)

    assert ENGLISH["act_not_held"] in other.text
    assert ENGLISH["act_past"] in past.text
    assert retargeted.headers["HX-Retarget"] == "#side"
    assert (await shop.chat()).assignee == "hal"


async def test_a_chat_without_a_flow_is_handed_back_at_once(tea: Inbox) -> None:
    shop = await at_the_counter(tea, "393331230011")
    lou, path = await tea.sign_in("lou"), await shop.path()
    held = await do(lou, f"{path}/claim")
    await do(lou, f"{path}/release", run=run_of(held.text), seen="lou", go="!end")
    held = await do(lou, f"{path}/claim", act="again")

    assert ENGLISH["held_by_you"] in held.text
    done = await do(lou, f"{path}/release", act="again", run=run_of(held.text), seen="lou")

    assert ENGLISH["done_end"] in done.text
    assert (await shop.chat()).mode == "bot"


async def test_a_target_that_is_none_ends_nothing_unseen(tea: Inbox) -> None:
    shop = await at_the_counter(tea, "393331230009")
    jan, path = await tea.sign_in("jan"), await shop.path()
    held = await do(jan, f"{path}/claim")
    form = {"run": run_of(held.text), "seen": "jan", "go": "no_such_step"}

    refused = await do(jan, f"{path}/release", **form)

    assert ENGLISH["act_past"] in refused.text
    assert (await shop.chat()).assignee == "jan"


async def test_earlier_handoffs_and_other_lines_are_told(tea: Inbox) -> None:
    shop = await at_the_counter(tea, "393331230010")
    kim, path = await tea.sign_in("kim"), await shop.path()
    held = await do(kim, f"{path}/claim")
    await do(kim, f"{path}/close", reason="Solved & paid", seen="kim", run=run_of(held.text))

    page = (await kim.get(f"{path}/side", **HTMX)).text

    assert ENGLISH["reason_flow"] in page
    assert ENGLISH["past_with"].format(name="Kim") in page
    assert "Solved &amp; paid" in page
    assert ENGLISH["chat_closed"] in page
