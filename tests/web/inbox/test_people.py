"""One's own account, and the agents as admins look after them."""

import re
from itertools import count
from pathlib import Path

import pytest

from storage.agents import Role
from tests.web.inbox.samples import PASSWORD
from tests.web.inbox.support import Browser, Inbox, serving_inbox
from web.inbox.people.passwords import hash_password
from web.inbox.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")

HASH = hash_password(PASSWORD)
OTHER = "nine blue lanterns"

_logins = count(1)


def new_login(name: str) -> str:
    return f"{name}{next(_logins)}"


async def sign_in(inbox: Inbox, role: Role = "agent") -> Browser:
    return await inbox.sign_in(new_login(role), role, password_hash=HASH)


async def lets_in(inbox: Inbox, login: str, password: str) -> bool:
    answered = await inbox.nobody.post("/login", {"login": login, "password": password})
    return answered.status == 303


def audited(inbox: Inbox, login: str) -> list[tuple[object, ...]]:
    """Return what was done to an agent, after they were added."""
    return inbox.bot.rows(
        "SELECT actor, act FROM audit WHERE subject = ? AND actor <> 'command' ORDER BY id", login
    )


# --- one's own account -----------------------------------------------------------------------------------------


async def test_an_agent_sees_where_they_are_signed_in_and_ends_one(inbox: Inbox) -> None:
    here = await sign_in(inbox)
    assert here.agent is not None
    phone = await inbox.browser(here.agent, client="Mozilla/5.0 (iPhone) Version/18 Safari/604.1")

    page = await here.get("/account")
    assert "Safari on iPhone" in page.text
    (id_,) = re.findall(r'name="session" value="([0-9a-f]{64})"', page.text)
    await here.post("/account/sessions", {"session": id_})

    assert (await phone.get()).status == 303
    assert (await here.get()).status == 200
    assert "Safari on iPhone" not in (await here.get("/account")).text


async def test_an_agent_ends_all_others_at_once(inbox: Inbox) -> None:
    here = await sign_in(inbox)
    assert here.agent is not None
    others = [await inbox.browser(here.agent) for _ in range(3)]

    await here.post("/account/sessions", {"session": "others"})

    assert [(await other.get()).status for other in others] == [303, 303, 303]
    assert (await here.get()).status == 200


async def test_nobody_ends_anothers_session(inbox: Inbox) -> None:
    mine, theirs = await sign_in(inbox), await sign_in(inbox)
    ((id_,),) = inbox.bot.rows(
        "SELECT id FROM session WHERE login = ?", str(theirs.agent and theirs.agent.login)
    )

    await mine.post("/account/sessions", {"session": str(id_)})

    assert (await theirs.get()).status == 200


async def test_a_changed_password_ends_the_other_sessions(inbox: Inbox) -> None:
    here = await sign_in(inbox)
    assert here.agent is not None
    other = await inbox.browser(here.agent)

    done = await here.post("/account/password", {"old": PASSWORD, "new": OTHER})

    assert ENGLISH["password_done"] in done.text
    assert (await other.get()).status == 303
    assert (await here.get()).status == 200
    assert not await lets_in(inbox, here.agent.login, PASSWORD)
    assert await lets_in(inbox, here.agent.login, OTHER)
    assert (here.agent.actor, "password_changed") in audited(inbox, here.agent.login)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("wrong wrong wrong", OTHER, ENGLISH["password_wrong"]),
        (PASSWORD, "short", "at least 10 characters"),
        (PASSWORD, "password123456", "Very many people"),
    ],
    ids=["the old one is wrong", "too short", "too common"],
)
async def test_a_password_that_is_not_taken_is_said(
    inbox: Inbox, old: str, new: str, said: str
) -> None:
    here = await sign_in(inbox)

    answered = await here.post("/account/password", {"old": old, "new": new})

    assert answered.status == 422
    assert said in answered.text
    assert await lets_in(inbox, str(here.agent and here.agent.login), PASSWORD)


# --- admins ----------------------------------------------------------------------------------------------------


async def test_an_admin_adds_an_agent_who_signs_in(inbox: Inbox) -> None:
    admin, login = await sign_in(inbox, "admin"), new_login("luis")
    form = {
        "login": login.upper(),
        "name": "Luis <b>R.</b>",
        "role": "supervisor",
        "line": ["shop"],
        "team": [],
        "more_teams": "kitchen, bar",
        "capacity": "7",
        "password": PASSWORD,
    }

    answered = await admin.post("/people", form)

    assert answered.status == 303
    page = (await admin.get(f"/people/{login}")).text
    assert "Luis &lt;b&gt;R.&lt;/b&gt;" in page
    assert len(re.findall(r'value="(?:kitchen|bar|shop|supervisor)" checked', page)) == 4
    assert 'name="capacity" type="number" min="0" max="1000" inputmode="numeric" value="7"' in page
    assert await lets_in(inbox, login, PASSWORD)
    assert audited(inbox, login)[0] == (str(admin.agent and admin.agent.actor), "agent_added")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"login": "a b"}, "cannot be a login"),
        ({"login": "rule"}, "stories use the word"),
        ({"password": "short"}, "at least 10 characters"),
        ({"line": ["bakery"]}, "There is no line bakery."),
        ({"role": "owner"}, "role:"),
        ({"capacity": "-1"}, "capacity:"),
    ],
    ids=["login", "reserved", "password", "line", "role", "capacity"],
)
async def test_what_is_wrong_with_a_new_agent_is_said(
    inbox: Inbox, change: dict[str, str | list[str]], said: str
) -> None:
    admin, login = await sign_in(inbox, "admin"), new_login("wrong")

    answered = await admin.post("/people", {"login": login, "password": PASSWORD, **change})

    assert answered.status == 422
    assert said in answered.text
    assert f'value="{change.get("login", login)}"' in answered.text  # nothing has to be typed again
    assert PASSWORD not in answered.text
    assert inbox.bot.rows("SELECT 1 FROM agent WHERE login = ?", login) == []


