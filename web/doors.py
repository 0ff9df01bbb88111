"""Which line a webhook is for: by its URL, and by the account that its body names."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.core.errors import DefinitionError, InboundError, LineUnknown, SignatureInvalid
from engine.core.ids import LineId
from engine.core.signals import Arrival, LineReported
from engine.core.value import Json
from engine.ports import Adapter, Parcel, WebhookRequest

SECRET_HEADER = "x-webhook-secret"  # noqa: S105 - a header's name
"""May carry a line's `webhook_secret` in place of its URL, where the provider lets one set headers."""

_NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Door:
    """One line, as its webhook URL leads to it."""

    line: LineId
    adapter: Adapter
    provider: str
    secret: str | None = None
    """The last part of the URL, or a header's value, for a provider that signs nothing."""


class Doors:
    """All lines by name, and by the account that bodies name.

    Raises:
        DefinitionError: Two lines of one provider serve the same account: a body could belong to either.
    """

    def __init__(self, doors: Iterable[Door]) -> None:
        self._by_name = {str(door.line): door for door in doors}
        self._by_account: dict[tuple[str, str], Door] = {}
        for door in self._by_name.values():
            if door.adapter.account is None:
                continue
            other = self._by_account.setdefault((door.provider, door.adapter.account), door)
            if other is not door:
                raise DefinitionError(
                    f"lines.{door.line} and lines.{other.line} serve the same account; remove one of them"
                )

    def find(self, name: str, secret: str | None, headers: Mapping[str, str] = _NO_HEADERS) -> Door:
        """Return the line at a webhook URL.

        Args:
            name: What the URL calls the line.
            secret: The last part of the URL, if there is one more.
            headers: The request's; asked for by names in lower case.

        Raises:
            LineUnknown: No line has this name.
            SignatureInvalid: The URL's secret is not the line's.
        """
        door = self._by_name.get(name)
        if door is None:
            raise LineUnknown
        if door.secret is None and secret is None:
            return door
        if secret is None:
            secret = headers.get(SECRET_HEADER)
        if not hmac.compare_digest(_bytes(door.secret), _bytes(secret)):
            raise SignatureInvalid(
                "The webhook address does not end in this line's webhook_secret,"
                " nor does the header X-Webhook-Secret hold it."
            )
        return door

    def known(self, line: LineId) -> Door:
        """Return a line's door; what comes through it was verified before. Raises LineUnknown."""
        door = self._by_name.get(line)
        if door is None:
            raise LineUnknown
        return door

    def arrivals(
        self, door: Door, webhook: WebhookRequest, *, received_at: datetime
    ) -> Sequence[Arrival]:
        """Read a verified body and address what it says to the lines it is about."""
        parcels = door.adapter.parse(webhook.body, received_at=received_at)
        if len(parcels) == 1 and parcels[0].account in (None, door.adapter.account):
            return parcels[0].arrivals
        return [arrival for parcel in parcels for arrival in self._address(door, parcel, webhook)]

    def _address(self, door: Door, parcel: Parcel, webhook: WebhookRequest) -> Iterable[Arrival]:
        """Give a parcel to the line whose account it names.

        A provider's app posts the events of all its numbers to one URL. A line takes from another's URL only what its
        own secret signs, so that one tenant's secret never writes into another's line.
        """
        if parcel.account in (None, door.adapter.account):
            return parcel.arrivals
        other = self._by_account.get((door.provider, parcel.account))
        if other is None or not _signed_for(other, webhook):
            if parcel.account == door.adapter.other_account:
                return parcel.arrivals
            return [_kept(arrival, door.line, parcel.account) for arrival in parcel.arrivals]
        return [arrival.model_copy(update={"line": other.line}) for arrival in parcel.arrivals]


def _bytes(secret: str | None) -> bytes:
    return (secret or "").encode(errors="replace")


def _signed_for(door: Door, webhook: WebhookRequest) -> bool:
    if door.secret is not None:
        return False  # this line is reached by its own secret URL alone
    try:
        door.adapter.verify(webhook)
    except InboundError:
        return False
    return True


def _kept(arrival: Arrival, line: LineId, account: str) -> Arrival:
    """Return what an unknown number got, as a fact of the line whose URL it came by: stored once, never stepped."""
    said: Json = {"account": account, "arrival": arrival.model_dump(mode="json", exclude={"line"})}
    return Arrival(
        line=line,
        key=f"{account}:{arrival.key}",
        signal=LineReported(field="unknown_account", data=said),
        received_at=arrival.received_at,
    )
