"""What an Interakt account offers beside the chat; over real HTTP."""

from datetime import UTC, datetime

import pytest

from adapters.interakt.adapter import Interakt
from engine.core.errors import ContentRejected, LineRejected, ProviderUnreachable, RateLimited
from engine.ports.services import Filter, ManualSetup, Profile, TemplateDraft, UploadedFile
from tests.adapters.interakt.provider import InteraktProvider

PHONE = "525550000001"
WHO = {"countryCode": "+52", "phoneNumber": "5550000001"}

ANA = {
    "id": "00000000-0000-4000-8000-000000000001",
    "created_at_utc": "2026-09-01T08:48:02.970000",
    "phone_number": "5550000001",
    "country_code": "+52",
    "user_id": "c-1",
    "tags": ["40000000-0000-4000-8000-000000000001", None],
    "traits": {"name": "Ana", "email": None, "city": "Puebla"},
}
"""As Interakt has her."""
OURS = Profile(
    phone=PHONE,
    user_id="c-1",
    name="Ana",
    traits={"city": "Puebla"},
    tags=("40000000-0000-4000-8000-000000000001",),
    created_at=datetime(2026, 9, 1, 8, 48, 2, 970_000, tzinfo=UTC),
)
"""As we do."""


def customers(*found: object, **paging: object) -> dict[str, object]:
    return {"result": True, "message": "Customers", "data": {"customers": list(found), **paging}}


# --- users and events --------------------------------------------------------------------------------


async def test_a_user_is_saved(interakt: Interakt, provider: InteraktProvider) -> None:
    assert interakt.services.contacts is not None
    await interakt.services.contacts.save(Profile(phone=PHONE, name="Ana", tags=("new",)))
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/v1/public/track/users/")
    assert request.json == {**WHO, "traits": {"name": "Ana"}, "tags": ["new"]}


async def test_a_user_is_found_by_number_without_its_country_code(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    assert interakt.services.contacts is not None
    elsewhere = ANA | {"country_code": "+91", "traits": {"name": "Asha"}}
    provider.answers(200, customers(elsewhere, ANA))
    assert await interakt.services.contacts.find(phone=PHONE) == OURS
    (request,) = provider.requests
    assert (request.method, request.path) == (
        "GET",
        "/v1/public/apis/users/phone_number/5550000001",
    )
    assert "content-type" not in request.headers


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        pytest.param("5215550000001", {"country_code": "+52", "phone_number": "5550000001"}, id="MX"),
        pytest.param("525550000001", {"country_code": "+52", "phone_number": "15550000001"}, id="MX 1"),
        pytest.param("551188880001", {"country_code": "+55", "phone_number": "11988880001"}, id="BR"),
        pytest.param("5511988880001", {"country_code": "+55", "phone_number": "1188880001"}, id="BR 9"),
    ],
)  # fmt: skip
async def test_a_user_is_found_by_the_other_spelling_of_the_number(
    interakt: Interakt, provider: InteraktProvider, asked: str, stored: dict[str, str]
) -> None:
    assert interakt.services.contacts is not None
    phone = stored["country_code"].removeprefix("+") + stored["phone_number"]
    provider.answers(404, {"result": False, "message": "No customer"})
    provider.answers(200, customers(ANA | {"channel_phone_number": None} | stored))
    found = await interakt.services.contacts.find(phone=asked)
    assert found is not None
    assert (found.phone, found.name) == (phone, "Ana")
    assert [request.path.rpartition("/")[2] for request in provider.requests] == [
        asked[2:],
        stored["phone_number"],
    ]


