"""The harness that flows are tested with: it must fail where the talk is not as the test says."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from engine.core.content import (
    Button,
    Buttons,
    CallToAction,
    ContactCard,
    Contacts,
    List,
    Location,
    LocationRequest,
    Media,
    Outbound,
    Reaction,
    ReadMark,
    Row,
    Section,
    Template,
    Text,
)
from engine.core.ids import ExternalId
from engine.flow.chat import Chat
from engine.flow.compile import CompiledFlow
from engine.flow.fields import Flow
from engine.flow.steps import ask, choose, handoff, say, step
from engine.flow.talk import Talk, TranscriptError, play
from engine.flow.talk.phone import Phone, Shown
from engine.flow.talk.transcript import Header, read_header
from engine.flow.targets import END, to
from parley import Image
from parley.testing import LINES, PHONE_LINE, check_transcript
from parley.testing import talk as talk_to

FLOWS = Path(__file__).parents[1] / "transcripts" / "flows"


class Door(Flow, start=True, expires="2h"):
    name: str = ask("Who is there?")
    sure = choose("{name}, really?", {"Yes": to.come, "No": to.name, "A photo": to.photo})
    photo: Image = ask("Show me.")

    @step
    async def look(self, chat: Chat) -> None:
        await chat.say(f"{len(await chat.bytes(self.photo))} bytes", now=True)
        await chat.say(f"at {chat.now():%H:%M}")

    come = say("Come in, {name}.", then=END)


DOOR = {"door": CompiledFlow(Door)}


def _load(names: tuple[str, ...]) -> Mapping[str, CompiledFlow]:
    return DOOR


async def _play(text: str) -> str:
    return await play(text, load=_load, lines=LINES)


@pytest.fixture
def talk() -> Talk:
    return Talk(DOOR, capabilities=PHONE_LINE)


# --- in Python -------------------------------------------------------------------------------------


async def test_the_flows_we_ship_answer_the_user(user: Talk) -> None:
    await user.says("order")
    user.sees("Which pizza?")
    await user.taps("Margherita")
    await user.taps("Large")
    await user.says("two hundred")
    user.sees("A number from 1 to 20")


async def test_what_was_not_said_fails_with_what_was(talk: Talk) -> None:
    await talk.says("hi")
    with pytest.raises(AssertionError, match=r"'Come in' was not said.*\n< Who is there"):
        talk.sees("Come in")


async def test_a_reply_where_none_is_expected_fails_with_it(talk: Talk) -> None:
    talk.sees_nothing()
    await talk.says("hi")
    with pytest.raises(AssertionError, match=r"no reply was expected.*\n< Who is there"):
        talk.sees_nothing()


async def test_only_the_last_line_is_seen(talk: Talk) -> None:
    await talk.says("hi")
    await talk.says("Eve")
    with pytest.raises(AssertionError):
        talk.sees("Who is there?")


async def test_a_tap_without_options_fails(talk: Talk) -> None:
    await talk.says("hi")
    with pytest.raises(AssertionError, match="there is nothing to tap"):
        await talk.taps("Yes")


async def test_a_tap_on_no_option_names_those_there_are(talk: Talk) -> None:
    await talk.says("hi")
    await talk.says("Eve")
    with pytest.raises(AssertionError, match="no option 'Perhaps' to tap; there are: 'Yes', 'No'"):
        await talk.taps("Perhaps")


async def test_older_options_are_tapped_only_on_request(talk: Talk) -> None:
    await talk.says("hi")
    await talk.says("Eve")
    with pytest.raises(AssertionError, match="there are: none"):
        await talk.taps("Yes", older=True)
    await talk.taps("No")
    await talk.says("Adam")
    await talk.taps("Yes", older=True)
    talk.sees("Come in, Adam")


async def test_time_passes_and_timers_fire(talk: Talk) -> None:
    await talk.says("hi")
    began = talk.now
    await talk.waits("3h")
    assert (talk.now - began).total_seconds() == 3 * 3600
    assert talk.conversation.runs == ()
    assert [trace.signal for trace in talk.traces] == ["message_received", "timer_fired"]


async def test_a_code_step_reads_the_bytes_that_were_sent(talk: Talk) -> None:
    await talk.says("hi")
    await talk.says("Eve")
    await talk.taps("A photo")
    await talk.sends_file(Media(kind="image", external_id="photo-1"), b"12345")
    talk.sees("5 bytes")
    talk.sees("at 12:00")


async def test_agents_take_over_speak_and_give_back() -> None:
    class Desk(Flow, start=True):
        number: int = ask("A number?")
        help = handoff("One moment.", team="desk", then=to.done)
        done = say("{number}, thank you.", then=END)

    talk = Talk({"desk": CompiledFlow(Desk)}, capabilities=PHONE_LINE)
    await talk.says("hi")
    await talk.says("4")
    assert (talk.conversation.mode, talk.conversation.team) == ("waiting", "desk")
    await talk.agent_takes_over("Ben")
    await talk.agent_says("Five?", "Ben")
    talk.sees("Five?")
    await talk.agent_releases(answers={"number": 5}, agent="Ben")
    talk.sees("5, thank you")


# --- in plain text ---------------------------------------------------------------------------------

TALK = """
# A guest comes.
> hi
< Who is there?

