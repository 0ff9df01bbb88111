"""The simulator over HTTP, in the real application: who may reach it, what it refuses, what it tells."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from tests.ports import free_port
from tests.ready import ready
from web.app import build_app
from web.settings import load_settings
from web.simulator.routes import FILE_BYTES

Client = TestClient[web.Request, web.Application]

FLOW = """
from parley import END, Flow, choose, say, to


class Drinks(Flow, start=True, starts_on=["drinks"]):
    drink = choose("Tea or coffee?", {"Tea": to.tea, "Coffee": to.tea})
    tea = say("Here you are.", then=END)
"""

ANA = "12025550101"


@asynccontextmanager
async def running(folder: Path, *, dev: bool = True) -> AsyncIterator[Client]:
    """Run the application on loopback; its pretended Meta calls it by the same address."""
    (folder / "flows").mkdir(exist_ok=True)
    (folder / "flows" / "drinks.py").write_text(FLOW)
    config = folder / "parley.toml"
    config.write_text('[database]\nurl = "sqlite:///parley.db"\n')
    ready(folder / "parley.db")
    port = free_port()
    app = build_app(load_settings(config), dev=dev, origin=f"http://127.0.0.1:{port}")
    server = TestServer(app, host="127.0.0.1", port=port)
    async with TestClient(server) as client:
        yield client


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with running(tmp_path) as client:
        yield client


async def state(client: Client, contact: str = ANA) -> dict[str, Any]:
    async with client.get("/simulator/api/state", params={"contact": contact}) as answer:
        assert answer.status == 200
        shown: dict[str, Any] = await answer.json()
        return shown


async def states(client: Client) -> AsyncIterator[dict[str, Any]]:
    """Follow Ana's phone as a page does."""
    async with client.get("/simulator/events", params={"contact": ANA}) as stream:
        async for line in stream.content:
            if line.startswith(b"data: "):
                yield json.loads(line.removeprefix(b"data: "))


async def wait_for(client: Client, words: str) -> dict[str, Any]:
    """Return the first state whose last message says this and was read."""
    async with asyncio.timeout(10):
        async for shown in states(client):
            last = shown["messages"][-1] if shown["messages"] else None
            if last and last["text"] == words and last["status"] == "read":
                return shown
    raise AssertionError(f"the stream ended before {words!r}")


async def say(client: Client, text: str) -> None:
    async with client.post("/simulator/api/say", json={"contact": ANA, "text": text}) as answer:
        assert answer.status == 200, await answer.text()


async def test_without_dev_there_is_no_simulator(tmp_path: Path) -> None:
    async with running(tmp_path, dev=False) as client:
        for path in ("/simulator", "/simulator/api/state", "/simulator/cloud/v23.0/1/messages"):
            async with client.get(path) as answer:
                assert answer.status == 404


async def test_the_page_allows_no_script_but_its_own_files(client: Client) -> None:
    async with client.get("/simulator") as answer:
        assert answer.status == 200
        policy = answer.headers["Content-Security-Policy"]
        page = await answer.text()
    assert "default-src 'none'; script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
    assert '"suggestions":["Hi","drinks"]' in page


async def test_a_text_goes_all_the_way_and_comes_back_read(client: Client) -> None:
    await say(client, "Hello")
    shown = await wait_for(client, "Tea or coffee?")
    asked, answered = shown["messages"]
    assert (asked["mine"], asked["text"], asked["status"]) == (True, "Hello", "received")
    assert [option["title"] for option in answered["options"]] == ["Tea", "Coffee"]
    assert shown["conversation"]["stack"] == ["drinks.drink"]
    assert shown["conversation"]["window_closes_at"] is not None
    assert shown["trace"]["matched"] == "start"


