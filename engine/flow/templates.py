"""Approved templates as authors name them: said outright, or what goes out in a message's place when it is closed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from engine.core.content import ButtonValue, Location, Media
from engine.core.content import Template as Approved
from engine.core.errors import DefinitionError
from engine.flow.catalogue import Translate
from engine.flow.text import Template as Text
from engine.flow.text import parse_text, show


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """A template with what fills its places, as it is written in a flow."""

    name: str
    values: tuple[object, ...] = ()
    """Texts with placeholders, or plain values that are shown by locale."""
    names: tuple[str, ...] = ()
    """What the places are called; empty where they are counted."""
    language: str | None = None
    header: object = None
    """Its variable, its file or its place."""
    buttons: tuple[ButtonValue, ...] = ()


Plan = Literal["hold", "fail"] | TemplateUse | Approved
"""What becomes of a message that meets a closed window, as authors write it."""


def template(
    name: str,
    /,
    *values: object,
    language: str | None = None,
    header: str | Media | Location | None = None,
    buttons: Sequence[ButtonValue] = (),
    **named: object,
) -> TemplateUse:
    """Name an approved template, to be said or as what goes out in a message's place: `closed=template("ready")`.

    Args:
        name: As the provider knows it.
        values: What fills the body's places, in order; in the body of a flow `"{number}"` is filled in like any text.
        language: The provider's code of its language, such as `en_US`; None is what the contact is spoken to in.
        header: The header's variable, its file or its place.
        buttons: What fills its buttons.
        named: The same as `values`, by name, in the order of the places.

    Raises:
        DefinitionError: The name is empty, or some values have names and others none.
    """
    if not isinstance(name, str) or not name.strip():
        raise DefinitionError(f'template({name!r}) names none; write template("order_ready")')
    if values and named:
        raise DefinitionError(
            f"template({name!r}): some variables have a name and some have none; write all by name, or none"
        )
    given = values or tuple(named.values())
    return TemplateUse(name, given, tuple(named), language, header, tuple(buttons))


def wrong_plan(plan: object) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with what stands for `closed=`, and what to write instead."""
    if (
        plan is not None
        and plan not in ("hold", "fail")
        and not isinstance(plan, TemplateUse | Approved)
    ):
        todo = 'write closed="hold", closed="fail" or closed=template("order_ready")'
        yield f"closed={plan!r} is no plan for a closed window", todo


def compile_plan(plan: Plan | None, translate: Translate) -> Plan | None:
    """Return a plan with its texts taken apart, in the language that `translate` makes them of."""
    return compile_use(plan, translate) if isinstance(plan, TemplateUse) else plan


def compile_use(used: TemplateUse, translate: Translate) -> TemplateUse:
    """Return a template with its texts taken apart, in the language that `translate` makes them of."""
    header = used.header
    return replace(
        used,
        values=tuple(_taken_apart(value, translate) for value in used.values),
        header=_taken_apart(header, translate) if isinstance(header, str) else header,
    )


def filled(
    used: TemplateUse,
    *,
    fill: Callable[[Text], str],
    say: Callable[[object], str | None],
    language: str,
) -> Approved:
    """Return the template with its places filled.

    Args:
        used: As it was written; texts that were not taken apart are said as they are.
        fill: Fills the placeholders of a text.
        say: Says a plain value in the contact's words; None where it has no form of its own.
        language: What the contact is spoken to in.
    """

    def word(value: object) -> str:
        match value:
            case Text():
                words = fill(value)
            case str() | None:
                words = value or ""
            case _:
                words = say(value) or show_plain(value)
        return folded(words)

    header = used.header
    return Approved(
        name=used.name,
        language=used.language or language,
        body=tuple(map(word, used.values)),
        names=used.names,
        header=word(header) if isinstance(header, str | Text) else _file(header),
        buttons=used.buttons,
    )


def folded(words: str) -> str:
    """Return what fills a place: no provider takes line breaks or several spaces in a row there."""
    return " ".join(words.split())


def show_plain(value: object) -> str:
    """Return a plain value in words."""
    return show(value) if isinstance(value, bool | int | float) else str(value)


def _taken_apart(value: object, translate: Translate) -> object:
    return parse_text(translate(value)) if isinstance(value, str) else value


def _file(header: object) -> Media | Location | None:
    return header if isinstance(header, Media | Location) else None
