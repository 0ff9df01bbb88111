"""Who may what: every route of the inbox with every wrong asker. A route that is not in the table fails here."""

from itertools import count

import pytest
import pytest_asyncio
from aiohttp.web_urldispatcher import DynamicResource

from storage.agents import ROLES, Role
from tests.web.inbox.samples import QUIET, SAMPLES, SOMEBODY, Sample
from tests.web.inbox.support import Answered, Browser, Inbox
from web.inbox.guard import HEADERS
from web.inbox.routes import ROUTES
from web.inbox.table import CHAT, PREFIX, OpenRoute, Route
from web.inbox.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIGNED = [route for route in ROUTES if isinstance(route, Route)]
ON_CHATS = [route for route in SIGNED if route.access == "chat"]
RANKED = [route for route in SIGNED if route.access in ("supervisor", "admin")]
POSTS = [route for route in ROUTES if route.method == "POST"]
GETS = [route for route in ROUTES if route.method == "GET"]

_logins = count(1)


def named(route: Route | OpenRoute) -> str:
    return f"{route.method} {route.name}"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chat(inbox: Inbox) -> str:
    """A chat on the line `shop` in the queue of the team `kitchen`, and an agent who is named in paths."""
    if not inbox.bot.rows("SELECT 1 FROM agent WHERE login = ?", SOMEBODY["login"]):
        await inbox.add(SOMEBODY["login"])
    return await inbox.chat(line="shop", team="kitchen")


def path_of(route: Route | OpenRoute, chat: str) -> str:
    """Return the path of a route's sample below `/inbox`."""
    sample = sample_of(route)
    _, _, line, conversation = chat.split("/")
    parts = {"line": line, "conversation": conversation, **sample.parts}
    resource = DynamicResource(PREFIX + route.path)
    path = resource.url_for(
        **{name: parts[name] for name in resource.get_info()["pattern"].groupindex}
    )
    return f"{path}{sample.query}".removeprefix(PREFIX)


def sample_of(route: Route | OpenRoute) -> Sample:
    return SAMPLES[route.name]


async def sign_in(inbox: Inbox, role: Role = "agent", **more: list[str]) -> Browser:
    return await inbox.sign_in(f"rights{next(_logins)}", role, **more)


def lowest(route: Route) -> Role:
    """Return the lowest role that may."""
    match route.access:
        case "agent" | "chat":
            return "agent"
        case "supervisor" | "admin":
            return route.access


async def asks(browser: Browser, route: Route | OpenRoute, chat: str, **headers: str) -> Answered:
    """Ask as a page of ours does, but for what is named; an empty header is left out."""
    sent = {"Origin": browser.inbox.origin, "Sec-Fetch-Site": "same-origin"}
    if browser.secret:
        sent["X-CSRF-Token"] = browser.csrf
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await browser.ask(
        route.method,
        path_of(route, chat),
        headers={name: value for name, value in sent.items() if value},
        form=sample_of(route).form if route.method == "POST" else None,
        streams=route.streams,
    )


def noted(inbox: Inbox, browser: Browser) -> list[str]:
    """Return what the audit has of an agent's acts."""
    assert browser.agent is not None
    asked = "SELECT act FROM audit WHERE actor = ?"
    return [str(act) for (act,) in inbox.bot.rows(asked, browser.agent.actor)]


# --- the table itself ----------------------------------------------------------------------------------------


async def test_the_application_has_these_routes_under_inbox_and_no_others(inbox: Inbox) -> None:
    served = [
        (route.method, route.resource.canonical)
        for route in inbox.bot.app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith(PREFIX)
    ]

    table = [(one.method, DynamicResource(PREFIX + one.path).canonical) for one in ROUTES]
    assert sorted(served) == sorted(table)


async def test_every_route_has_a_name_of_its_own_and_a_sample() -> None:
    names = [route.name for route in ROUTES]

    assert len(set(names)) == len(names)
    assert set(names) == set(SAMPLES)


async def test_routes_of_one_chat_are_those_below_a_chats_path() -> None:
    assert {route.name for route in SIGNED if route.path.startswith(CHAT)} == {
        route.name for route in ON_CHATS
    }


async def test_no_other_method_is_answered(inbox: Inbox, chat: str) -> None:
    browser = await sign_in(inbox, "admin")
    paths = {path_of(route, chat).partition("?")[0] for route in ROUTES}

    for method in ("HEAD", "OPTIONS", "PUT", "DELETE"):
        for path in paths:
            refused = await browser.ask(method, path, headers={"Origin": inbox.origin})
            assert (refused.status, "Allow" in refused.headers) == (405, True), (method, path)
            assert "Content-Security-Policy" in refused.headers


async def test_a_slash_too_many_leads_to_the_inbox(inbox: Inbox) -> None:
    browser = await sign_in(inbox)

    assert (await browser.get("/")).headers["Location"] == "/inbox"
    assert (await browser.get("/no-such-page/")).status == 404