> Eve
< Eve, really?
  [Yes] [No] [A photo]
# And is let in.
> [tap] Yes
< Come in, Eve.
""".lstrip()


async def test_a_transcript_that_is_right_comes_back_as_it_is() -> None:
    assert await _play(TALK) == TALK


async def test_what_the_bot_says_now_replaces_what_is_written() -> None:
    wrong = TALK.replace("Come in, Eve.", "Go away.").replace("  [Yes] [No] [A photo]\n", "")
    assert await _play(wrong) == TALK


async def test_silence_where_words_are_written_takes_them_away() -> None:
    assert (
        await _play("> hi\n< Who is there?\n@ +1s\n< Hello?\n") == "> hi\n< Who is there?\n@ +1s\n"
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        pytest.param("> [tap] Yes", "line 2: there is nothing to tap", id="nothing to tap"),
        pytest.param("> [shout] Yes", "the contact cannot send \\[shout\\]", id="unknown content"),
        pytest.param("> [?] Yes", "begins like \\[kind\\]", id="no kind"),
        pytest.param("> [image big] Yes", "only \\[tap ID\\]", id="second word"),
        pytest.param("> [location] here", "line 2: ", id="no place"),
        pytest.param("@ +soon", "'soon' is no length of time", id="no time"),
        pytest.param("= robot", "'= robot' is none of", id="unknown holder"),
        pytest.param("! explode", "'! explode' is none of", id="unknown command"),
        pytest.param("= bot with {1}", "line 2: ", id="no JSON"),
    ],
)
async def test_a_line_that_cannot_be_played_is_named(line: str, why: str) -> None:
    with pytest.raises(TranscriptError, match=why) as raised:
        await _play(f"> hi\n{line}\n")
    assert "< Who is there?" in str(raised.value)


def test_the_header_ends_where_the_talk_begins() -> None:
    text = "flows: a b\n# A comment.\nline: plain\n> hi\nstart: never\n"
    assert read_header(text) == Header(flows=("a", "b"), line="plain", start=None)
    assert read_header("start: order\n") == Header(start="order")


async def test_every_kind_of_content_can_be_sent() -> None:
    lines = [
        "> [video] a film",
        "> [audio]",
        "> [voice]",
        "> [document] a paper",
        "> [sticker]",
        "> [contacts] Ada 123",
        "> [order] sku-1",
        '> [form] {"name": "Eve"}',
        "> [interaction] call_permission_reply",
        "> [reaction]",
    ]
    played = await _play("> hi\n" + "\n".join(lines) + "\n")
    assert [line for line in played.splitlines() if line.startswith(">")] == ["> hi", *lines]


async def test_a_first_contact_without_words_is_welcomed() -> None:
    assert await _play("> [welcome]\n") == "> [welcome]\n< Who is there?\n"


async def test_a_line_break_is_written_as_such() -> None:
    played = await _play("> hi\n> Eve\\nand Adam\n")
    assert "< Eve\n  and Adam, really?\n" in played


# --- what the phone shows --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        pytest.param(Text(body="One\n\nTwo"), ["< One", "  .", "  Two"], id="text"),
        pytest.param(
            Buttons(body="Sure?", buttons=(Button(id="y", title="Yes"),), header="H", footer="F"),
            ["< Sure?", "  (header) H", "  (footer) F", "  [Yes]"],
            id="buttons",
        ),
        pytest.param(
            List(
                body="Which?",
                label="Choose",
                sections=(
                    Section(title="Red", rows=(Row(id="1", title="Tomato", description="ripe"),)),
                    Section(rows=(Row(id="2", title="Pear"),)),
                ),
            ),
            ["< Which?", "  {Choose}", "  Red:", "  - Tomato: ripe", "  - Pear"],
            id="list",
        ),
        pytest.param(
            CallToAction(body="Read on", title="Open", url="https://example.org/a"),
            ["< Read on", "  [Open] -> https://example.org/a"],
            id="cta_url",
        ),
        pytest.param(
            LocationRequest(body="Where?"), ["< Where?", "  [Send location]"], id="request"
        ),
        pytest.param(Media(kind="image", caption="A door"), ["< [image] A door"], id="image"),
        pytest.param(Media(kind="document", filename="a.pdf"), ["< [document] a.pdf"], id="file"),
        pytest.param(
            Location(latitude=38.72, longitude=-9.14, name="Old town"),
            ["< [location] 38.72,-9.14 Old town"],
            id="location",
        ),
        pytest.param(
            Contacts(cards=(ContactCard(name="Ada"), ContactCard(name="Ben"))),
            ["< [contacts] Ada, Ben"],
            id="contacts",
        ),
        pytest.param(Reaction(to=ExternalId("in-1"), emoji="👍"), ["< [reaction] 👍"], id="react"),
        pytest.param(
            Template(name="ready", language="en", body=("7",)),
            ["< [template] ready (en): 7"],
            id="template",
        ),
    ],
)
def test_every_kind_of_message_is_written_in_one_way(content: Outbound, lines: list[str]) -> None:
    assert Shown(ExternalId("out-1"), content, "flow").lines() == lines


def test_a_message_says_who_wrote_it_and_whether_it_was_held() -> None:
    shown = Shown(ExternalId("out-1"), Text(body="Hello"), "agent", "held")
    assert shown.lines() == ["< (agent) (held) Hello"]


def test_a_phone_shows_no_read_marks_and_taps_nothing_that_was_held() -> None:
    phone = Phone()
    phone.show(Shown(ExternalId("out-1"), ReadMark(message=ExternalId("in-1")), "engine"))
    assert phone.messages == []
    buttons = Buttons(body="Sure?", buttons=(Button(id="y", title="Yes"),))
    phone.show(Shown(ExternalId("out-2"), buttons, "flow", "held"))
    with pytest.raises(AssertionError, match="nothing to tap"):
        phone.tap("Yes")


# --- what authors call -----------------------------------------------------------------------------

WAIT_FLOW = """
from parley import Flow, say