async def test_a_tap_is_a_button_reply_to_its_message(client: Client) -> None:
    await say(client, "Hello")
    question = (await wait_for(client, "Tea or coffee?"))["messages"][-1]
    tea = question["options"][0]
    call = {"contact": ANA, "message": question["external_id"], "option": tea["id"], "title": "Tea"}
    async with client.post("/simulator/api/tap", json=call) as answer:
        assert answer.status == 200
    shown = await wait_for(client, "Here you are.")
    assert shown["messages"][1]["options"][0]["chosen"]
    assert shown["messages"][2]["quote"] == "Tea or coffee?"
    assert shown["trace"]["matched"] == "tap"


RECEIPT = """
from parley import END, Chat, Flow, Template, To, say, step, to


class Receipt(Flow, starts_on=["receipt"]):
    @step
    async def tell(self, chat: Chat) -> To:
        await chat.say(Template(name="receipt", language="en", body=("7",)))
        return END
"""

RECEIPT_TEMPLATE = """
[[template]]
name = "receipt"
language = "en"
category = "utility"
body = "Thanks, order {{1}} is paid."
buttons = [{ kind = "quick_reply", text = "Good" }]
"""


async def test_a_template_shows_its_words_and_its_button_comes_back_as_one(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "receipt.py").write_text(RECEIPT)
    (tmp_path / "flows" / "templates.toml").write_text(RECEIPT_TEMPLATE)
    async with running(tmp_path) as client:
        await say(client, "receipt")
        told = (await wait_for(client, "Thanks, order 7 is paid."))["messages"][-1]
        good = told["options"][0]
        call = {"contact": ANA, "message": told["external_id"], "option": good["id"]}
        async with client.post("/simulator/api/tap", json={**call, "title": "Good"}) as answer:
            assert answer.status == 200
        messages = (await state(client))["messages"]

    tap = next(one for one in messages if one["mine"] and one["text"] == "Good")
    assert (tap["kind"], tap["quote"]) == ("template_button", "Thanks, order 7 is paid.")


async def test_a_question_of_an_earlier_process_can_be_tapped(tmp_path: Path) -> None:
    async with running(tmp_path) as client:
        await say(client, "Hello")
        question = (await wait_for(client, "Tea or coffee?"))["messages"][-1]
    call = {
        "contact": ANA,
        "message": question["external_id"],
        "option": question["options"][0]["id"],
        "title": "Tea",
    }
    async with running(tmp_path) as client:
        async with client.post("/simulator/api/tap", json=call) as answer:
            assert answer.status == 200
        await wait_for(client, "Here you are.")


async def test_the_clock_moves_ahead_with_the_window_and_stays_there(tmp_path: Path) -> None:
    async with running(tmp_path) as client:
        await say(client, "Hello")
        await wait_for(client, "Tea or coffee?")
        for seconds in (3600, 86400):
            async with client.post(
                "/simulator/api/jump", json={"contact": ANA, "seconds": seconds}
            ) as answer:
                assert answer.status == 200
        shown = await state(client)
        assert shown["ahead_s"] == 90000
        assert shown["conversation"]["window_closes_at"] < shown["now"]
    async with running(tmp_path) as client:
        assert (await state(client))["ahead_s"] == 90000


@pytest.mark.parametrize("seconds", [0, -3600, 10**9, "soon"])
async def test_the_clock_never_goes_back_nor_very_far(client: Client, seconds: object) -> None:
    call = {"contact": ANA, "seconds": seconds}
    async with client.post("/simulator/api/jump", json=call) as answer:
        assert answer.status == 400
        assert (await answer.json())["code"] == "simulator_refused"
    assert (await state(client))["ahead_s"] == 0