# --- who is let in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", SIGNED, ids=named)
async def test_the_right_agent_is_let_in(inbox: Inbox, chat: str, route: Route) -> None:
    browser = await sign_in(inbox, lowest(route), lines=["shop"], teams=["kitchen"])
    assert browser.agent is not None
    sample = sample_of(route)
    if route.access == "chat":  # one of its own: what is done to it is done to no other test's
        chat = await inbox.chat(
            line="shop", team="kitchen", holder=browser.agent.login if sample.held else None
        )

    answered = await asks(browser, route, chat)

    assert answered.status == sample.status, answered.text[-500:]
    assert {name for name in HEADERS if name not in answered.headers} == set()
    acts = {str(act) for (act,) in inbox.bot.rows("SELECT act FROM audit")}
    assert {act for act in acts if f"did_{act}" not in ENGLISH} == set()
    if route.access == "chat" and route.method == "POST":
        assert (sample.noted != "") == (route.name not in QUIET)
        assert sample.noted in {"", *noted(inbox, browser)}
    if route.access != "chat" and route.method == "POST" and sample.status < 400:
        done = set(noted(inbox, browser)) - {"signed_in"}
        assert (done != set()) == (route.name not in QUIET)


@pytest.mark.parametrize("route", [one for one in ROUTES if one.access == "anyone"], ids=named)
async def test_what_is_for_everybody_is_answered_to_everybody(
    inbox: Inbox, chat: str, route: OpenRoute
) -> None:
    answered = await asks(inbox.nobody, route, chat)

    assert answered.status == sample_of(route).status
    assert {name for name in HEADERS if name not in answered.headers} == set()


# --- who is not ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", SIGNED, ids=named)
async def test_a_stranger_is_refused(inbox: Inbox, chat: str, route: Route) -> None:
    for browser in (inbox.nobody, Browser(inbox, None, "a-secret-of-no-session")):
        page = await asks(browser, route, chat)
        script = await asks(browser, route, chat, Accept="application/json")
        part = await asks(browser, route, chat, HX_Request="true")

        assert page.status == 303
        assert page.headers["Location"].startswith("/inbox/login")
        assert (script.status, part.status) == (401, 401)


@pytest.mark.parametrize("route", ON_CHATS, ids=named)
async def test_another_lines_or_teams_agent_is_answered_as_of_no_chat(
    inbox: Inbox, chat: str, route: Route
) -> None:
    right = await sign_in(inbox, "supervisor")
    unknown = await asks(right, route, "/chats/shop/17")
    assert (unknown.status, ENGLISH["error_not_found"] in unknown.text) == (404, True)

    for outsider in (
        await sign_in(inbox, lines=["kiosk"]),
        await sign_in(inbox, lines=["shop"], teams=["bar"]),
        await sign_in(inbox, "admin", lines=["kiosk"]),
    ):
        refused = await asks(outsider, route, chat)
        assert (refused.status, refused.text) == (unknown.status, unknown.text)


@pytest.mark.parametrize("route", RANKED, ids=named)
async def test_a_role_that_is_too_low_is_refused(inbox: Inbox, chat: str, route: Route) -> None:
    for role in ROLES[: ROLES.index(lowest(route))]:
        refused = await asks(await sign_in(inbox, role), route, chat)

        assert refused.status == 403
        assert ENGLISH["error_role_missing"] in refused.text


@pytest.mark.parametrize("route", POSTS, ids=named)
async def test_what_another_site_makes_a_browser_post_is_refused(
    inbox: Inbox, chat: str, route: Route | OpenRoute
) -> None:
    browser = await sign_in(inbox, "admin")
    foreign = {
        "a foreign origin": {"Origin": "https://evil.example"},
        "a hidden origin": {"Origin": "null"},
        "no origin": {"Origin": ""},
        "another site": {"Sec_Fetch_Site": "cross-site"},
        "a neighbour": {"Sec_Fetch_Site": "same-site"},
    }
    for why, headers in foreign.items():
        refused = await asks(browser, route, chat, **headers)
        assert (refused.status, ENGLISH["error_foreign_page"] in refused.text) == (403, True), why
    if isinstance(route, OpenRoute):
        return
    other = await sign_in(inbox)
    for why, token in {"none": "", "another's": other.csrf, "made up": "0" * 64}.items():
        refused = await asks(browser, route, chat, X_CSRF_Token=token)
        assert (refused.status, ENGLISH["error_page_outdated"] in refused.text) == (403, True), why


@pytest.mark.parametrize("route", GETS, ids=named)
async def test_what_another_sites_page_would_read_is_refused(
    inbox: Inbox, chat: str, route: Route | OpenRoute
) -> None:
    browser = await sign_in(inbox, "admin")

    for mode in ({"Sec_Fetch_Mode": "cors"}, {"Sec_Fetch_Mode": "no-cors"}, {}):
        refused = await asks(browser, route, chat, Sec_Fetch_Site="cross-site", **mode)
        assert refused.status == 403
    framed = await asks(
        browser,
        route,
        chat,
        Sec_Fetch_Site="cross-site",
        Sec_Fetch_Mode="navigate",
        Sec_Fetch_Dest="iframe",
    )
    assert framed.status == 403