async def test_the_same_number_in_another_country_is_nobody(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    assert interakt.services.contacts is not None
    provider.answers(200, customers(ANA | {"country_code": "+91"}))
    assert await interakt.services.contacts.find(phone=PHONE) is None


async def test_a_user_is_found_by_id(interakt: Interakt, provider: InteraktProvider) -> None:
    assert interakt.services.contacts is not None
    provider.answers(200, customers(ANA))
    assert await interakt.services.contacts.find(user_id="c/1?x") == OURS
    assert provider.requests[0].path == "/v1/public/apis/users/id/c/1?x"
    assert provider.requests[0].query == {}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"result": False, "message": "No customer"}),
        (400, {"result": False, "message": "Customer not found"}),
        (200, {"result": True, "data": {"customers": []}}),
        (200, {"result": True, "data": None}),
    ],
    ids=["404", "words", "empty", "nothing"],
)
async def test_nobody_is_none(
    interakt: Interakt, provider: InteraktProvider, status: int, body: object
) -> None:
    assert interakt.services.contacts is not None
    provider.answers(status, body)
    assert await interakt.services.contacts.find(user_id="c-2") is None


async def test_a_refused_key_is_no_nobody(interakt: Interakt, provider: InteraktProvider) -> None:
    assert interakt.services.contacts is not None
    provider.answers(401, {"result": False, "message": "Unauthorized"})
    with pytest.raises(LineRejected):
        await interakt.services.contacts.find(user_id="c-2")


