"""What every adapter keeps to, and what more those keep to that call a provider; each adapter's test subclasses one."""

import asyncio
import contextlib
from abc import ABC, abstractmethod
from typing import ClassVar, get_args

import aiohttp
import pytest

from engine.core.capabilities import OutboundKind
from engine.core.content import Media, MediaKind, Text
from engine.core.errors import (
    AnswerLost,
    ContentRejected,
    InboundError,
    LineRejected,
    PayloadInvalid,
    ProviderUnreachable,
    RateLimited,
    SendError,
)
from engine.core.signals import Arrival, MessageReceived
from engine.ports import Accepted, Adapter, Refused
from tests.adapters.cloud.provider import Handler, Provider, Silence, half_an_answer, hang_up
from tests.adapters.samples import EVERY_OUTBOUND, LINE, NOW, outgoing


class AdapterContract(ABC):
    """Subclass it, give the adapter and the body of a webhook with one text message."""

    by_link: ClassVar[bool] = False
    """Whether the provider takes files by link alone."""

    @pytest.fixture
    @abstractmethod
    def adapter(self) -> Adapter:
        """Return the adapter, on the line of the samples."""

    @staticmethod
    @abstractmethod
    def text_body(text: str, *, id: str) -> bytes:
        """Return the webhook body in which a contact writes a text."""

    # --- in --------------------------------------------------------------------------------------

    def test_a_text_becomes_one_message_of_one_contact(self, adapter: Adapter) -> None:
        (arrival,) = self._parse(adapter, self.text_body("Two, please", id="in-1"))
        assert isinstance(arrival.signal, MessageReceived)
        assert arrival.signal.content == Text(body="Two, please")
        assert arrival.sender is not None
        assert arrival.sender.phone or arrival.sender.user_id
        assert (arrival.line, arrival.received_at, arrival.conversation) == (LINE, NOW, None)

    def test_a_body_delivered_again_has_the_same_keys(self, adapter: Adapter) -> None:
        body = self.text_body("Two, please", id="in-1")
        assert self._parse(adapter, body) == self._parse(adapter, body)

    def test_two_messages_have_two_keys(self, adapter: Adapter) -> None:
        one = self._parse(adapter, self.text_body("Yes", id="in-1"))
        two = self._parse(adapter, self.text_body("Yes", id="in-2"))
        assert one[0].key != two[0].key

    def test_an_arrival_survives_json(self, adapter: Adapter) -> None:
        (arrival,) = self._parse(adapter, self.text_body("Größe 😀", id="in-1"))
        assert Arrival.model_validate_json(arrival.model_dump_json()) == arrival

    @pytest.mark.parametrize(
        "body",
        [b"", b"{", b'"text"', b"12", b"null", b"<html></html>", b'{"a": NaN}', b"\xff\xfe"],
        ids=repr,
    )
    def test_what_is_no_json_object_is_refused(self, adapter: Adapter, body: bytes) -> None:
        with pytest.raises(PayloadInvalid):
            adapter.parse(body, received_at=NOW)

    def test_an_empty_list_is_refused_or_says_nothing(self, adapter: Adapter) -> None:
        with contextlib.suppress(PayloadInvalid):
            assert adapter.parse(b"[]", received_at=NOW) == []

    @pytest.mark.parametrize("depth", [100, 1000, 100_000])
    def test_deep_nesting_is_refused_or_read(self, adapter: Adapter, depth: int) -> None:
        body = b'{"id": "deep", "entry": [' + b"[" * depth + b"]" * depth + b"]}"
        try:
            parcels = adapter.parse(body, received_at=NOW)
        except PayloadInvalid:
            return
        for parcel in parcels:
            for arrival in parcel.arrivals:
                assert Arrival.model_validate_json(arrival.model_dump_json()) == arrival

    async def test_a_check_of_the_url_that_is_none_is_refused(self, adapter: Adapter) -> None:
        with pytest.raises(InboundError):
            adapter.challenge({})

    # --- out -------------------------------------------------------------------------------------

    @pytest.mark.parametrize("kind", EVERY_OUTBOUND)
    async def test_every_kind_is_accepted_as_itself_or_degraded(
        self, adapter: Adapter, kind: str
    ) -> None:
        content = EVERY_OUTBOUND[kind]
        if self.by_link and isinstance(content, Media):
            content = content.model_copy(
                update={"url": "https://files.example/1", "external_id": None}
            )
        assert isinstance(await adapter.send(outgoing(content)), Accepted)

    async def test_sent_messages_have_different_ids(self, adapter: Adapter) -> None:
        one, two = [await adapter.send(outgoing(Text(body="Hi"))) for _ in range(2)]
        assert isinstance(one, Accepted)
        assert isinstance(two, Accepted)
        assert one.external_id != two.external_id

    async def test_a_message_without_anything_to_send_never_raises(self, adapter: Adapter) -> None:
        result = await adapter.send(outgoing(Media(kind="image")))
        assert isinstance(result, Accepted | Refused)

    async def test_a_file_that_is_not_there_is_a_send_error(self, adapter: Adapter) -> None:
        with pytest.raises(SendError):
            await adapter.fetch(Media(kind="image", external_id="gone"))

    # --- itself ----------------------------------------------------------------------------------

    def test_it_can_always_say_something(self, adapter: Adapter) -> None:
        assert adapter.line == LINE
        assert "text" in adapter.capabilities.kinds
        assert adapter.capabilities.text_length > 0

    def test_what_it_sends_has_a_largest_size(self, adapter: Adapter) -> None:
        kinds = adapter.capabilities.kinds & set(get_args(MediaKind))
        assert kinds == adapter.capabilities.media_bytes.keys()
        assert adapter.capabilities.kinds <= set(get_args(OutboundKind))

    async def test_it_may_be_closed_twice(self, adapter: Adapter) -> None:
        await adapter.close()
        await adapter.close()

    @staticmethod
    def _parse(adapter: Adapter, body: bytes) -> tuple[Arrival, ...]:
        (parcel,) = adapter.parse(body, received_at=NOW)
        assert parcel.account == adapter.account
        return parcel.arrivals


