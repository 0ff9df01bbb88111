"""The commands over what a provider offers beside the chat, with a provider in memory."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from adapters.fake_services import FakeServices
from engine.core.errors import RateLimited
from engine.core.ids import ContactId
from engine.core.signals import Sender
from engine.ports.services import NO_SERVICES, Profile, TemplateInfo
from storage.people import contacts_after
from tests.cli.offered import CONFIG, RECEIPT, SHOP, Ended, Run, database_in, know, offer
from tests.ports import free_port


def known(folder: Path) -> list[tuple[str | None, str | None]]:
    """Return number and name of each contact."""

    async def read() -> list[tuple[str | None, str | None]]:
        async with database_in(folder) as database:
            found = await contacts_after(database, SHOP, ContactId(0), limit=1000)
        return [(one.phone, one.name) for one in found]

    return asyncio.run(read())


# --- templates --------------------------------------------------------------------------------------


def test_a_template_is_created_from_a_file(parley: Run, fake: FakeServices, tmp_path: Path) -> None:
    (tmp_path / "receipt.toml").write_text(RECEIPT)

    ended = parley("templates", "create", "receipt.toml")

    assert ended == Ended(
        0,
        "receipt (en)  pending  utility  template-1  Thanks, {{1}}: {{2}} is on its way.\n",
        "",
    )
    assert fake.templates.templates[0].name == "receipt"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(("utility", "loud"), "receipt.toml: category: Input should be", id="value"),
        pytest.param(("body =", "text ="), "receipt.toml: text: unknown key", id="key"),
        pytest.param(("name =", "#"), "receipt.toml: name: is missing", id="missing"),
        pytest.param(('kind = "url"', "kind = 3"), "receipt.toml: buttons.0.kind: ", id="inner"),
        pytest.param(("[header]", "[header"), "receipt.toml: cannot be read: ", id="toml"),
    ],
)
def test_a_wrong_template_file_is_told_key_by_key(
    parley: Run, fake: FakeServices, tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    (tmp_path / "receipt.toml").write_text(RECEIPT.replace(*change))

    ended = parley("templates", "create", "receipt.toml", "--line", "shop")

    assert ended.code == 1
    assert f"parley: {told}" in ended.err
    assert fake.templates.templates == []


def test_templates_are_listed_by_state(parley: Run, fake: FakeServices) -> None:
    loud = TemplateInfo(name="promo", language="en", status="rejected", reason="too loud")
    fake.templates.templates += [loud, TemplateInfo(name="hi", language="es", status="approved")]

    everything = parley("templates", "list")
    rejected = parley("templates", "list", "--status", "rejected")
    none = parley("templates", "list", "--name", "gone")

    assert everything.out.splitlines() == [
        "promo (en)  rejected  because: too loud",
        "hi (es)  approved",
    ]
    assert rejected.out == "promo (en)  rejected  because: too loud\n"
    assert none.out == "no templates\n"


def test_synced_templates_are_there_when_nobody_can_be_asked(
    parley: Run, fake: FakeServices, tmp_path: Path
) -> None:
    know(tmp_path)
    fake.templates.templates.append(TemplateInfo(name="hi", language="es", status="approved"))
    assert parley("templates", "sync").out == "1 template, 1 approved\n"
    fake.templates.templates.clear()

    ended = parley("templates", "list", "--stored")

    first, second = ended.out.splitlines()
    assert first == "hi (es)  approved"
    assert second.startswith("as of ")


# --- contacts ---------------------------------------------------------------------------------------


def test_a_person_is_saved_and_found(parley: Run, fake: FakeServices) -> None:
    saved = parley(
        *("contacts", "save", "+52 1 555 000 1111", "--name", "Ana", "--email", "a@example.com"),
        *("--id", "c-7", "--gender", "female", "--born", "1990-02-03", "--tag", "vip"),
        *("city=Lima", "orders=3", "code=007"),
    )
    found = parley("contacts", "find", "5215550001111")
    by_id = parley("contacts", "find", "--id", "c-7")
    nobody = parley("contacts", "find", "5215550009999")

    assert saved == Ended(0, "saved 5215550001111\n", "")
    assert fake.contacts.profiles["5215550001111"] == Profile(
        phone="5215550001111",
        user_id="c-7",
        name="Ana",
        email="a@example.com",
        gender="female",
        born_on=date(1990, 2, 3),
        traits={"city": "Lima", "orders": 3, "code": "007"},
        tags=("vip",),
    )
    assert found.out == by_id.out
    assert found.out.startswith("5215550001111  c-7  Ana  a@example.com  female  born 1990-02-03")
    assert (nobody.code, nobody.err) == (
        1,
        "parley: the provider knows nobody with '5215550009999'\n",
    )


def test_the_address_book_is_listed_page_by_page(parley: Run, fake: FakeServices) -> None:
    for number in range(3):
        phone = f"521555000{number}"
        city = "Lima" if number else "Cusco"
        fake.contacts.profiles[phone] = Profile(phone=phone, traits={"city": city})

    first = parley("contacts", "list", "--limit", "2")
    lima = parley("contacts", "list", "--where", "city=Lima")

    assert first.out.splitlines() == [
        "5215550000  city=Cusco",
        "5215550001  city=Lima",
        "and more of 3: --offset 2",
    ]
    assert lima.out.splitlines() == ["5215550001  city=Lima", "5215550002  city=Lima"]


def test_our_contacts_are_pushed(parley: Run, fake: FakeServices, tmp_path: Path) -> None:
    know(tmp_path, Sender(phone="5215550001111", name="Ana"), Sender(user_id="B.7"))

    ended = parley("contacts", "sync", "--push")

    assert ended == Ended(0, "1 contact pushed\n", "")
    assert list(fake.contacts.profiles.values()) == [Profile(phone="5215550001111", name="Ana")]


def test_the_providers_contacts_are_pulled(parley: Run, fake: FakeServices, tmp_path: Path) -> None:
    know(tmp_path, Sender(phone="5215550001111"))
    for number in range(150):
        phone = f"52155512{number:05d}"
        fake.contacts.profiles[phone] = Profile(phone=phone, name=f"N{number}")
    fake.contacts.profiles["5215550001111"] = Profile(phone="5215550001111", name="Ana")

    ended = parley("contacts", "sync", "--pull")

    assert ended.out == "151 contacts pulled\n"
    found = known(tmp_path)
    assert len(found) == 151
    assert ("5215550001111", "Ana") in found


# --- the rest ---------------------------------------------------------------------------------------


def test_an_event_is_tracked(parley: Run, fake: FakeServices) -> None:
    ended = parley("track", "shop", "5215550001111", "Product added", "sku=P-7", "price=9.5")

    assert ended == Ended(0, "recorded 'Product added'\n", "")
    assert fake.rest.events == [("Product added", {"sku": "P-7", "price": 9.5}, "5215550001111")]


def test_a_campaign_is_made(parley: Run, fake: FakeServices) -> None:
    ended = parley("campaigns", "create", "spring", "--template", "promo", "--language", "es")

    assert ended == Ended(0, "campaign-1\n", "")
    assert fake.rest.campaigns == [("spring", "promo", "es")]


def test_a_chat_is_assigned(parley: Run, fake: FakeServices) -> None:
    ended = parley("assign", "shop", "5215550001111", "ana@example.com")

    assert ended == Ended(0, "ana@example.com has the chat\n", "")
    assert fake.rest.assigned == [("5215550001111", "ana@example.com")]


def test_a_file_is_uploaded(parley: Run, fake: FakeServices, tmp_path: Path) -> None:
    (tmp_path / "menu.pdf").write_bytes(b"%PDF")
    (tmp_path / "odd.zzzz").write_bytes(b"?")

    ended = parley("media", "upload", "shop", "menu.pdf")
    unknown = parley("media", "upload", "shop", "odd.zzzz")
    named = parley("media", "upload", "shop", "odd.zzzz", "--type", "image/png")

    assert ended.out == "file-1  https://files.example.com/file-1\n"
    assert fake.rest.files["file-1"] == (b"%PDF", "application/pdf", "menu.pdf")
    assert "name its type with --type" in unknown.err
    assert (named.code, fake.rest.files["file-2"][1]) == (0, "image/png")


def test_the_webhook_is_registered_with_its_secret(parley: Run, fake: FakeServices) -> None:
    ended = parley("lines", "register", "shop")

    address = "https://bot.example.com/webhooks/shop/s3cret"
    assert ended == Ended(0, f"webhooks go to {address} now\n", "")
    assert fake.rest.webhook == address


def test_where_it_cannot_be_registered_it_is_told_what_to_paste(
    parley: Run, fake: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.rest.manual = "open the dashboard and paste"
    by_hand = parley("lines", "register", "shop")
    offer(monkeypatch, NO_SERVICES)
    no_call = parley("lines", "register", "shop")

    address = "https://bot.example.com/webhooks/shop/s3cret"
    assert by_hand == Ended(0, f"open the dashboard and paste {address}\n", "")
    assert no_call.code == 0
    assert no_call.out.startswith(f"paste {address} at: ")


def test_without_a_public_address_nothing_is_registered(
    parley: Run, fake: FakeServices, tmp_path: Path
) -> None:
    (tmp_path / "parley.toml").write_text('[lines.shop]\nprovider = "console"\n')

    ended = parley("lines", "register", "shop")

    assert ended.code == 1
    assert "server.public_url is not set" in ended.err
    assert fake.rest.webhook is None


SERVICE_COMMANDS = [
    pytest.param(("templates", "list"), "templates", id="templates list"),
    pytest.param(("templates", "sync"), "templates", id="templates sync"),
    pytest.param(("contacts", "list"), "address book", id="contacts list"),
    pytest.param(("contacts", "find", "5215550001"), "address book", id="contacts find"),
    pytest.param(("contacts", "save", "5215550001"), "address book", id="contacts save"),
    pytest.param(("contacts", "sync", "--pull"), "address book", id="contacts sync"),
    pytest.param(("track", "shop", "5215550001", "Seen"), "events", id="track"),
    pytest.param(("campaigns", "create", "x", "--template", "y"), "campaigns", id="campaigns"),
    pytest.param(("assign", "shop", "5215550001", "ana"), "chat assignment", id="assign"),
    pytest.param(("media", "upload", "shop", "parley.toml", "--type", "a/b"), "file", id="media"),
]


@pytest.mark.parametrize(("command", "what"), SERVICE_COMMANDS)
def test_what_a_provider_does_not_offer_is_one_line(
    parley: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], what: str
) -> None:
    offer(monkeypatch, NO_SERVICES)

    ended = parley(*command)

    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("parley: lines.shop: the provider 'console' offers no ")
    assert what in ended.err
    assert ended.err.count("\n") == 1


def test_a_providers_refusal_is_one_line(parley: Run, fake: FakeServices) -> None:
    fake.rest.refuses = RateLimited("the provider asks to wait")

    ended = parley("track", "shop", "5215550001", "Seen")

    assert ended == Ended(1, "", "parley: the provider asks to wait\n")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        pytest.param(
            ("track", "shpo", "5215550001", "Seen"), "no line 'shpo'; configured: shop", id="line"
        ),
        pytest.param(("track", "shop", "five", "Seen"), "'five' is no phone number", id="number"),
        pytest.param(
            ("track", "shop", "5215550001", "Seen", "price"), "write key=value", id="trait"
        ),
    ],
)
def test_what_was_typed_wrong_is_told(parley: Run, command: tuple[str, ...], told: str) -> None:
    ended = parley(*command)

    assert ended.code == 1
    assert told in ended.err


def test_two_lines_want_a_name(parley: Run, tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_text(
        '[lines.shop]\nprovider = "console"\n[lines.desk]\nprovider = "console"\n'
    )

    ended = parley("templates", "list")

    assert ended.err == "parley: name a line with --line; configured: shop, desk\n"


# --- lines check ------------------------------------------------------------------------------------


@pytest.fixture
def nobody_listens(parley: Run, tmp_path: Path) -> str:
    """Let the public address be one at which nothing answers."""
    address = f"http://127.0.0.1:{free_port()}"
    (tmp_path / "parley.toml").write_text(CONFIG.replace("https://bot.example.com", address))
    return address


def test_a_wrong_key_is_told_with_what_to_do(
    parley: Run, fake: FakeServices, nobody_listens: str
) -> None:
    fake.rest.wrong_key = True

    ended = parley("lines", "check", "shop")

    assert ended.code == 1
    key, webhook = ended.out.splitlines()
    assert key.startswith("✗ key: the provider refuses the key; is it still the one on")
    assert webhook.startswith(f"✗ webhook: {nobody_listens}/webhooks/shop does not answer")
    assert "s3cret" not in ended.out
    assert ended.err == "parley: lines.shop: 2 of the checks failed\n"


@pytest.mark.usefixtures("nobody_listens")
def test_a_provider_that_cannot_be_asked_for_its_key_fails_nothing(
    parley: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, NO_SERVICES)

    ended = parley("lines", "check", "shop")

    assert ended.out.startswith("- key: the provider has no call")
    assert ended.err == "parley: lines.shop: 1 of the checks failed\n"