class Wait(Flow, start=True):
    wait = say("Wait.")
"""


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    (tmp_path / "wait.py").write_text(WAIT_FLOW)
    path = tmp_path / "wait.txt"
    path.write_text("> hi\n< Go.\n")
    return path


async def test_a_wrong_transcript_fails_with_the_difference(transcript: Path) -> None:
    with pytest.raises(AssertionError) as raised:
        await check_transcript(transcript)
    assert str(raised.value).splitlines()[-3:] == [" > hi", "-< Go.", "+< Wait."]


async def test_a_transcript_is_rewritten_on_request(
    transcript: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_WRITE_TRANSCRIPTS", "1")
    await check_transcript(transcript)
    monkeypatch.delenv("PARLEY_WRITE_TRANSCRIPTS")
    assert transcript.read_text() == "> hi\n< Wait.\n"
    await check_transcript(transcript)


async def test_what_a_flow_file_keeps_in_memory_never_outlives_a_talk() -> None:
    # rules/12-once.txt counts the shop's orders from one; a second play counts from one again.
    once = FLOWS.parent / "rules" / "12-once.txt"
    await check_transcript(once)
    await check_transcript(once)


async def test_a_talk_may_have_teams_with_hours(tmp_path: Path) -> None:
    flow = """
        from parley import Flow, handoff

        class Bar(Flow, start=True):
            bar = handoff("One moment.", team="bar", outside="Back {opens}.")
    """
    (tmp_path / "bar.py").write_text(dedent(flow))
    user = talk_to(tmp_path, zone="UTC", teams={"bar": ["mon 15:00-18:00"]})
    await user.says("hi")
    user.sees("Back today at 3:00 PM.")
    await user.agent_takes_over()
    await user.agent_assigns("Cleo")
    await user.agent_says("Too late.")
    user.sees_nothing()
    await user.agent_closes("nobody there", agent="Cleo")
    modes = [user.conversation.mode]
    await user.business_says("Hello?")
    assert [*modes, user.conversation.mode] == ["closed", "agent"]
