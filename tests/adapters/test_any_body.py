"""No provider's `parse` raises anything but PayloadInvalid, whatever JSON comes, nor for any spoiled webhook.

Each provider reads its own bodies, those that it published where they are present, and whatever hypothesis thinks of.
"""

import contextlib
import copy
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.cbot.parse import parse_body as parse_cbot
from adapters.cloud.parse import parse_body as parse_cloud
from adapters.console.parse import parse_body as parse_console
from adapters.fake import FakeAdapter
from adapters.gupshup.parse import parse_body as parse_gupshup
from adapters.interakt.parse import parse_body as parse_interakt
from adapters.karbot.parse import parse_body as parse_karbot
from adapters.registry import ADAPTERS
from adapters.sobot.parse import parse_body as parse_sobot
from engine.core.errors import PayloadInvalid
from engine.core.ids import LineId
from engine.ports import Parcel
from tests.adapters.cloud.test_mutations import JSON_IN_64_BITS, STRANGE, at, check, paths_of
from tests.adapters.published import PAYLOADS
from tests.adapters.samples import JSON, LINE, NOW


class Parse(Protocol):
    """An adapter's pure half."""

    def __call__(self, body: bytes, *, line: LineId, received_at: datetime) -> list[Parcel]:
        """Read a webhook body. Raises PayloadInvalid."""


def parse_fake(body: bytes, *, line: LineId, received_at: datetime) -> list[Parcel]:
    return FakeAdapter(line).parse(body, received_at=received_at)


class Reader(NamedTuple):
    """How one provider's bodies are read, and where there are some."""

    parse: Parse
    ours: tuple[str, ...] = ()
    """Folders of `tests/adapters` with payloads."""
    published: tuple[str, ...] = ()
    """Folders of the providers' own."""


READERS = {
    "360dialog": Reader(parse_cbot, ("cbot", "cloud"), ("onprem", "cloud")),
    "cbot": Reader(parse_cbot, ("cbot", "cloud"), ("onprem", "cloud")),
    "cloud": Reader(parse_cloud, ("cloud",), ("cloud",)),
    "console": Reader(parse_console),
    "fake": Reader(parse_fake),
    "gupshup": Reader(parse_gupshup, ("gupshup",), ("gupshup",)),
    "interakt": Reader(parse_interakt, ("interakt", "rcs"), ("interakt",)),
    "karbot": Reader(parse_karbot, ("karbot", "gupshup"), ("karbot", "gupshup")),
    "sobot": Reader(parse_sobot, ("sobot", "cloud"), ("sobot",)),
}
"""By provider; 360dialog is CBOT's adapter, RCS is read where Interakt's other webhooks are."""

SPOILED = [name for name, reader in READERS.items() if reader.ours and name != "360dialog"]


def test_every_provider_is_read_here() -> None:
    assert READERS.keys() == ADAPTERS.keys() | {"fake"}


def bodies_of(reader: Reader) -> dict[str, object]:
    """Return the payloads of a provider by folder and name."""
    here = Path(__file__).parent
    folders = [here / name / "payloads" for name in reader.ours]
    folders += [PAYLOADS / name for name in reader.published]
    return {
        f"{folder.parent.name}/{folder.name}/{path.stem}": orjson.loads(path.read_bytes())
        for folder in folders
        for path in sorted(folder.glob("*.json"))
    }


BODIES = {name: bodies_of(reader) for name, reader in READERS.items()}


def read(provider: str, body: object) -> None:
    data = json.dumps(body).encode()
    with contextlib.suppress(PayloadInvalid):
        check(READERS[provider].parse(data, line=LINE, received_at=NOW))


@pytest.mark.parametrize("provider", READERS)
@settings(deadline=None)
@given(value=JSON)
def test_any_json_is_read_or_refused(provider: str, value: object) -> None:
    read(provider, value)


# --- webhooks with one thing wrong --------------------------------------------------------------------

WRONG: tuple[object, ...] = (None, True, 7, 3.5, "x", [], {}, ["x"], {"0": None})
"""Null, and a value of every type that JSON has."""


def spoiled(body: object, wrong: tuple[object, ...]) -> Iterator[object]:
    """Yield the body with each key and item left out, then with each of these values in its place."""
    for *parents, key in paths_of(body):
        changed = copy.deepcopy(body)
        del at(changed, tuple(parents))[key]
        yield changed
        for value in wrong:
            at(changed := copy.deepcopy(body), tuple(parents))[key] = value
            yield changed


@pytest.mark.parametrize("provider", SPOILED)
def test_a_webhook_with_a_key_left_out_null_or_of_another_type_is_read(provider: str) -> None:
    assert BODIES[provider]
    for body in BODIES[provider].values():
        for changed in spoiled(body, WRONG if len(paths_of(body)) < 60 else (None, 7, {})):
            read(provider, changed)


@pytest.mark.parametrize("provider", SPOILED)
@settings(deadline=None)
@given(data=st.data())
def test_a_webhook_with_several_things_wrong_is_read(provider: str, data: st.DataObject) -> None:
    body = copy.deepcopy(BODIES[provider][data.draw(st.sampled_from(sorted(BODIES[provider])))])
    for _ in range(data.draw(st.integers(1, 4), label="changes")):
        paths = paths_of(body)
        if not paths:
            break
        *parents, key = data.draw(st.sampled_from(paths), label="path")
        drawn = data.draw(st.sampled_from(STRANGE) | JSON_IN_64_BITS, label="value")
        at(body, tuple(parents))[key] = copy.deepcopy(drawn)
    read(provider, body)


# --- objects that get past the first key ----------------------------------------------------------------


def keys_of(provider: str) -> list[str]:
    """Return every key that the provider's bodies have anywhere."""
    paths = (path for body in BODIES[provider].values() for path in paths_of(body))
    return sorted({key for path in paths for key in path if isinstance(key, str)})


@pytest.mark.parametrize("provider", SPOILED)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_object_with_the_keys_we_read_is_read_or_refused(
    provider: str, data: st.DataObject
) -> None:
    keys = st.sampled_from(keys_of(provider))
    objects = st.recursive(
        JSON, lambda inner: st.dictionaries(keys, inner | st.lists(inner)), max_leaves=12
    )
    read(provider, data.draw(objects))
