"""The inbox's frame: who is let in where, what every answer carries, static files."""

import asyncio
import re

import pytest

from tests.web.inbox.support import Inbox, csrf_in
from web.inbox.guard import HEADERS
from web.inbox.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_stranger_is_sent_to_sign_in_and_back(inbox: Inbox) -> None:
    answered = await inbox.nobody.get("/chats/shop/1?before=2")

    assert answered.status == 303
    assert answered.headers["Location"] == "/inbox/login?next=/inbox/chats/shop/1?before%3D2"


async def test_htmx_is_sent_to_sign_in_with_the_page_it_stands_on(inbox: Inbox) -> None:
    here = {"hx_request": "true", "hx_current_url": "http://bot.example.com/inbox/chats/shop/1"}

    answered = await inbox.nobody.get("/chats/shop/1", **here)

    assert answered.status == 401
    assert answered.headers["HX-Redirect"] == "/inbox/login?next=/inbox/chats/shop/1"


async def test_a_script_is_told_in_json(inbox: Inbox) -> None:
    answered = await inbox.nobody.get("", accept="application/json")

    assert answered.status == 401
    assert '"code":"sign_in_needed"' in answered.text


async def test_who_is_signed_in_gets_the_page_with_their_token(inbox: Inbox) -> None:
    browser = await inbox.sign_in("frame")

    answered = await browser.get()

    assert answered.status == 200
    assert csrf_in(answered.text) == browser.csrf
    assert 'id="list"' in answered.text


async def test_an_error_is_a_page_to_a_page_and_a_part_to_htmx(inbox: Inbox) -> None:
    browser = await inbox.sign_in("errors")

    page = await browser.get("/no-such-page")
    part = await browser.get("/no-such-page", hx_request="true")

    assert page.status == part.status == 404
    assert ENGLISH["error_not_found"] in page.text
    assert ENGLISH["error_not_found"] in part.text
    assert "<html" in page.text
    assert "<html" not in part.text


@pytest.mark.parametrize("path", ["", "/login", "/no-such-page", "/chats/shop/1"])
async def test_every_answer_carries_the_headers(inbox: Inbox, path: str) -> None:
    for browser in (inbox.nobody, await inbox.sign_in(f"headers{abs(hash(path))}")):
        answered = await browser.get(path)

        assert {name: answered.headers.get(name) for name in HEADERS} == HEADERS


async def test_pages_hold_no_script_and_no_style_of_their_own(inbox: Inbox) -> None:
    browser = await inbox.sign_in("inline")
    for answered in (await browser.get(), await inbox.nobody.get("/login")):
        assert re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", answered.text) is None


async def test_static_files_are_kept_for_a_year_under_their_own_version(inbox: Inbox) -> None:
    page = await inbox.nobody.get("/login")
    (path,) = re.findall(r'href="/inbox(/static/[0-9a-f]{16}/base\.css)"', page.text)
    version = path.split("/")[2]

    now = await inbox.nobody.get(path)
    other = await inbox.nobody.get(path.replace(version, "0" * 16))
    missing = await inbox.nobody.get(f"/static/{version}/../guard.py")

    assert now.status == 200
    assert "immutable" in now.headers["Cache-Control"]
    assert other.headers["Cache-Control"] == "no-cache"
    assert missing.status in (303, 404)


async def test_an_agent_switches_whether_they_want_chats(inbox: Inbox) -> None:
    browser = await inbox.sign_in("switch")

    part = await browser.post("/availability", {"available": "yes"}, hx_request="true")
    page = await browser.get()

    assert 'aria-checked="true"' in part.text
    assert 'aria-checked="true"' in page.text


async def test_a_chat_that_is_not_ones_own_looks_like_none(inbox: Inbox) -> None:
    chat = await inbox.chat(line="shop", team="kitchen")
    insider = await inbox.sign_in("insider", teams=["kitchen"], lines=["shop"])
    other_team = await inbox.sign_in("other_team", teams=["bar"])
    other_line = await inbox.sign_in("other_line", lines=["kiosk"])

    assert (await insider.get(chat)).status == 200
    unknown = await other_line.get("/chats/shop/17")
    for outsider in (other_team, other_line):
        refused = await outsider.get(chat)
        assert (refused.status, refused.text) == (404, unknown.text)


async def test_requests_beside_each_other_are_let_in(inbox: Inbox) -> None:
    browser = await inbox.sign_in("many")

    answers = await asyncio.gather(*(browser.get() for _ in range(5)))

    assert {answered.status for answered in answers} == {200}
