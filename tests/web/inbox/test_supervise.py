"""The supervisor's page: who waits, how long, who is there, and chats given on."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest

from engine.core.ids import ConversationId, LineId
from storage.agents import Agent, disable_agent
from storage.audit import NO_LINE, Act
from storage.inbox import Figures, Now, Report, Span
from storage.inbox_figures import QueueNow
from tests.web.inbox.support import Inbox
from web.inbox.supervise.figures import agents_table, as_lines, length, waiting_table, went_table
from web.inbox.supervise.supervise import _safe
from web.inbox.texts import ENGLISH
from web.keys import DATABASE, IDS, QUERIES

served = pytest.mark.asyncio(loop_scope="session")

HTMX = {"hx_request": "true"}
NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
NOTHING = Span(0, None, None)


def span(seconds: float, ninth: float) -> Span:
    return Span(3, timedelta(seconds=seconds), timedelta(seconds=ninth))


def went(n: int, *, late: int = 0, reply: Span = NOTHING) -> Figures:
    return Figures(n, unclaimed=0, late=late, waited=reply, first_reply=reply, resolution=NOTHING)


# --- tables ---------------------------------------------------------------------------------------


def test_queues_are_shown_with_who_waits_longest_and_who_is_late() -> None:
    half = NOW - timedelta(minutes=30)
    now = Now(
        [
            QueueNow(LineId("shop"), "kitchen", 4, 1, half, 0),
            QueueNow(LineId("shop"), None, 2, 0, NOW - timedelta(seconds=20), 3),
            QueueNow(LineId("kiosk"), "front", 0, 0, None, 2),
        ],
        {},
    )
    table = waiting_table(now, NOW)
    assert [row.name for row in table.rows] == ["kitchen", ENGLISH["no_team"]]
    line, waiting, oldest, late = table.rows[0].cells
    assert (line.shown, waiting.shown, waiting.bar) == ("shop", "4", 100)
    assert (oldest.shown, oldest.alarm, late.alarm) == ("30 min", True, True)
    assert table.rows[1].cells[1].bar == 50


def agent(login: str, **more: object) -> Agent:
    return Agent(login, login.title(), "agent", **more)  # type: ignore[arg-type]  # any of its fields


def test_agents_are_shown_with_what_they_hold_and_who_left_only_with_chats() -> None:
    agents = [
        agent("bo", available=True, capacity=4, seen_at=NOW - timedelta(minutes=5)),
        agent("al"),
        agent("left", disabled_at=NOW),
        agent("gone", disabled_at=NOW),
    ]
    report = Report(went(3), {"bo": went(3, reply=span(65, 4000))}, {}, {}, {})
    table = agents_table(agents, Now([], {"bo": 3, "left": 2}), report, NOW)
    assert [row.key for row in table.rows] == ["al", "bo", "left"]
    seen, holds, chats, reply, resolution = table.rows[1].cells
    assert (seen.shown, seen.more) == ("5 min", ENGLISH["is_available"])
    assert (holds.shown, holds.bar) == ("3/4", 75)
    assert (chats.shown, reply.shown, reply.more) == ("3", "1 min", "90 % in 1 h 07")
    assert resolution.shown == "–"
    assert table.rows[2].cells[0].shown == ENGLISH["disabled"]


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("", ["big", "none", "small"]),
        ("team", ["big", "none", "small"]),
        ("-team", ["small", "none", "big"]),
        ("first", ["small", "big", "none"]),
        ("-first", ["big", "small", "none"]),
        ("no such; drop table", ["big", "none", "small"]),
    ],
)
def test_a_table_is_sorted_as_its_address_says_and_nothing_comes_last(
    by: str, names: list[str]
) -> None:
    groups = {
        "small": went(1, reply=span(5, 5)),
        "none": went(2),
        "big": went(9, late=3, reply=span(500, 900)),
    }
    assert [row.name for row in went_table("teams", "team", groups, by=by).rows] == names


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "1 h 00"), (3660, "1 h 01"), (200000, "2 d")],
)
def test_lengths_of_time_are_short(seconds: int, shown: str) -> None:
    assert length(timedelta(seconds=seconds)) == shown


def test_a_file_has_each_figure_by_itself() -> None:
    table = went_table("teams", "team", {"kitchen": went(4, late=1, reply=span(30, 90))})
    assert list(as_lines([table]))[1:] == [
        ("teams", "kitchen", "handoffs", 4, ""),
        ("teams", "kitchen", "first", 30.0, 90.0),
        ("teams", "kitchen", "reply", 30.0, 90.0),
        ("teams", "kitchen", "late_share", 0.25, ""),
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_no_name_is_a_formula(name: str) -> None:
    assert _safe(name) == f"'{name}"
    assert _safe(-1.5) == -1.5


# --- the page -------------------------------------------------------------------------------------


@served
async def test_the_page_shows_who_waits_and_who_holds(inbox: Inbox) -> None:
    boss = await inbox.sign_in("boss1", "supervisor")
    await inbox.add("oven_holder")
    await inbox.chat(team="oven")
    await inbox.chat(team="oven", holder="oven_holder")

    page = (await boss.get("/supervise")).text

    assert re.search(r"<bdi>oven</bdi></th>\s*<td[^>]*><span class=\"cell-shown\">shop", page)
    assert "/inbox/supervise/reassign?login=oven_holder" in page
    assert "style=" not in page


@served
async def test_it_is_refreshed_by_itself_as_it_is_looked_at(inbox: Inbox) -> None:
    boss = await inbox.sign_in("boss2", "supervisor")
    answered = await boss.get("/supervise/now?period=7&zone=Asia/Tokyo&teams=-first", **HTMX)
    assert "<html" not in answered.text
    assert (
        'hx-get="/inbox/supervise/now?period=7&amp;zone=Asia%2FTokyo&amp;teams=-first"'
        in answered.text
    )
    assert 'hx-trigger="every 10s"' in answered.text


@served
async def test_a_supervisor_sees_the_figures_of_their_lines_alone(inbox: Inbox) -> None:
    await inbox.chat(team="secret")
    other = await inbox.sign_in("boss3", "supervisor", lines=["kiosk"])
    assert "secret" not in (await other.get("/supervise")).text
    assert "secret" not in (await other.get("/supervise/figures.csv")).text


@served
async def test_the_figures_are_a_file(inbox: Inbox) -> None:
    boss = await inbox.sign_in("boss4", "supervisor")
    await inbox.chat(team="=cmd|' /C calc'!A0")

    answered = await boss.get("/supervise/figures.csv?period=30")

    assert answered.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answered.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answered.text.lstrip("\ufeff"))))
    assert rows[0] == ["table", "name", "figure", "value", "nine_of_ten"]
    names = {row[1] for row in rows}
    assert "'=cmd|' /C calc'!A0" in names
    assert not any(name.startswith("=") for name in names)


@served
async def test_the_chats_of_who_left_are_given_on(inbox: Inbox) -> None:
    boss = await inbox.sign_in("boss5", "supervisor")
    left = await inbox.add("leaver")
    await inbox.add("stayer")
    await inbox.add("stranger", lines=["kiosk"])
    chats = [await inbox.chat(holder="leaver") for _ in range(3)]
    now = datetime.now(UTC)
    note = Act(inbox.bot.app[IDS](), NO_LINE, now, "command", "agent_disabled", left.login)
    await disable_agent(inbox.bot.app[DATABASE], "leaver", now=now, note=note)

    asked = await boss.get("/supervise/reassign?login=leaver", **HTMX)
    done = await boss.post(
        "/supervise/reassign", {"act": "r1", "login": "leaver", "to": "stayer"}, **HTMX
    )

    assert 'value="stayer"' in asked.text
    assert "stranger" not in asked.text  # who may not see them is not offered
    assert ENGLISH["reassigned"].format(n=3) in done.text
    for chat in chats:
        id_ = ConversationId(int(chat.rpartition("/")[2]))
        found = await inbox.bot.app[QUERIES].conversation(LineId("shop"), id_)
        assert found is not None
        assert found.assignee == "stayer"


@served
async def test_they_go_back_into_the_queue_and_to_nobody_who_is_none(inbox: Inbox) -> None:
    boss = await inbox.sign_in("boss6", "supervisor")
    await inbox.add("tired")
    chat = await inbox.chat(team="kitchen", holder="tired")

    refused = await boss.post(
        "/supervise/reassign", {"act": "r2", "login": "tired", "to": "no-one"}, **HTMX
    )
    done = await boss.post("/supervise/reassign", {"act": "r3", "login": "tired", "to": ""})

    assert refused.status == 422
    assert done.status == 303
    id_ = ConversationId(int(chat.rpartition("/")[2]))
    found = await inbox.bot.app[QUERIES].conversation(LineId("shop"), id_)
    assert found is not None
    assert (found.mode, found.team, found.assignee) == ("waiting", "kitchen", None)


@served
async def test_it_is_for_supervisors(inbox: Inbox) -> None:
    agent = await inbox.sign_in("nosy")
    for path in ("", "/now", "/figures.csv", "/reassign?login=x"):
        assert (await agent.get(f"/supervise{path}")).status == 403
