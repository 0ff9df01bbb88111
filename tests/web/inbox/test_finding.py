"""The search over HTTP: what it leads to, what it marks, and that nothing typed breaks it."""

import asyncio
import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from engine.core.content import Text
from engine.core.ids import ConversationId, ExternalId, LineId
from engine.core.signals import Arrival, MessageReceived
from tests.web.inbox.support import Browser, Inbox
from web.keys import ENGINE

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def says(inbox: Inbox, chat: str, body: str) -> None:
    """Let the contact of a chat write."""
    _, _, line, conversation = chat.split("/")
    now = datetime.now(UTC)
    said = MessageReceived(
        external_id=ExternalId(f"wamid.{body}"), content=Text(body=body), sent_at=now
    )
    arrival = Arrival(
        line=LineId(line),
        key=f"in:{body}",
        signal=said,
        received_at=now,
        conversation=ConversationId(int(conversation)),
    )
    await inbox.bot.app[ENGINE].accept([arrival])


async def found(browser: Browser, words: str, until: str) -> str:
    """Search until what is read into the index beside the talk has come."""
    async with asyncio.timeout(20):
        while (
            until
            not in (page := await browser.get(f"/search?q={quote(words)}", hx_request="true")).text
        ):
            assert page.status == 200
    return page.text


async def test_a_message_is_found_and_leads_to_its_place(inbox: Inbox) -> None:
    eva = await inbox.sign_in("find-eva", "supervisor")
    chat = await inbox.chat(name="Zoë <b>Bold</b>")
    await says(inbox, chat, "where is my <script>alert(1)</script> quattro stagioni?")

    shown = await found(eva, "QUATTRO stag", "<mark>quattro</mark>")

    assert f'href="/inbox{chat}?at=' in shown
    assert "<mark>stagioni</mark>" in shown or "<mark>stag</mark>" in shown
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert "Zoë &lt;b&gt;Bold&lt;/b&gt;" in shown


async def test_a_contact_is_found_by_name_and_by_a_part_of_the_number(inbox: Inbox) -> None:
    eva = await inbox.sign_in("find-people", "supervisor")
    chat = await inbox.chat(name="Quirin Öztürk")
    ((phone,),) = inbox.bot.rows("SELECT phone FROM contact WHERE name = ?", "Quirin Öztürk")

    by_name = await found(eva, "ozturk", f'href="/inbox{chat}"')
    by_number = await found(eva, str(phone)[3:], f'href="/inbox{chat}"')

    assert "<mark>Öztürk</mark>" in by_name
    assert "<mark>" in by_number
    assert re.sub(r"</?mark>", "", by_number).count(f"+{phone}") == 1


async def test_only_what_an_agent_may_see_is_found(inbox: Inbox) -> None:
    eva = await inbox.sign_in("find-all", "supervisor")
    cook = await inbox.sign_in("find-cook", teams=["kitchen"])
    chat = await inbox.chat(team="front desk")
    await says(inbox, chat, "the chandelier fell down")
    await found(eva, "chandelier", chat)

    assert chat not in (await cook.get("/search?q=chandelier")).text
    assert chat not in (await cook.get("?q=chandelier")).text


async def test_without_a_script_the_search_is_a_page(inbox: Inbox) -> None:
    eva = await inbox.sign_in("find-plain", "supervisor")
    chat = await inbox.chat()
    await says(inbox, chat, "an umbrella, please")
    await found(eva, "umbrella", chat)

    page = (await eva.get("?view=queue&q=umbrella")).text

    assert "<mark>umbrella</mark>" in page
    assert 'value="umbrella"' in page
    assert 'id="rows"' not in page


async def test_for_no_words_the_list_stands_there_again(inbox: Inbox) -> None:
    eva = await inbox.sign_in("find-nothing", "supervisor")

    assert 'id="rows"' in (await eva.get("/search?q=+&view=all", hx_request="true")).text


@pytest.mark.parametrize(
    "words",
    ['"', "* OR *", "NEAR(a b)", "a' OR 1=1 --", "🎉", "x" * 10_000, "\x00", "a:b", "{}[]^", "<script>"],
    ids=range(10),
)  # fmt: skip
async def test_whatever_is_typed_is_answered(inbox: Inbox, words: str) -> None:
    eva = await inbox.sign_in(f"find-hostile-{abs(hash(words))}", "supervisor")

    answered = await eva.get(
        f"/search?q={quote(words)}&before=99999999999999999999", hx_request="true"
    )

    assert answered.status == 200 if len(words) < 5000 else answered.status in (200, 400, 414)
    assert "<script>" not in answered.text
