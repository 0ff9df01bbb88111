"""Rule 11: how a code step is run, and what goes back when it returned, raised or took too long."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from engine.core.content import Text
from engine.core.value import Json
from engine.flow.chat import Unsure
from engine.flow.code import FlowSteps
from engine.flow.compile import CompiledFlow
from engine.ports.desk import CodeSteps
from parley import END, Chat, Flow, OpenUrl, Option, To, ask, say, step, to
from tests.flow.desk import Desk, busy


class Failing:
    """Raises as often as it is told to."""

    def __init__(self, times: int, error: Exception) -> None:
        self.left = times
        self.error = error
        self.tries = 0

    def __call__(self) -> None:
        self.tries += 1
        if self.left:
            self.left -= 1
            raise self.error


class Work(Flow):
    name: str = ask("Name?")
    count: int | None = None
    listed: str = ask("Which?", options=lambda flow: offered(flow))

    @step
    async def fill(self, chat: Chat) -> To:
        await chat.say(f"Hello {self.name}")
        self.count = 3
        return to.done

    @step
    async def nothing(self, chat: Chat) -> None:
        self.name = "Ana"

    @step(on_error=to.sorry)
    async def fails(self, chat: Chat) -> To:
        await chat.say("Never said")
        self.count = 9
        failing()
        return to.done

    @step
    async def fails_to_a_person(self, chat: Chat) -> To:
        failing()
        return END

    @step
    async def reads_too_early(self, chat: Chat) -> To:
        return to.done if self.listed else END

    @step(timeout=timedelta(milliseconds=20), on_error=to.sorry)
    async def hangs(self, chat: Chat) -> To:
        await asyncio.Event().wait()
        return END

    @step(exits=[])
    async def lost(self, chat: Chat) -> Any:
        return target

    @step
    async def says_half(self, chat: Chat) -> None:
        await chat.say(cast(Any, OpenUrl.model_validate({"title": "Look"})))

    @step
    async def assigns_wrong(self, chat: Chat) -> None:
        self.count = cast(int, "many")

    done = say("Done.")
    sorry = say("Sorry.")


async def offered(flow: Work) -> list[Option]:
    return [Option(flow.name)]


def line_of(code: str) -> int:
    """Return the first line of this file that holds the code."""
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if code in line)


failing = Failing(0, OSError("the network is down"))
target: object = None
WORK = {"work": CompiledFlow(Work)}


async def perform(
    step: str, answers: dict[str, Json] | None = None, desk: Desk | None = None
) -> Any:
    steps: CodeSteps = FlowSteps(WORK, pauses_s=(0, 0))
    conversation = busy("work", step, answers)
    assert conversation.busy is not None
    returned = await steps.perform(conversation, conversation.busy.visit, desk or Desk())
    assert (returned.run, returned.visit) == (3, 7)
    return returned


async def test_a_step_brings_back_its_exit_what_it_assigned_and_what_it_said() -> None:
    returned = await perform("fill", {"name": "Ana"})
    assert returned.exit == "done"
    assert returned.answers == {"count": 3}
    assert returned.said == (Text(body="Hello Ana"),)
    assert returned.error is None


async def test_a_step_that_returns_nothing_falls_on_and_assigned_nothing_new() -> None:
    returned = await perform("nothing", {"name": "Ana"})
    assert (returned.exit, returned.answers) == (None, {})


async def test_a_step_that_raises_is_tried_again_on_a_fresh_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    twice = Failing(2, OSError("down"))
    monkeypatch.setattr(f"{__name__}.failing", twice)
    returned = await perform("fails", {"name": "Ana"})
    assert twice.tries == 3
    assert (returned.exit, returned.error) == ("done", None)
    assert returned.said == (Text(body="Never said"),)


async def test_a_step_that_keeps_raising_takes_on_error_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    always = Failing(99, OSError("the network is down"))
    monkeypatch.setattr(f"{__name__}.failing", always)
    returned = await perform("fails", {"name": "Ana"})
    assert always.tries == 3
    assert (returned.exit, returned.error) == (
        "sorry",
        f"OSError: the network is down (at test_code.py:{line_of('raise self.error')})",
    )
    assert (returned.answers, returned.said) == ({}, ())


async def test_without_on_error_the_error_alone_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.failing", Failing(99, ValueError("no")))
    returned = await perform("fails_to_a_person")
    assert returned.exit is None
    assert returned.error == f"ValueError: no (at test_code.py:{line_of('raise self.error')})"


async def test_no_attempt_begins_after_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    always = Failing(99, OSError("down"))
    monkeypatch.setattr(f"{__name__}.failing", always)
    conversation = busy("work", "fails")
    assert conversation.busy is not None
    steps = FlowSteps(WORK, pauses_s=(0, 11))
    await steps.perform(conversation, conversation.busy.visit, Desk())
    assert always.tries == 2


async def test_a_flow_that_breaks_its_own_rules_is_not_tried_again() -> None:
    returned = await perform("reads_too_early")
    here = line_of("return to.done if self.listed")
    said = "Unanswered: work.listed has no answer yet"
    assert returned.error == f"{said} (at test_code.py:{here})"
    assert returned.exit is None


async def test_an_unsure_call_goes_to_a_person_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    unsure = Failing(99, Unsure("begun"))
    monkeypatch.setattr(f"{__name__}.failing", unsure)
    returned = await perform("fails")
    assert unsure.tries == 1
    assert returned.exit is None
    assert returned.error == f"Unsure: begun (at test_code.py:{line_of('raise self.error')})"


async def test_a_step_that_hangs_ends_at_its_timeout() -> None:
    returned = await perform("hangs")
    assert (returned.exit, returned.error) == ("sorry", "no end within 0:00:00.020000")


async def test_cancelling_is_passed_on() -> None:
    task = asyncio.ensure_future(perform("hangs"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    ("returned", "error"),
    [
        pytest.param("done", "work.lost returned 'done'; return to.x, END or nothing", id="text"),
        pytest.param(
            to.nowhere, "work.lost returned to.nowhere, which is no step of this flow", id="unknown"
        ),
    ],
)
async def test_an_exit_that_leads_nowhere_is_told(
    returned: object, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.target", returned)
    # None of the step's lines raised it: the step itself is where to look.
    here = line_of("@step(exits=[])")
    assert (await perform("lost")).error == f"FlowError: {error} (at test_code.py:{here})"


async def test_a_call_to_another_flow_is_an_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.target", to["order"].then(to.done))
    assert (await perform("lost")).exit == "@order>done"


async def test_a_step_that_is_gone_is_told() -> None:
    assert (await perform("deleted")).error == "work.deleted is gone"


async def test_async_options_are_listed_as_a_code_step_runs() -> None:
    class Lists(Flow):
        name: str = ask("Name?")
        it: str = ask("Which?", options=offered)

    conversation = busy("lists", "it", {"name": "Ana"})
    assert conversation.busy is not None
    steps = FlowSteps({"lists": CompiledFlow(Lists)})
    returned = await steps.perform(conversation, conversation.busy.visit, Desk())
    assert returned.answers == {
        "?options": [{"value": "Ana", "title": "Ana", "description": None, "says": []}]
    }


async def test_content_that_lacks_a_key_is_told_by_its_kind() -> None:
    returned = await perform("says_half")
    assert returned.error is not None
    assert returned.error.startswith("ValidationError: OpenUrl: id: Field required")


async def test_a_value_that_a_field_refuses_is_not_quoted() -> None:
    returned = await perform("assigns_wrong")
    assert returned.error is not None
    assert ": count: Input should be a valid integer" in returned.error
    assert "many" not in returned.error