HELLO = Text(body="Hello")

ANSWERS: dict[str, tuple[int, bytes, type[SendError]]] = {
    "success in HTML": (200, b"<html>ok</html>", AnswerLost),
    "empty success": (200, b"", AnswerLost),
    "success that is a list": (200, b"[1]", AnswerLost),
    "redirect": (302, b"", LineRejected),
    "HTML 400": (400, b"<html>bad</html>", ContentRejected),
    "HTML 403": (403, b"<html>forbidden</html>", LineRejected),
    "HTML 404": (404, b"<html>where?</html>", LineRejected),
    "429 in words": (429, b"slow down", RateLimited),
    "500 without a body": (500, b"", ProviderUnreachable),
    "HTML 502": (502, b"<html>bad gateway</html>", ProviderUnreachable),
    "gateway timeout": (504, b"<html>timeout</html>", AnswerLost),
}
"""What an answer means that is not the provider's own: status, body, meaning."""


class CallingContract(AdapterContract):
    """Of those that send over HTTP. The fixture `adapter` calls `provider` through `session`."""

    async def test_a_provider_that_is_down_took_nothing(
        self, adapter: Adapter, provider: Provider
    ) -> None:
        await provider.server.close()
        refused = await self._refused(adapter)
        assert type(refused.error) is ProviderUnreachable
        assert refused.error.retryable
        assert refused.exchange is None or refused.exchange.status is None

    async def test_a_closed_session_sends_nothing(
        self, adapter: Adapter, provider: Provider, session: aiohttp.ClientSession
    ) -> None:
        await session.close()
        assert type((await self._refused(adapter)).error) is ProviderUnreachable
        assert provider.requests == []

    @pytest.mark.parametrize("case", ANSWERS)
    async def test_an_answer_that_is_not_the_providers_own_has_its_meaning(
        self, adapter: Adapter, provider: Provider, case: str
    ) -> None:
        status, body, meaning = ANSWERS[case]
        await self.begin(adapter)
        provider.answers(status, body)
        refused = await self._refused(adapter)
        assert type(refused.error) is meaning
        assert refused.exchange is not None
        assert refused.exchange.status == status

    @pytest.mark.parametrize(
        ("ending", "status"),
        [pytest.param(hang_up, None, id="none"), pytest.param(half_an_answer, 200, id="half")],
    )
    async def test_an_answer_that_does_not_come_whole_is_lost(
        self, adapter: Adapter, provider: Provider, ending: Handler, status: int | None
    ) -> None:
        await self.begin(adapter)
        before = len(provider.requests)
        provider.does(ending)
        refused = await self._refused(adapter)
        assert type(refused.error) is AnswerLost
        assert refused.exchange is not None
        assert refused.exchange.status == status
        assert len(provider.requests) == before + 1, "nobody sends it again unasked"

    @pytest.mark.parametrize("answer_s", [1.0])
    async def test_no_answer_in_time_is_a_lost_answer(
        self, adapter: Adapter, provider: Provider, answer_s: float
    ) -> None:
        await self.begin(adapter)
        silence = Silence()
        provider.does(silence)
        assert type((await self._refused(adapter)).error) is AnswerLost
        assert silence.asked.is_set()
        silence.over.set()

    async def test_cancellation_goes_through(self, adapter: Adapter, provider: Provider) -> None:
        silence = Silence()
        provider.does(silence)
        send = asyncio.ensure_future(adapter.send(outgoing(HELLO)))
        await silence.asked.wait()
        send.cancel()
        with pytest.raises(asyncio.CancelledError):
            await send
        silence.over.set()

    async def test_a_named_wait_is_kept(self, adapter: Adapter, provider: Provider) -> None:
        await self.begin(adapter)
        provider.answers(429, b"slow down", **{"Retry-After": "7"})
        wait = (await self._refused(adapter)).error.retry_after
        assert wait is not None
        assert wait.total_seconds() == 7

    async def begin(self, adapter: Adapter) -> None:
        """Do what comes before the first message, such as a login."""

    @staticmethod
    async def _refused(adapter: Adapter) -> Refused:
        result = await adapter.send(outgoing(HELLO))
        assert isinstance(result, Refused)
        return result
