"""Signing in and out: what a browser is given, what ends, and what a guesser learns."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from storage.agents import disable_agent
from storage.audit import NO_LINE, Act
from storage.sessions import session_id
from tests.web.inbox.samples import PASSWORD
from tests.web.inbox.support import Answered, Browser, Inbox, serving_inbox
from web.inbox.people.passwords import hash_password
from web.inbox.people.signing import PLAIN_COOKIE, SECURE_COOKIE, SESSIONS
from web.inbox.people.throttle import FREE_BY_LOGIN
from web.inbox.texts import ENGLISH
from web.keys import DATABASE, IDS

pytestmark = pytest.mark.asyncio(loop_scope="session")

HASH = hash_password(PASSWORD)

_logins = count(1)


async def add(inbox: Inbox, *, password_hash: str = HASH) -> str:
    """Add an agent who has the password, and return the login."""
    login = f"signs_in{next(_logins)}"
    await inbox.add(login, password_hash=password_hash)
    return login


async def log_in(
    browser: Browser, login: str, password: str = PASSWORD, *, next_: str = "/inbox"
) -> Answered:
    return await browser.post("/login", {"login": login, "password": password, "next": next_})


def escaped(page: str) -> str:
    return page.replace("&#39;", "'")


def secret_in(answered: Answered) -> str:
    """Return what the browser is given."""
    found = re.match(rf"{PLAIN_COOKIE}=([\w-]+);", answered.headers["Set-Cookie"])
    assert found is not None
    return found[1]


def acts(inbox: Inbox, subject: str) -> list[tuple[object, ...]]:
    return inbox.bot.rows("SELECT actor, act FROM audit WHERE subject = ? ORDER BY id", subject)


async def test_the_password_opens_the_inbox(inbox: Inbox) -> None:
    login = await add(inbox)

    answered = await log_in(inbox.nobody, f" {login.upper()} ", next_="/inbox/account")

    assert (answered.status, answered.headers["Location"]) == (303, "/inbox/account")
    page = await Browser(inbox, None, secret_in(answered)).get()
    assert page.status == 200
    assert login.title() in page.text
    assert inbox.bot.rows("SELECT 1 FROM agent WHERE login = ? AND seen_at IS NOT NULL", login)
    assert acts(inbox, login)[-1] == (f"agent:{login}", "signed_in")


async def test_the_cookie_is_for_no_script_and_no_other_site(inbox: Inbox) -> None:
    answered = await log_in(inbox.nobody, await add(inbox))

    cookie = answered.headers["Set-Cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=2592000"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    stored = inbox.bot.rows("SELECT id FROM session")
    assert (session_id(secret_in(answered)),) in stored
    assert secret_in(answered) not in str(stored)


async def test_with_a_public_https_address_the_cookie_travels_by_https_alone(
    tmp_path: Path,
) -> None:
    more = '\n[server]\npublic_url = "https://bot.example.com"\n'
    async with serving_inbox(tmp_path, more=more) as inbox:
        login = await add(inbox)

        answered = await inbox.nobody.post(
            "/login", {"login": login, "password": PASSWORD}, origin="https://bot.example.com"
        )

        cookie = answered.headers["Set-Cookie"]
        assert cookie.startswith(f"{SECURE_COOKIE}=")
        assert "Secure" in cookie.split("; ")
        secret = cookie.partition("=")[2].partition(";")[0]
        plain = await Browser(inbox, None, secret).get()
        secure = await inbox.nobody.get("", cookie=f"{SECURE_COOKIE}={secret}")
        assert (plain.status, secure.status) == (303, 200)
        pages = [
            await inbox.nobody.get("/login", host=host)
            for host in ("bot.example.com", "localhost:8080", "192.0.2.7:8080")
        ]
        told = [ENGLISH["login_elsewhere"] in escaped(page.text) for page in pages]
        assert told == [False, False, True]  # there the browser would drop the cookie


async def test_a_wrong_password_and_an_unknown_login_look_alike(inbox: Inbox) -> None:
    login = await add(inbox)
    stranger = f"unknown{next(_logins)}"

    wrong = await log_in(inbox.nobody, login, "not the password")
    unknown = await log_in(inbox.nobody, stranger, "not the password")

    assert (wrong.status, unknown.status) == (401, 401)
    assert wrong.text.replace(login, "…") == unknown.text.replace(stranger, "…")
    assert ENGLISH["login_wrong"] in wrong.text
    assert "Set-Cookie" not in wrong.headers
    assert acts(inbox, login) == [
        ("command", "agent_added"),
        ("address:127.0.0.1", "sign_in_failed"),
    ]
    assert acts(inbox, stranger) == []  # it may be a password in the wrong field


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("ana\x00", PASSWORD),
        ("\ud83d\ude00", "x" * 1001),
        ("a" * 5000, PASSWORD),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("", ""),
    ],
    ids=["nul", "emoji and a long password", "a long login", "quotes", "nothing"],
)
async def test_strange_input_signs_nobody_in(inbox: Inbox, login: str, password: str) -> None:
    login = login.encode("utf-16", "surrogatepass").decode("utf-16")

    answered = await log_in(inbox.nobody, login, password)

    assert answered.status in (401, 429)


async def test_guessing_is_slowed_down_and_says_how_long(tmp_path: Path) -> None:
    async with serving_inbox(tmp_path) as inbox:
        login = await add(inbox)
        guesses = await asyncio.gather(
            *(log_in(inbox.nobody, login, f"guess number {number}") for number in range(20))
        )

        assert [one.status for one in guesses].count(401) == FREE_BY_LOGIN
        refused = await log_in(inbox.nobody, login)
        assert refused.status == 429
        wait = int(refused.headers["Retry-After"])
        assert ENGLISH["login_wait"].format(seconds=wait) in refused.text


async def test_signing_in_takes_no_session_that_was_brought_along(inbox: Inbox) -> None:
    login, other = await add(inbox), await inbox.sign_in(f"other{next(_logins)}")
    brought = Browser(inbox, None, "a-secret-that-somebody-chose-for-the-agent")

    fixed = await log_in(brought, login)
    swapped = await log_in(other, login)

    assert secret_in(fixed) != brought.secret
    assert (await brought.get()).status == 303
    assert secret_in(swapped) != other.secret
    assert (await other.get()).status == 303  # the browser's old session has ended
    assert (await Browser(inbox, None, secret_in(swapped)).get()).status == 200


async def test_signing_out_ends_the_session_itself(inbox: Inbox) -> None:
    browser = await inbox.sign_in(f"leaves{next(_logins)}")
    assert (await browser.get()).status == 200

    answered = await browser.post("/logout")

    assert (answered.status, answered.headers["Location"]) == (303, "/inbox/login")
    assert f"{PLAIN_COOKIE}=" in answered.headers["Set-Cookie"]
    assert "Max-Age=0" in answered.headers["Set-Cookie"]
    assert (await browser.get()).status == 303  # also where the cookie was kept


async def test_a_disabled_agents_cookie_and_password_are_worth_nothing(inbox: Inbox) -> None:
    agent = await inbox.add(f"disabled{next(_logins)}", password_hash=HASH)
    browser = await inbox.browser(agent)
    now = datetime.now(UTC)
    note = Act(inbox.bot.app[IDS](), NO_LINE, now, "command", "agent_disabled", agent.login)

    await disable_agent(inbox.bot.app[DATABASE], agent.login, now=now, note=note)

    assert (await browser.get()).status == 303
    assert (await log_in(inbox.nobody, agent.login)).status == 401


async def test_what_another_process_ends_is_ended_here_within_five_seconds(inbox: Inbox) -> None:
    agent = await inbox.add(f"revoked{next(_logins)}")
    browser = await inbox.browser(agent)
    sessions, real = inbox.bot.app[SESSIONS], inbox.bot.app[SESSIONS]._monotonic
    now = real()
    sessions._monotonic = lambda: now
    try:
        found = await browser.get()
        await inbox.bot.writes(
            "UPDATE session SET revoked_at = created_at WHERE login = ?", agent.login
        )
        now += 4.9
        kept = await browser.get()
        now += 0.2
        ended = await browser.get()
    finally:
        sessions._monotonic = real

    assert (found.status, kept.status, ended.status) == (200, 200, 303)


async def test_an_idle_session_ends_and_a_used_one_lasts_longer(inbox: Inbox) -> None:
    login = f"idle{next(_logins)}"
    browser = await inbox.sign_in(login)
    sessions, now = inbox.bot.app[SESSIONS], datetime.now(UTC)
    id_ = session_id(browser.secret)

    async def at(hours: float, *, used: bool = True) -> bool:
        return await sessions.find(id_, now=now + timedelta(hours=hours), used=used) is not None

    assert await at(11)
    assert await at(22)  # 12 hours after it was used last
    assert await at(33, used=False)  # an open stream is no use
    assert not await at(34.5)
    ((seen,),) = inbox.bot.rows("SELECT seen_at FROM agent WHERE login = ?", login)
    assert datetime.fromisoformat(str(seen)) == now + timedelta(hours=33)


async def test_an_agent_is_seen_anew_once_the_clock_is_set_back(inbox: Inbox) -> None:
    login = f"back{next(_logins)}"
    browser = await inbox.sign_in(login)
    sessions, now = inbox.bot.app[SESSIONS], datetime.now(UTC)

    for hours in (1, 0):
        moment = now + timedelta(hours=hours)
        await sessions.find(session_id(browser.secret), now=moment, used=False)

        ((seen,),) = inbox.bot.rows("SELECT seen_at FROM agent WHERE login = ?", login)
        assert datetime.fromisoformat(str(seen)) == moment


async def test_after_thirty_days_everybody_signs_in_again(inbox: Inbox) -> None:
    browser = await inbox.sign_in(f"busy{next(_logins)}")
    sessions, begun = inbox.bot.app[SESSIONS], datetime.now(UTC)
    id_, now = session_id(browser.secret), begun

    while await sessions.find(id_, now=now) is not None:
        now += timedelta(hours=11)
        assert now < begun + timedelta(days=31)

    assert now > begun + timedelta(days=29)


async def test_a_password_is_hashed_anew_when_the_parameters_have_changed(inbox: Inbox) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    login = await add(inbox, password_hash=cheap)

    assert (await log_in(inbox.nobody, login)).status == 303

    ((stored,),) = inbox.bot.rows("SELECT password_hash FROM agent WHERE login = ?", login)
    assert str(stored).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_who_is_signed_in_needs_no_login_page(inbox: Inbox) -> None:
    browser = await inbox.sign_in(f"signed{next(_logins)}")

    answered = await browser.get("/login?next=/inbox/account")

    assert (answered.status, answered.headers["Location"]) == (303, "/inbox/account")


async def test_nobody_is_led_elsewhere_after_signing_in(inbox: Inbox) -> None:
    answered = await log_in(inbox.nobody, await add(inbox), next_="//evil.example")

    assert answered.headers["Location"] == "/inbox"


async def test_without_any_agent_the_page_says_how_to_add_the_first(tmp_path: Path) -> None:
    async with serving_inbox(tmp_path) as inbox:
        empty = await inbox.nobody.get("/login")
        await inbox.add("first")
        later = await inbox.nobody.get("/login")

    assert "parley agents add ana --admin" in empty.text
    assert "parley agents add" not in later.text