async def test_a_file_arrives_and_is_served_with_a_harmless_type(client: Client) -> None:
    form = FormData()
    form.add_field("contact", ANA)
    form.add_field("file", b"<h1>hi</h1>", filename="a.html", content_type="text/html")
    async with client.post("/simulator/api/media", data=form) as answer:
        assert answer.status == 200, await answer.text()
    source = None
    async with asyncio.timeout(10):
        async for shown in states(client):
            source = next((m["media"]["src"] for m in shown["messages"] if m["media"]), None)
            if source is not None:
                break
    assert source is not None
    async with client.get(source) as answer:
        assert await answer.read() == b"<h1>hi</h1>"
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_a_file_that_is_too_large_is_refused(client: Client) -> None:
    form = FormData()
    form.add_field("contact", ANA)
    form.add_field("file", BytesIO(bytes(FILE_BYTES + 1)), filename="a.bin")
    async with client.post("/simulator/api/media", data=form) as answer:
        assert answer.status == 413
    assert (await state(client))["messages"] == []


FOREIGN = [
    pytest.param({"Origin": "https://example.org"}, id="origin"),
    pytest.param({"Origin": "null"}, id="opaque origin"),
    pytest.param({"Sec-Fetch-Site": "cross-site"}, id="cross-site"),
    pytest.param({"Sec-Fetch-Site": "same-site"}, id="another port"),
    pytest.param({"Host": "attacker.example:8080"}, id="rebound name"),
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/simulator/api/say", id="page"),
        pytest.param(f"/simulator/cloud/_sandbox/contacts/{ANA}/says", id="pretended Meta"),
    ],
)
async def test_another_sites_page_is_refused(
    client: Client, path: str, headers: dict[str, str]
) -> None:
    call = {"contact": ANA, "text": "Hello"}
    async with client.post(path, json=call, headers=headers) as answer:
        assert answer.status == 403
        assert (await answer.json())["code"] == "foreign_page"
    assert (await state(client))["messages"] == []


async def test_a_link_from_elsewhere_may_open_the_page(client: Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with client.get("/simulator", headers=headers) as answer:
        assert answer.status == 200


WRONG = [
    pytest.param("say", {"contact": ANA, "text": "  "}, "text", id="no words"),
    pytest.param("say", {"contact": ANA}, "text", id="missing"),
    pytest.param("say", {"contact": ANA, "text": "a", "more": 1}, "more", id="unknown key"),
    pytest.param(
        "location", {"contact": ANA, "latitude": 91, "longitude": 0}, "latitude", id="off"
    ),
    pytest.param("contacts", {"name": ""}, "name", id="no name"),
]


@pytest.mark.parametrize(("path", "call", "key"), WRONG)
async def test_a_wrong_call_is_refused_by_its_key(
    client: Client, path: str, call: dict[str, object], key: str
) -> None:
    async with client.post(f"/simulator/api/{path}", json=call) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"].startswith(f"{key}: ")


async def test_an_unknown_contact_and_an_unknown_file_are_not_found(client: Client) -> None:
    for path in (
        "/simulator/api/state?contact=1",
        "/simulator/events?contact=1",
        "/simulator/media/1",
    ):
        async with client.get(path) as answer:
            assert answer.status == 404


async def test_files_outside_static_are_not_served(client: Client) -> None:
    for name in ("..%2Ftexts.py", "%2e%2e%2ftexts.py", "nothing.js"):
        async with client.get(f"/simulator/static/{name}") as answer:
            assert answer.status == 404


async def test_contacts_get_numbers_until_there_are_no_more(client: Client) -> None:
    phones = set()
    for number in range(97):
        async with client.post("/simulator/api/contacts", json={"name": f"N{number}"}) as answer:
            assert answer.status == 200
            phones.add((await answer.json())["phone"])
    assert len(phones) == 97
    async with client.post("/simulator/api/contacts", json={"name": "One more"}) as answer:
        assert answer.status == 400
        assert "at most 99 contacts" in (await answer.json())["error"]


async def test_a_stop_does_not_wait_for_open_pages(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with running(tmp_path) as client:
        stream = await client.get("/simulator/events", params={"contact": ANA})
        await stream.content.readline()
        begun = loop.time()
    assert loop.time() - begun < 3
