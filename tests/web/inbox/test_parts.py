"""What the inbox is made of, without a server."""

import pytest
from aiohttp.test_utils import make_mocked_request
from argon2 import PasswordHasher

from engine.core.errors import DefinitionError
from storage.agents import fold_login, read_login
from web.inbox.guard import safe_next
from web.inbox.people.browsers import browser_name
from web.inbox.people.passwords import (
    PasswordRefused,
    hash_password,
    is_outdated,
    matches,
    refuse_weak,
)
from web.inbox.people.throttle import (
    FREE_BY_ADDRESS,
    FREE_BY_LOGIN,
    KEPT_MOST,
    LONGEST_S,
    Throttle,
    TooManyAttempts,
    client_address,
)
from web.inbox.texts import ENGLISH, REGIONS
from web.transcript.texts import ENGLISH as TRANSCRIPT


@pytest.mark.parametrize(
    "given",
    [
        "//evil.example",
        "https://evil.example/inbox",
        "/inbox/../simulator",
        "/inbox/%2e%2E/simulator",
        "/inbox/.%2e//evil.example",
        "/inboxes",
        "/inbox\\evil.example",
        "/inbox/\tx",
        "/inbox/login?next=/inbox/login",
        "javascript:alert(1)",
        "",
    ],
)
def test_nobody_is_led_elsewhere(given: str) -> None:
    assert safe_next(given) == "/inbox"


def test_texts_have_one_place_each_and_names_that_a_template_can_say() -> None:
    """The transcript's are everybody's; a region may say one of them in its own words."""
    own = [
        {name for name, text in region.items() if TRANSCRIPT.get(name) != text}
        for region in REGIONS
    ]

    assert len(set().union(*own)) == sum(map(len, own))
    assert [name for name in ENGLISH if hasattr(dict, name)] == []


# --- passwords and logins ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "Qwerty12345!",
        "1234567890",
        "aaaaaaaaaaaa",
        "12121212121212",
        "ana1234567",
        "xanastasiax",
        "x" * 1001,
    ],
)
def test_passwords_that_are_soon_guessed_are_refused(password: str) -> None:
    with pytest.raises(PasswordRefused):
        refuse_weak(password, "anastasia" if "anastasia" in password else "ana")


@pytest.mark.parametrize("password", ["seven green herons", "banana-Ruß-9 Tür", "पानी का गिलास"])
def test_passwords_of_ones_own_are_taken(password: str) -> None:
    refuse_weak(password, "ana")
    stored = hash_password(password)

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches(password, stored)
    assert not matches(password + " ", stored)
    assert not is_outdated(stored)


def test_a_password_of_other_parameters_is_hashed_anew() -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("seven green herons")

    assert matches("seven green herons", cheap)
    assert is_outdated(cheap)


def test_nobodys_password_never_matches_and_a_huge_one_is_not_even_hashed() -> None:
    huge = "x" * 1001
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(huge)

    assert not matches("seven green herons", None)
    assert not matches("seven green herons", "!")
    assert not matches(huge, cheap)


def test_logins_that_look_the_same_are_one() -> None:
    assert read_login("Ana") == read_login(" ａｎａ ") == "ana"
    assert read_login("José") == read_login("JOSE\u0301") == "josé"
    assert fold_login("Straße") == fold_login("STRASSE")


@pytest.mark.parametrize(
    "given", ["", "a b", "a/b", "<b>", "a\u202eb", "a\x00b", "x" * 65, "rule", "."]
)
def test_what_cannot_be_a_login_is_refused(given: str) -> None:
    with pytest.raises(DefinitionError):
        read_login(given)


# --- guessing ------------------------------------------------------------------------------------------------


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def waits(throttle: Throttle, login: str, address: str) -> int:
    """Try once; how long there is to wait instead, 0 where it was tried."""
    try:
        throttle.begin(login, address)
    except TooManyAttempts as early:
        return early.wait_s
    return 0


def test_mistakes_beyond_the_free_ones_make_growing_waits() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    assert [waits(throttle, "ana", "1") for _ in range(FREE_BY_LOGIN)] == [0] * FREE_BY_LOGIN

    grown = []
    for _ in range(10):
        wait = waits(throttle, "ana", "1")
        grown.append(wait)
        assert waits(throttle, "ana", "2") == wait  # from elsewhere as well
        assert waits(throttle, "luis", "2") == 0
        throttle.right("luis", "2")
        clock.now += wait
        assert waits(throttle, "ana", "1") == 0

    assert grown == sorted(grown)
    assert (grown[0], grown[-1]) == (3, LONGEST_S + 1)


def test_the_right_password_forgets_a_logins_mistakes() -> None:
    throttle = Throttle(Clock())
    for _ in range(3 * FREE_BY_LOGIN):
        assert waits(throttle, "ana", "1") == 0
        throttle.right("ana", "1")


def test_one_place_cannot_try_one_password_on_every_login() -> None:
    throttle = Throttle(Clock())

    tried = [waits(throttle, f"login{number}", "1") for number in range(FREE_BY_ADDRESS + 1)]

    assert tried[:-1] == [0] * FREE_BY_ADDRESS
    assert tried[-1] > 0


def test_names_made_up_by_the_thousand_let_nobody_off() -> None:
    throttle = Throttle(Clock())
    for _ in range(FREE_BY_LOGIN):
        waits(throttle, "ana", "1")

    for number in range(KEPT_MOST + 10):
        waits(throttle, f"x{number}", f"y{number}")

    assert waits(throttle, "ana", "9") > 0
    assert len(throttle._counts) <= KEPT_MOST + 2


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ("", 0, ""),
        ("203.0.113.9", 0, ""),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", 1, "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.0.0.1", 2, "203.0.113.9"),
        ("203.0.113.9", 2, ""),
        ("2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::/64"),
        ("garbage", 1, ""),
    ],
)
def test_only_what_our_own_servers_noted_is_believed(
    forwarded: str, proxies: int, expected: str
) -> None:
    request = make_mocked_request("POST", "/", headers={"X-Forwarded-For": forwarded})

    assert client_address(request, proxies=proxies) == expected


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            ("Edge", "Windows"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Mobile Safari/537.36",
            ("Chrome", "Android"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
            ("Safari", "iPhone"),
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
            ("Firefox", "Linux"),
        ),
        ("curl/8.0", (None, None)),
        ("", (None, None)),
    ],
)
def test_a_browser_is_named_as_people_do(
    client: str, expected: tuple[str | None, str | None]
) -> None:
    assert browser_name(client) == expected
