"""What every adapter keeps to; each adapter's test subclasses it."""

import contextlib
from abc import ABC, abstractmethod
from typing import ClassVar, get_args

import pytest

from engine.core.capabilities import OutboundKind
from engine.core.content import Media, MediaKind, Text
from engine.core.errors import InboundError, PayloadInvalid, SendError
from engine.core.signals import Arrival, MessageReceived
from engine.ports import Accepted, Adapter, Refused
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