async def test_a_login_is_never_used_again(inbox: Inbox) -> None:
    admin, gone = await sign_in(inbox, "admin"), await sign_in(inbox)
    login = str(gone.agent and gone.agent.login)
    await admin.post(f"/people/{login}/access", {"access": "disable"})

    answered = await admin.post("/people", {"login": login, "password": PASSWORD})

    assert answered.status == 422
    assert "there is or was an agent" in answered.text


async def test_what_an_agent_may_changes_at_once(inbox: Inbox) -> None:
    admin, agent = await sign_in(inbox, "admin"), await sign_in(inbox)
    chat, login = await inbox.chat(line="kiosk"), str(agent.agent and agent.agent.login)
    assert (await agent.get(chat)).status == 200

    await admin.post(f"/people/{login}", {"name": "Ana", "role": "agent", "line": ["shop"]})

    assert (await agent.get(chat)).status == 404


async def test_a_disabled_agent_is_out_at_once_and_may_come_back(inbox: Inbox) -> None:
    admin, agent = await sign_in(inbox, "admin"), await sign_in(inbox)
    login = str(agent.agent and agent.agent.login)

    await admin.post(f"/people/{login}/access", {"access": "disable"})
    assert (await agent.get()).status == 303
    assert not await lets_in(inbox, login, PASSWORD)

    await admin.post(f"/people/{login}/access", {"access": "enable"})
    assert (await agent.get()).status == 303  # the session has ended for good
    assert await lets_in(inbox, login, PASSWORD)
    assert [act for _, act in audited(inbox, login) if str(act).startswith("agent_")] == [
        "agent_disabled",
        "agent_enabled",
    ]


async def test_an_admin_sets_a_password_and_ends_sessions(inbox: Inbox) -> None:
    admin, agent = await sign_in(inbox, "admin"), await sign_in(inbox)
    assert agent.agent is not None
    login = agent.agent.login

    reset = await admin.post(f"/people/{login}/password", {"password": OTHER})
    assert ENGLISH["password_done"] in reset.text
    assert (await agent.get()).status == 303
    assert await lets_in(inbox, login, OTHER)

    again = await inbox.browser(agent.agent)
    assert (await again.get()).status == 200
    await admin.post(f"/people/{login}/sessions")
    assert (await again.get()).status == 303


async def test_there_is_always_an_admin_who_can_sign_in(tmp_path: Path) -> None:
    async with serving_inbox(tmp_path) as inbox:
        admin = await inbox.sign_in("only", "admin")
        for path, form in (
            ("/people/only/access", {"access": "disable"}),
            ("/people/only", {"role": "agent"}),
        ):
            refused = await admin.post(path, form)
            assert refused.status == 422
            assert ENGLISH["last_admin"] in refused.text
        await inbox.add("second", "admin")

        assert (await admin.post("/people/only", {"role": "agent"})).status == 303
        assert (await admin.get("/people")).status == 403


# --- audit -----------------------------------------------------------------------------------------------------


async def test_the_audit_is_read_by_agent_and_act_page_by_page(tmp_path: Path) -> None:
    async with serving_inbox(tmp_path) as inbox:
        admin, ana = await inbox.sign_in("boss", "admin"), await inbox.sign_in("ana")
        for _ in range(60):
            await ana.post("/availability", {"available": "yes"})

        first = await admin.get("/audit?agent=ana&act=became_available")
        (older,) = re.findall(r'href="/inbox(/audit\?[^"]+before=[^"]+)"', first.text)
        second = await admin.get(older.replace("&amp;", "&"))

        rows = [len(re.findall(r"<li>\s*<div><strong>", page.text)) for page in (first, second)]
        assert rows == [50, 10]
        assert "before=" not in second.text
        assert ENGLISH["did_became_available"] in second.text


@pytest.mark.parametrize(
    "query", ["before=x", "before=" + "9" * 40, "agent=%00&act=%27", "act=nothing"]
)
async def test_strange_questions_to_the_audit_are_harmless(inbox: Inbox, query: str) -> None:
    admin = await sign_in(inbox, "admin")

    assert (await admin.get(f"/audit?{query}")).status == 200