async def test_users_are_listed_by_condition_and_page(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    assert interakt.services.contacts is not None
    provider.answers(200, customers(ANA, total_customers=201, has_next_page=True))
    page = await interakt.services.contacts.list(
        filters=(
            Filter(trait="created_at_utc", op="gt", value="2026-09-01T00:00:00.000Z"),
            Filter(trait="city", op="eq", value="Puebla", joined_by="or"),
        ),
        offset=100,
        limit=500,
    )
    assert (page.profiles, page.total, page.more) == ((OURS,), 201, True)
    (request,) = provider.requests
    assert (request.method, request.path) == ("POST", "/v1/public/apis/users/")
    assert request.query == {"offset": "100", "limit": "100"}
    assert request.json == {
        "filters": [
            {"trait": "created_at_utc", "op": "gt", "val": "2026-09-01T00:00:00.000Z"},
            {"trait": "city", "op": "eq", "supr_op": "or", "val": "Puebla"},
        ]
    }


async def test_an_event_is_tracked(interakt: Interakt, provider: InteraktProvider) -> None:
    assert interakt.services.events is not None
    await interakt.services.events.track("Ordered", {"total": 17}, phone=PHONE, user_id="c-1")
    (request,) = provider.requests
    assert request.path == "/v1/public/track/events/"
    assert request.json == {**WHO, "userId": "c-1", "event": "Ordered", "traits": {"total": 17}}


async def test_a_limit_is_told_with_its_wait(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    assert interakt.services.events is not None
    provider.answers(
        429,
        {"result": False, "message": "Rate limit exceeded for this resource"},
        **{"Retry-After": "20"},
    )
    with pytest.raises(RateLimited) as limited:
        await interakt.services.events.track("Ordered", {}, phone=PHONE)
    assert limited.value.retry_after is not None


# --- templates ---------------------------------------------------------------------------------------


def kept(name: str, status: str, **fields: object) -> dict[str, object]:
    return {"id": f"id-{name}", "name": name, "language": "en", "category": "UTILITY",
            "body": "Ready", "approval_status": status, **fields}  # fmt: skip


async def test_templates_are_listed_page_by_page(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    assert interakt.services.templates is not None
    for names, more in ((("a", "b"), True), (("c",), False)):
        found = [kept(name, "APPROVED") for name in names]
        provider.answers(200, {"count": 3, "has_next": more, "results": {"templates": found}})
    listed = await interakt.services.templates.list()
    assert [one.name for one in listed] == ["a", "b", "c"]
    assert [request.query["offset"] for request in provider.requests] == ["0", "2"]
    assert {request.path for request in provider.requests} == {
        "/v1/public/track/organization/templates"
    }
    first = listed[0]
    assert (first.status, first.category, first.id, first.body) == (
        "approved",
        "utility",
        "id-a",
        "Ready",
    )


async def test_templates_are_asked_for_by_name_and_status(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    assert interakt.services.templates is not None
    page = [kept("a", "APPROVED"), kept("a2", "APPROVED"), kept("a", "WAITING")]
    provider.answers(200, {"count": 3, "has_next": False, "results": {"templates": page}})
    (found,) = await interakt.services.templates.list(name="a", status="approved")
    assert (found.name, found.status) == ("a", "approved")
    assert provider.requests[0].query == {
        "offset": "0",
        "template_name": "a",
        "autosubmitted_for": "all",
        "approval_status": "APPROVED",
        "language": "all",
    }


async def test_a_list_that_promises_more_and_gives_none_ends(
    interakt: Interakt, provider: InteraktProvider
) -> None:
    assert interakt.services.templates is not None
    provider.answers(200, {"has_next": True, "results": {"templates": []}})
    assert await interakt.services.templates.list() == []
    assert len(provider.requests) == 1


async def test_a_template_is_handed_in(interakt: Interakt, provider: InteraktProvider) -> None:
    assert interakt.services.templates is not None
    data = kept("order_ready", "WAITING", rejection_reason=None)
    provider.answers(200, {"result": True, "message": "Created", "data": data})
    draft = TemplateDraft(name="order_ready", language="en", category="utility", body="Ready")
    made = await interakt.services.templates.create(draft)
    assert (made.name, made.status, made.reason) == ("order_ready", "pending", None)
    assert provider.requests[0].path == "/v1/public/track/templates/"
    provider.answers(400, {"result": False, "message": "Name taken"})
    with pytest.raises(ContentRejected, match="Name taken"):
        await interakt.services.templates.create(draft)


# --- the rest ----------------------------------------------------------------------------------------


async def test_a_campaign_is_made(interakt: Interakt, provider: InteraktProvider) -> None:
    assert interakt.services.campaigns is not None
    made = await interakt.services.campaigns.create("Autumn", template="offer", language="en")
    assert made == "campaign-1"
    assert provider.bodies == [
        {
            "campaign_name": "Autumn",
            "campaign_type": "PublicAPI",
            "template_name": "offer",
            "language_code": "en",
        }
    ]
    provider.answers(201, {"result": True})
    with pytest.raises(ProviderUnreachable):
        await interakt.services.campaigns.create("Autumn", template="offer", language="en")


async def test_a_chat_is_assigned(interakt: Interakt, provider: InteraktProvider) -> None:
    assert interakt.services.desk is not None
    await interakt.services.desk.assign(PHONE, agent="kitchen@shop.example")
    assert provider.requests[0].path == "/v1/public/assignment/"
    assert provider.bodies == [{"user_phone_number": PHONE, "agent_email": "kitchen@shop.example"}]


async def test_a_file_is_uploaded(interakt: Interakt, provider: InteraktProvider) -> None:
    assert interakt.services.uploads is not None
    made = await interakt.services.uploads.upload(
        b"\xff\xd8", mime_type="image/jpeg", filename="1.jpg"
    )
    assert made == UploadedFile("handle-1", "https://f.example/1", "1")
    (request,) = provider.requests
    assert request.path == "/v1/public/track/files/upload_to_fb/"
    assert request.query == {"fileCategory": "message_template_media"}
    assert request.form == {"uploadFile": b"\xff\xd8"}
    provider.answers(200, {"result": True, "data": {}})
    with pytest.raises(ProviderUnreachable):
        await interakt.services.uploads.upload(b"1", mime_type="image/jpeg", filename="1.jpg")


async def test_a_webhook_is_set_by_hand(interakt: Interakt, provider: InteraktProvider) -> None:
    assert interakt.services.webhook is not None
    with pytest.raises(ManualSetup, match=r"https://bot\.example/webhooks/shop") as told:
        await interakt.services.webhook.register("https://bot.example/webhooks/shop")
    assert "signing_secret" in str(told.value)
    assert "bots off" in str(told.value)
    assert provider.requests == []


async def test_a_probe_asks_for_templates(interakt: Interakt, provider: InteraktProvider) -> None:
    assert interakt.services.probe is not None
    assert "key" in await interakt.services.probe.check_key()
    with pytest.raises(ManualSetup, match="--to"):
        await interakt.services.probe.check_sender()
    assert len(provider.requests) == 1
    provider.answers(403, {"result": False, "message": "Forbidden"})
    with pytest.raises(LineRejected, match="Starter"):
        await interakt.services.probe.check_key()
