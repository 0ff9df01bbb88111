"""Handing a chat back to its flow: the corrected answers checked, shown before and after, then the release itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from engine.core.conversation import Conversation, Run
from engine.core.script import Scene
from engine.core.signals import AgentReleased
from engine.core.value import Json
from engine.flow.anew import corrected_before_code
from engine.flow.compile import CompiledFlow
from engine.flow.corrections import Corrected, read_correction
from engine.flow.targets import parse_target
from web.inbox import pages
from web.inbox.forms import read_form
from web.inbox.side.chat_acts import Done, Login, perform
from web.inbox.side.side import Said, answer_side, chat_href, may_release, read_side, scene
from web.inbox.side.standing import END_RUN, Standing, standing, today, ways_on
from web.inbox.table import Asked
from web.inbox.texts import ENGLISH
from web.keys import FLOWS

FIELD = "answer."
"""How the fields of answers are called: `answer.quantity`; what is typed beside a choice `typed.quantity`."""
TYPED = "typed."

GONE = ""
"""A target that is none, or none any more: nothing is handed back."""

END = "END"
"""The target that ends a run."""


class HandBack(Done):
    """Where to go on, and what run it is about."""

    go: str = END_RUN
    seen: Login = ""
    run: int = 0
    """The run that the agent saw; an answer of another one is not meant."""


@dataclass(frozen=True, slots=True)
class Change:
    """One corrected answer."""

    name: str
    title: str
    before: str
    after: str
    typed: str
    """What the form brings again."""


@dataclass(frozen=True, slots=True)
class Review:
    """What a hand back comes to."""

    go: str
    step: str
    """The name of the step, empty at the end of the talk."""
    says: str
    """What the contact sees there, as far as that is known."""
    is_anew: bool
    """Whether code works with the corrected answers first: what is said next may be another thing."""
    changes: tuple[Change, ...]
    answers: Mapping[str, Json]
    shown: Mapping[str, str]
    typed: Mapping[str, str]
    problems: Mapping[str, str]
    """By field; with any of them nothing is handed back."""


async def review(asked: Asked) -> web.StreamResponse:
    """Show what a hand back comes to, to be confirmed; or which correction the flow does not take, and why."""
    form = read_form(asked, HandBack)
    refused = _refused(asked, form)
    if refused is not None:
        return _in_place(await answer_side(asked, refused))
    found = read_review(asked, form)
    if found.problems:
        return _in_place(await _show_problems(asked, found))
    if found.go == GONE:
        return _in_place(await answer_side(asked, Said(ENGLISH["act_past"], ok=False)))
    return pages.render(
        asked,
        "handback.html",
        review=found,
        href=chat_href(asked.chat),
        act=form.act,
        run=form.run,
        seen=form.seen,
    )


async def hand_back(asked: Asked) -> web.StreamResponse:
    """Give the chat back to the flows, with the corrected answers, at the step that was chosen."""
    form = read_form(asked, HandBack)
    refused = _refused(asked, form)
    if refused is not None:
        return await answer_side(asked, refused)
    found = read_review(asked, form)
    if found.problems:
        return await _show_problems(asked, found)
    if found.go == GONE:
        return await answer_side(asked, Said(ENGLISH["act_past"], ok=False))
    ends = found.go == END_RUN
    signal = AgentReleased(
        agent=asked.agent.login,
        answers=dict(found.answers),
        shown=dict(found.shown),
        resume=END if ends else found.go,
        seen=form.seen or None,
    )
    done = Said(ENGLISH["done_end" if ends else "done_release"])
    return await answer_side(asked, await perform(asked, form.act, signal, "chat_released", done))


def read_review(asked: Asked, form: HandBack) -> Review:
    """Return what the form's corrections and its step come to; a field that is left as it was is none."""
    flows, now = asked.app[FLOWS].by_name, scene(asked, asked.chat)
    stands = standing(asked.chat, flows, now)
    run = asked.chat.runs[-1] if asked.chat.runs else None
    flow, run = (None, None) if run is None else today(run, flows)
    if stands is None or flow is None or run is None:
        return Review(END_RUN, "", "", False, (), {}, {}, {}, {})
    typed = _typed(asked, stands)
    read = {name: read_correction(flow, run, name, text, now) for name, text in typed.items()}
    right = {name: one for name, one in read.items() if isinstance(one, Corrected)}
    corrected = run.model_copy(
        update={
            "answers": {**run.answers, **{name: one.value for name, one in right.items()}},
            "shown": {
                **{name: words for name, words in run.shown.items() if name not in right},
                **{name: one.shown for name, one in right.items() if one.shown is not None},
            },
        }
    )
    go, step, says = _goes_on(asked.chat, flow, corrected, now, form.go)
    return Review(
        go=go,
        step=step,
        says=says,
        is_anew=_is_anew(flow, list(right), go),
        changes=tuple(
            Change(
                one.name,
                one.title,
                one.shown,
                right[one.name].shown or flow.voice(now).show(now, one.name, right[one.name].value),
                typed[one.name],
            )
            for one in stands.answers
            if one.name in right
        ),
        answers={name: one.value for name, one in right.items()},
        shown={name: one.shown for name, one in right.items() if one.shown is not None},
        typed=typed,
        problems={
            name: one or ENGLISH["act_refused"]
            for name, one in read.items()
            if isinstance(one, str)
        },
    )


def _refused(asked: Asked, form: HandBack) -> Said | None:
    chat = asked.chat
    if not may_release(asked.agent, chat):
        known = "act_not_held" if chat.mode == "agent" else "act_waits"
        return Said(ENGLISH[known], ok=False)
    top = chat.runs[-1].id if chat.runs else 0
    return None if form.run == top else Said(ENGLISH["act_past"], ok=False)


def _goes_on(
    chat: Conversation, flow: CompiledFlow, run: Run, now: Scene, go: str
) -> tuple[str, str, str]:
    """Return the target that was chosen, its step in words, and what is said there."""
    for way in ways_on(chat, flow, run, now):
        if way.target == go:
            return go, way.step, way.says
    return (END_RUN if go == END_RUN else GONE), "", ""


def _is_anew(flow: CompiledFlow, corrected: list[str], go: str) -> bool:
    goal = flow.steps.get(parse_target(go).step or "")
    return goal is not None and corrected_before_code(flow.steps, corrected, goal) is not None


def _typed(asked: Asked, stands: Standing) -> dict[str, str]:
    """Return what the form brings for answers, by field, where that is another answer than there was."""
    found: dict[str, str] = {}
    for one in stands.answers:
        given = asked.form.get(TYPED + one.name, "").strip() or asked.form.get(FIELD + one.name)
        if one.text is None or given is None or given.strip() in (one.text, one.shown):
            continue
        # A browser writes a date and a time with a T between; people, and so the flow's types, do not.
        found[one.name] = (
            given.strip().replace("T", " ") if one.widget == "moment" else given.strip()
        )
    return found


async def _show_problems(asked: Asked, found: Review) -> web.StreamResponse:
    side = await read_side(asked, asked.chat, typed=found.typed, problems=found.problems)
    return pages.render(asked, "side.html", side=side)


def _in_place(answer: web.StreamResponse) -> web.StreamResponse:
    """Put an answer into the region, though the dialog asked for it."""
    answer.headers.update({"HX-Retarget": "#side", "HX-Reswap": "innerHTML"})
    return answer
