"""The small parts on their own: ids, times, clean text, phone numbers, the cache, files, lenient reading."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.addresses import canonical_phone, spellings_of
from engine.core.content import Text, Unsupported
from engine.core.conversation import Conversation, Run
from engine.core.errors import ValueRefused
from engine.core.ids import ContactId, ConversationId, LineId, RunId, VisitId
from engine.core.trace import Trace
from engine.core.value import Json
from storage import MediaFolder, TimeIds
from storage.cache import Cache
from storage.clean import clean_json, clean_text
from storage.columns import read_time, stamp
from storage.json_text import dump_json, dump_value, load_json
from storage.mapping import dump_state, load_content, load_state, load_trace
from tests.builders import NOW, make_contact, make_conversation

# --- ids --------------------------------------------------------------------------------------------


def test_ids_rise_and_fit_63_bits() -> None:
    ids = TimeIds(1023)
    given_out = [ids() for _ in range(10_000)]
    assert given_out == sorted(set(given_out))
    assert given_out[-1] < 2**63


def test_ids_rise_while_the_clock_stands_or_goes_back() -> None:
    times = iter([2_000_000_000_000] * 5000 + [1_900_000_000_000] * 5000)
    ids = TimeIds(1, clock_ms=lambda: next(times))
    given_out = [ids() for _ in range(10_000)]
    assert given_out == sorted(set(given_out))


def test_two_owners_never_share_an_id() -> None:
    here, there = (TimeIds(owner, clock_ms=lambda: 2_000_000_000_000) for owner in (1, 2))
    assert not {here() for _ in range(9000)} & {there() for _ in range(9000)}


def test_ids_begin_behind_the_newest_stored_one() -> None:
    newest = TimeIds(1, clock_ms=lambda: 2_000_000_000_000)()
    assert TimeIds(1, after=newest, clock_ms=lambda: 1_900_000_000_000)() > newest


def test_ids_rise_above_those_of_a_process_whose_clock_is_ahead() -> None:
    ids = TimeIds(1, clock_ms=lambda: 1_900_000_000_000)
    before, theirs = ids(), TimeIds(2, clock_ms=lambda: 2_000_000_000_000)()
    ids.rise_above(before - 1)
    assert before < ids() < theirs
    ids.rise_above(theirs)
    after = [ids() for _ in range(9000)]
    assert after == sorted(after)
    assert after[0] > theirs


@pytest.mark.parametrize("owner", [-1, 1024])
def test_an_owner_that_does_not_fit_is_refused(owner: int) -> None:
    with pytest.raises(ValueError, match="1023"):
        TimeIds(owner)


# --- times --------------------------------------------------------------------------------------------


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_stamps_sort_as_the_times_do_and_come_back(one: datetime, other: datetime) -> None:
    assert (stamp(one) < stamp(other)) == (one < other)
    assert read_time(stamp(one)) == one


def test_a_stamp_is_utc_whatever_the_zone() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=-6)))
    assert stamp(there) == stamp(NOW) == "2026-08-01T12:00:00.000000+00:00"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        stamp(datetime(2026, 8, 1))  # noqa: DTZ001 - on purpose


# --- text ----------------------------------------------------------------------------------------------

anything: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_clean_text_is_what_every_database_takes(text: str) -> None:
    cleaned = clean_text(text)
    assert "\x00" not in cleaned
    assert len(cleaned) == len(text)
    cleaned.encode()
    assert clean_text(cleaned) == cleaned


@given(anything)
def test_json_is_written_and_read_as_its_clean_self(value: Json) -> None:
    assert load_json(dump_json(value)) == clean_json(value)


def test_what_is_no_json_is_refused() -> None:
    deep: Json = 1
    for _ in range(3000):
        deep = [deep]
    with pytest.raises(ValueRefused):
        dump_json(deep)


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("+52 1 55 5000 1111", "525550001111"),
        ("005215550001111", "525550001111"),
        ("525550001111", "525550001111"),
        ("+54 9 11 2345-6789", "541123456789"),
        ("+55 11 8765-4321", "5511987654321"),
        ("+55 11 3765-4321", "551137654321"),
        ("+1 (202) 555-0100", "12025550100"),
        ("MX.13491208655302741918", "MX.13491208655302741918"),
        ("someone", "someone"),
    ],
)
def test_phones_have_one_form(written: str, digits: str) -> None:
    assert canonical_phone(written) == digits


@pytest.mark.parametrize(
    ("written", "spellings"),
    [
        ("5215550001111", ("5215550001111", "525550001111")),
        ("+52 555 000 1111", ("525550001111", "5215550001111")),
        ("541123456789", ("541123456789", "5491123456789")),
        ("551187654321", ("551187654321", "5511987654321")),
        ("551137654321", ("551137654321",)),
        ("12025550100", ("12025550100",)),
    ],
)
def test_a_provider_may_know_a_phone_by_any_of_its_spellings(
    written: str, spellings: tuple[str, ...]
) -> None:
    assert spellings_of(written) == spellings
    assert {canonical_phone(one) for one in spellings} == {canonical_phone(written)}


# --- reading what others wrote ---------------------------------------------------------------------------


def test_names_this_version_does_not_know_are_left_out() -> None:
    stored = orjson.loads(dump_value(Text(body="hi")))
    stored["sparkle"] = {"a": 1}
    assert load_content(orjson.dumps(stored).decode()) == Text(body="hi")


@pytest.mark.parametrize("stored", ['{"kind":"hologram","body":1}', '{"kind":"text"}', "{}"])
def test_content_this_version_cannot_read_is_unsupported(stored: str) -> None:
    assert isinstance(load_content(stored), Unsupported)


def _loaded(state: str) -> Conversation:
    before = make_conversation()
    return load_state(state, id=before.id, line=before.line, version=3, contact=before.contact)


def _talking() -> Conversation:
    run = Run(id=RunId(1), flow="order", step="size", visit=VisitId(2), answers={"pizza": "m"})
    return make_conversation(version=3, turn=7, visits=2, runs=(run,), mode="agent")


def test_a_state_comes_back_and_says_its_schema() -> None:
    state = dump_state(_talking())
    assert orjson.loads(state)["schema_version"] == 1
    assert _loaded(state) == _talking()
    assert _loaded(dump_state(make_conversation())).turn == 0


def test_unknown_names_in_a_state_are_left_out_at_any_depth() -> None:
    stored = orjson.loads(dump_state(_talking()))
    stored["mood"] = "good"
    stored["runs"][0]["speed"] = 9
    assert _loaded(orjson.dumps(stored).decode()) == _talking()


def test_a_part_of_a_state_that_is_wrong_goes_back_to_its_default() -> None:
    stored = orjson.loads(dump_state(_talking()))
    stored["runs"][0]["visit"] = "far"
    stored["mood"] = "good"
    assert _loaded(orjson.dumps(stored).decode()) == _talking().model_copy(update={"runs": ()})


def test_a_trace_of_another_version_is_read() -> None:
    trace = load_trace('{"signal": "x", "matched": "tap", "weather": 1, "path": ["a"]}')
    assert trace == Trace("x", "tap", path=("a",))


# --- the cache ----------------------------------------------------------------------------------------------


def _numbered(number: int) -> Conversation:
    return make_conversation(id=ConversationId(number), contact=make_contact(id=ContactId(number)))


def test_the_one_not_used_for_longest_goes_first_with_its_addresses() -> None:
    line = LineId("shop")
    cache = Cache(2)
    for number in (1, 2):
        cache.put(_numbered(number))
        cache.lead((line, "phone", str(number)), (line, ConversationId(number)))
    assert cache.get((line, ConversationId(1))) is not None
    cache.put(_numbered(3))
    assert len(cache) == 2
    assert cache.get((line, ConversationId(2))) is None
    assert cache.find((line, "phone", "2")) is None
    assert cache.find((line, "phone", "1")) == (line, ConversationId(1))


def test_an_address_that_moved_leaves_with_its_new_conversation() -> None:
    line = LineId("shop")
    one, two = ((line, ConversationId(n)) for n in (1, 2))
    cache = Cache(9)
    cache.put(_numbered(1))
    cache.put(_numbered(2))
    address = (line, "user_id", "DE.1")
    cache.lead(address, one)
    cache.lead(address, two)
    cache.drop(one)
    assert cache.find(address) == two
    cache.drop_all()
    assert cache.find(address) is None
    cache.lead(address, one)  # of a conversation that is not kept
    assert cache.find(address) is None


# --- files ----------------------------------------------------------------------------------------------------


async def test_bytes_are_kept_by_their_hash(tmp_path: Path) -> None:
    media = MediaFolder(tmp_path / "media")
    keys = await asyncio.gather(*(media.put(b"pizza") for _ in range(8)))
    assert set(keys) == {hashlib.sha256(b"pizza").hexdigest()}
    assert await media.get(keys[0]) == b"pizza"
    assert [f.name for f in (tmp_path / "media").rglob("*") if f.is_file()] == [keys[0]]


@pytest.mark.parametrize("key", ["0" * 64, "", "../../etc/passwd", "A" * 64])
async def test_a_key_without_bytes_is_a_key_error(tmp_path: Path, key: str) -> None:
    with pytest.raises(KeyError):
        await MediaFolder(tmp_path).get(key)


async def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("in the way")
    with pytest.raises(OSError, match="media"):
        await MediaFolder(tmp_path / "media").put(b"pizza")
    assert [f.name for f in tmp_path.iterdir()] == ["media"]


def test_contacts_are_not_part_of_the_state() -> None:
    state = orjson.loads(dump_state(_talking()))
    assert not {"contact", "id", "line", "version"} & state.keys()
