"""Each provider's webhooks: what reads them, and one body of every kind; a provider is added to `WEBHOOKS`.

`test_mutations.py` spoils the bodies, `test_any_body.py` gives the readers anything at all.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import orjson
import pytest

from adapters.cbot.parse import parse_body as parse_cbot
from adapters.cloud.parse import parse_body as parse_cloud
from adapters.gupshup.parse import parse_body as parse_gupshup
from adapters.interakt.parse import parse_body as parse_interakt
from adapters.interakt.twins import Twins
from adapters.karbot.parse import parse_body as parse_karbot
from adapters.sobot.parse import parse_body as parse_sobot
from engine.core.ids import LineId
from engine.core.signals import Arrival
from engine.ports import Parcel
from tests.adapters.published import PAYLOADS as PUBLISHED
from tests.adapters.samples import LINE, NOW

HERE = Path(__file__).parent

Way = tuple[str | int, ...]
"""The keys and places that lead to something inside a body."""


class ParseBody(Protocol):
    """Reads a webhook body."""

    def __call__(self, body: bytes, *, line: LineId, received_at: datetime) -> list[Parcel]:
        """Return what it says. Raises PayloadInvalid."""


class Batch(NamedTuple):
    """A body of which one item is spoiled and the others are kept."""

    case: str
    """The name of its file."""
    spoiled: Way
    """Where the item stands."""
    kept: tuple[str, ...]
    """The keys of the others' arrivals."""


class Webhooks:
    """One provider's.

    Args:
        name: Of its folder here, which holds its bodies.
        parse_body: Reads one.
        passed_on: The folders of those whose bodies it passes on as they are.
        published: The folders of its own bodies that others published, where they are present.
        batch: Holds several items; None where a body never does.
        holds: Checks what else is true of all that is read, whatever was done to the body.
    """

    def __init__(
        self,
        name: str,
        parse_body: ParseBody,
        *,
        passed_on: tuple[str, ...] = (),
        published: tuple[str, ...] = (),
        batch: Batch | None = None,
        holds: Callable[[list[Parcel]], None] = lambda parcels: None,
    ) -> None:
        self.name = name
        self.parse_body = parse_body
        self.batch = batch
        self._passed_on = passed_on
        self.published = published
        self._holds = holds

    @cached_property
    def bodies(self) -> dict[str, Any]:
        """Its own by case. A test that changes one copies it first, or puts back what it took."""
        return {file.stem: orjson.loads(file.read_bytes()) for file in _files(HERE / self.name)}

    @cached_property
    def all_bodies(self) -> dict[str, Any]:
        """Its own, the published ones, and those it passes on; by folder and case."""
        passed_on = [file for name in self._passed_on for file in _files(HERE / name)]
        published = [file for name in self.published for file in _json_in(PUBLISHED / name)]
        return self.bodies | {
            f"{file.parent}/{file.stem}": orjson.loads(file.read_bytes())
            for file in (*passed_on, *published)
        }

    def read(self, body: object) -> dict[str, Arrival]:
        """Return by their keys what a body says, having checked that it can be stored and comes again the same."""
        data = orjson.dumps(body)
        parcels = self.parse_body(data, line=LINE, received_at=NOW)
        again = self.parse_body(data, line=LINE, received_at=NOW)
        assert parcels == again, "the same body, the same keys"
        self._holds(parcels)
        arrivals = [arrival for parcel in parcels for arrival in parcel.arrivals]
        for arrival in arrivals:
            check(arrival)
        return {arrival.key: arrival for arrival in arrivals}


def _files(folder: Path) -> list[Path]:
    return _json_in(folder / "payloads")


def _json_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def check(arrival: Arrival) -> None:
    """Check that an arrival can be stored, and is the same when it is read back."""
    assert arrival.line == LINE
    assert 0 < len(arrival.key) <= 600
    text = arrival.model_dump_json()
    # A backslash that was written is two; of an odd one before `u0000` PostgreSQL makes what it refuses.
    assert "\\u0000" not in text.replace("\\\\", "")
    assert Arrival.model_validate_json(text) == arrival


def _names_no_account(parcels: list[Parcel]) -> None:
    """The address says which line a body is for: nothing in it does."""
    assert {parcel.account for parcel in parcels} <= {None}


def _has_steady_twins(parcels: list[Parcel]) -> None:
    ((_, arrivals),) = parcels
    twins = Twins()
    told = list(map(twins.once, arrivals))
    assert told == list(map(twins.once, arrivals))


CBOT = Webhooks(
    "cbot",
    parse_cbot,
    passed_on=("cloud",),
    published=("onprem", "cloud"),
    batch=Batch("everything", ("messages", 0), ("gBE.second", "gBE.third:read")),
    holds=_names_no_account,
)
CLOUD = Webhooks(
    "cloud",
    parse_cloud,
    published=("cloud",),
    batch=Batch("batch", ("entry", 0), ("wamid.second", "wamid.third:read", "wamid.elsewhere")),
)
GUPSHUP = Webhooks(
    "gupshup",
    parse_gupshup,
    published=("gupshup",),
    batch=Batch(
        "v3_batch",
        ("entry", 0, "changes", 0, "value", "messages", 0),
        ("wamid.second", "gs-out:read"),
    ),
    holds=_names_no_account,
)
INTERAKT = Webhooks("interakt", parse_interakt, published=("interakt",), holds=_has_steady_twins)
KARBOT = Webhooks(
    "karbot", parse_karbot, passed_on=("gupshup",), published=("karbot",), holds=_names_no_account
)
RCS = Webhooks("rcs", parse_interakt, holds=_has_steady_twins)
SOBOT = Webhooks(
    "sobot",
    parse_sobot,
    passed_on=("cloud",),
    published=("sobot",),
    batch=Batch("batch", (0,), ("wamid.out9:read", "wamid.second")),
    holds=_names_no_account,
)

WEBHOOKS = (CBOT, CLOUD, GUPSHUP, INTERAKT, KARBOT, RCS, SOBOT)

each_provider = pytest.mark.parametrize("webhooks", WEBHOOKS, ids=lambda one: one.name)
